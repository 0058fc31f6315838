package gannet.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// Whether the JIT still makes good machine code of the micro-kernel: everything else rests on that.
///
/// Rounds of about 50 µs, of the kernel and of [Peak] in turn, so that a busy machine slows both; the best of each is compared. Seen on a Zen 4: 0.96 to
/// 0.99 of the peak with 512-bit, 256-bit and 128-bit vectors. A kernel that moves an address in and out of a vector register is at 0.87, one that spills accumulators at 0.42 to 0.51, in the
/// interpreter at 0.001.
class MicroKernelTest {
    private static final double BOUND = 0.7;
    private static final long LIMIT = 1_500_000_000L;
    private static final int DEPTH = 256, ROWS = 10 * MicroKernel.ROWS;

    private final float[] a = new float[ROWS * DEPTH], b = new float[DEPTH * MicroKernel.COLUMNS], c = new float[ROWS * MicroKernel.COLUMNS];
    private final int[] aRows = new int[ROWS], cRows = new int[ROWS];

    @Test void runsAtThePaceOfItsArithmetic() {
        for (int i = 0; i < ROWS; i++) {
            aRows[i] = i * DEPTH;
            cRows[i] = i * MicroKernel.COLUMNS;
        }
        double peak = 0, rate = 0;
        long start = System.nanoTime();
        for (int round = 0; round < 200 || rate < BOUND * peak && System.nanoTime() - start < LIMIT; round++) {
            peak = Math.max(peak, Peak.round());
            rate = Math.max(rate, round(round % 2 == 0));
        }
        assertTrue(rate >= BOUND * peak, "the micro-kernel runs at %.1f of %.1f GFLOP/s: see what the JIT makes of it (-XX:CompileCommand=print, -XX:+PrintInlining)".formatted(
                rate, peak));
    }

    private double round(boolean accumulate) {
        long start = System.nanoTime();
        for (int i = 0; i < ROWS; i += MicroKernel.ROWS)
            MicroKernel.tile(DEPTH, a, aRows, i, 0, b, 0, c, cRows, i, 0, accumulate);
        return 2.0 * ROWS * DEPTH * MicroKernel.COLUMNS / (System.nanoTime() - start);
    }
}
