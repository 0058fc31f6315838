package gannet.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.function.IntFunction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// What this machine can do at most, measured in the process and the seconds in which a benchmark runs: clocks move by a third, and on shared
/// machines memory by more.
///
/// The peak is a loop of ten independent chains of vector FMAs, enough to hide an FMA's latency of four or five cycles on two ports; the bandwidth is the
/// triad `a[i] = b[i] + s · c[i]` over three arrays of 64 MiB, beyond any cache. Both take the best of several passes, all threads at once.
final class Machine {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = 10, FMAS = 20_000, PEAK_PASSES = 2_000;
    private static final int TRIAD = 1 << 24, TRIAD_PASSES = 6;
    /// `b` and `c` read, and `a` both read, as its cache lines come in before they are written, and written.
    private static final int TRIAD_BYTES = 4 * Float.BYTES;

    private Machine() {}

    /// Floating-point operations a second of `threads` threads, two to an FMA.
    static double peak(int threads) {
        return best(threads, PEAK_PASSES, 2.0 * CHAINS * SPECIES.length() * FMAS, _ -> {
            float[] out = new float[SPECIES.length()];
            return () -> chains(out);
        });
    }

    /// The arrays of the triad, so that the bandwidth can be measured again and again.
    static final class Memory {
        private final float[][] a, b, c;

        Memory(int threads) {
            a = new float[threads][TRIAD / threads];
            b = new float[threads][TRIAD / threads];
            c = new float[threads][TRIAD / threads];
        }

        /// Bytes a second between memory and all threads, counted as [Traffic] has it.
        double bandwidth() {
            return best(a.length, TRIAD_PASSES, (double) TRIAD_BYTES * a[0].length, t -> () -> triad(a[t], b[t], c[t], 3));
        }
    }

    /// `work` a second, for every thread, in the best of the passes that all threads start together.
    private static double best(int threads, int passes, double work, IntFunction<Runnable> loop) {
        long[][] nanos = new long[threads][passes];
        var start = new CyclicBarrier(threads);
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int thread = t;
            all.add(Thread.ofPlatform().start(() -> time(loop.apply(thread), start, nanos[thread])));
        }
        try {
            for (Thread each : all) each.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        double fastest = Double.POSITIVE_INFINITY;
        for (int pass = 0; pass < passes; pass++) {
            long slowest = 0;
            for (long[] each : nanos) slowest = Math.max(slowest, each[pass]);
            fastest = Math.min(fastest, slowest);
        }
        return threads * work / (fastest / 1e9);
    }

    private static void time(Runnable loop, CyclicBarrier start, long[] nanos) {
        for (int pass = 0; pass < nanos.length; pass++) {
            try {
                start.await();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            long at = System.nanoTime();
            loop.run();
            nanos[pass] = System.nanoTime() - at;
        }
    }

    private static void chains(float[] out) {
        FloatVector x = FloatVector.broadcast(SPECIES, 0.999f), y = FloatVector.broadcast(SPECIES, 0.001f);
        FloatVector a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y;
        for (int k = 0; k < FMAS; k++) {
            a = a.fma(x, y);
            b = b.fma(x, y);
            c = c.fma(x, y);
            d = d.fma(x, y);
            e = e.fma(x, y);
            f = f.fma(x, y);
            g = g.fma(x, y);
            h = h.fma(x, y);
            i = i.fma(x, y);
            j = j.fma(x, y);
        }
        a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).intoArray(out, 0);
    }

    private static void triad(float[] a, float[] b, float[] c, float s) {
        for (int i = 0; i < a.length; i++) a[i] = b[i] + s * c[i];
    }
}
