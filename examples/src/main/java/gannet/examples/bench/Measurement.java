package gannet.examples.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/// How long a call takes, measured as the peers' programs do: `reps` single calls, at least 5 and at most 200, for about as many seconds as
/// asked. `cpuMs` is the CPU time of the whole process for a call, all threads together; `others` the number of cores that other processes
/// used meanwhile.
///
/// The peers warm up for `min(0.5 s, 20 · first call)` and one call more. Here that is the least. A JVM starts in the interpreter, and the
/// fast code of a training step comes method by method, so it goes on in rounds of at least [#ROUND] seconds until one is no faster than
/// the best before it and had next to no compilation, or [#PATIENCE] seconds are over: a measurement never waits for more than that and one
/// call.
record Measurement(double medianMs, double minMs, int reps, double cpuMs, double others) {
    private static final int LEAST = 5, MOST = 200;
    private static final double ROUND = 0.25, PATIENCE = 5;
    /// A round that is this much faster than those before it, or spends this share of its time in the compiler, shows that the code is
    /// still changing.
    private static final double GAIN = 0.02, COMPILING = 0.02;

    /// Warms up and measures.
    static Measurement of(Call call, double seconds) {
        warmUp(call);
        var process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        double[] times = new double[MOST];
        int reps = 0;
        double all = Machine.busySeconds();
        long cpu = process.getProcessCpuTime(), start = System.nanoTime();
        while (reps < LEAST || reps < MOST && since(start) < seconds) times[reps++] = timed(call) * 1e3;
        double wall = since(start), own = (process.getProcessCpuTime() - cpu) / 1e9, others = (Machine.busySeconds() - all - own) / wall;
        return of(Arrays.copyOf(times, reps), own, others);
    }

    /// The figures of single calls that took `times` milliseconds, and together `cpu` seconds of CPU time.
    static Measurement of(double[] times, double cpu, double others) {
        Arrays.sort(times);
        int reps = times.length;
        double median = (times[(reps - 1) / 2] + times[reps / 2]) / 2;
        return new Measurement(median, times[0], reps, cpu * 1e3 / reps, Double.isNaN(others) ? others : Math.max(0, others));
    }

    private static void warmUp(Call call) {
        long start = System.nanoTime();
        double least = Math.min(0.5, 20 * timed(call)), fastest = Double.POSITIVE_INFINITY;
        while (true) {
            long round = System.nanoTime(), compiled = compilationMillis();
            double best = Double.POSITIVE_INFINITY;
            do best = Math.min(best, timed(call));
            while (since(round) < ROUND && since(start) < PATIENCE);
            boolean compiling = compilationMillis() - compiled > COMPILING * since(round) * 1e3;
            boolean settled = best > (1 - GAIN) * fastest && !compiling;
            if (since(start) >= PATIENCE || settled && since(start) >= least) return;
            fastest = Math.min(fastest, best);
        }
    }

    private static double timed(Call call) {
        long start = System.nanoTime();
        call.run();
        return since(start);
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static long compilationMillis() {
        var compiler = ManagementFactory.getCompilationMXBean();
        return compiler != null && compiler.isCompilationTimeMonitoringSupported() ? compiler.getTotalCompilationTime() : 0;
    }
}
