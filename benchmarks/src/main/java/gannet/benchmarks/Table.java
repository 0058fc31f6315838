package gannet.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Runs benchmarks with JMH's own options and prints a Markdown table a class, for people and for `benchmarks/README.md`: the time of a call, its rate, the share
/// of the peak that was measured in the same process, and the bytes that it left on the heap. JMH's own report goes to standard error.
///
/// `java --add-modules jdk.incubator.vector -cp benchmarks/target/benchmarks.jar gannet.benchmarks.Table Matmul -p backEnd=simd`
public final class Table {
    private static final List<String> SHOWN_ELSEWHERE = List.of("threads");

    private Table() {}

    /// The arguments are those of JMH's main class; see its `-h`.
    public static void main(String[] arguments) throws Exception {
        var given = new CommandLineOptions(arguments);
        var options = new OptionsBuilder().parent(given).addProfiler(GCProfiler.class).build();
        int threads = given.getParameter("threads").hasValue() ? Integer.parseInt(given.getParameter("threads").get().iterator().next()) : 1;
        System.out.printf(Locale.ROOT, "Java %s, threads: %s of %d; FMA peak %.1f GFLOP/s, memory %.1f GB/s%n", Runtime.version(), threads,
                Runtime.getRuntime().availableProcessors(), Machine.peak(threads) / 1e9, new Machine.Memory(threads).bandwidth() / 1e9);
        print(new Runner(options, OutputFormatFactory.createFormatInstance(System.err, VerboseMode.NORMAL)).run());
    }

    private static void print(Collection<RunResult> results) {
        Map<String, List<RunResult>> families = new TreeMap<>();
        for (RunResult each : results) families.computeIfAbsent(family(each.getParams()), _ -> new ArrayList<>()).add(each);
        families.forEach((family, runs) -> {
            System.out.printf("%n**%s**%n%n| case | µs | ± %% | rate | %% of peak | B a call |%n|---|---|---|---|---|---|%n", family);
            for (RunResult run : runs) System.out.println(line(run));
        });
    }

    private static String line(RunResult run) {
        double calls = run.getPrimaryResult().getScore(), error = run.getPrimaryResult().getScoreError();
        double flop = counter(run, "gflop"), bytes = counter(run, "gigabyte");
        return String.format(Locale.ROOT, "| %s | %.4g | %.0f | %s | %s | %.0f |", name(run.getParams()), 1e6 / calls,
                100 * error / calls,
                flop >= 0 ? String.format(Locale.ROOT, "%.1f GFLOP/s", flop) : bytes >= 0 ? String.format(Locale.ROOT, "%.1f GB/s", bytes) : "",
                counter(run, "percent") >= 0 ? String.format(Locale.ROOT, "%.0f", counter(run, "percent")) : "", counter(run, "gc.alloc.rate.norm"));
    }

    /// A secondary result, or −1.
    private static double counter(RunResult run, String name) {
        var all = run.getSecondaryResults();
        for (String key : all.keySet()) if (key.endsWith(name)) return all.get(key).getScore();
        return -1;
    }

    private static String family(BenchmarkParams p) {
        String[] path = p.getBenchmark().split("\\.");
        return path[path.length - 2];
    }

    private static String name(BenchmarkParams p) {
        String method = p.getBenchmark().substring(p.getBenchmark().lastIndexOf('.') + 1);
        return method + p.getParamsKeys().stream().filter(key -> !SHOWN_ELSEWHERE.contains(key)).map(p::getParam)
                .collect(Collectors.joining(" ", " ", ""));
    }
}
