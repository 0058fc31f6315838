package gannet.examples.bench;

import gannet.kernel.Kernels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A piece of work that other engines are measured at too, under the same name: see `peers/README.md`. `flop` counts two for a multiply-add
/// and is 0 for a training step, whose `images` are its batch; `setUp` makes a call on a back end, with all of its memory.
record Case(String name, double flop, int images, Function<Kernels, Call> setUp) {
    /// The batch of every case that has one.
    static final int BATCH = 64;

    /// Every case: those of the peers' programs, in their order, and what remedies cost ([CostCases]), which no other engine has.
    static List<Case> all() {
        List<Case> all = new ArrayList<>();
        all.addAll(KernelCases.products());
        all.addAll(KernelCases.convolutions());
        all.addAll(StepCases.all());
        all.addAll(CostCases.all());
        return all;
    }

    /// The line's fields, named and rounded as the peers' programs do; and of what has no peer, the bytes that it works in.
    Map<String, Object> line(int threads, Measurement m, long bytes) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("peer", "gannet");
        line.put("case", name);
        line.put("threads", threads);
        line.put("median_ms", rounded(m.medianMs(), 1e4));
        line.put("min_ms", rounded(m.minMs(), 1e4));
        line.put("reps", m.reps());
        line.put("cpu_ms", rounded(m.cpuMs(), 1e4));
        line.put("others", rounded(m.others(), 1e2));
        if (flop > 0) line.put("gflops", rounded(flop / m.medianMs() / 1e6, 1e2));
        if (images > 0) line.put("images_per_s", rounded(images / m.medianMs() * 1e3, 1e1));
        if (name.startsWith(CostCases.PREFIX)) line.put("workspace_mb", rounded(bytes / 1e6, 1e2));
        return line;
    }

    /// To a whole number of parts; NaN (not known) stays, and is written as null.
    private static double rounded(double value, double parts) {
        return Double.isNaN(value) ? value : Math.round(value * parts) / parts;
    }
}
