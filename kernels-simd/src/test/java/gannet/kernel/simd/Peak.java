package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import jdk.incubator.vector.FloatVector;

/// The most that one core's FMA units can do, as a yardstick for the [MicroKernel]: twelve independent chains of
/// `x ← x · s + t` in registers. A fused multiply-add takes 4 or 5 cycles and two may start in each, so ten chains keep the units busy; with
/// s and t the loop needs 14 of AVX2's 16 registers, and touches no memory.
///
/// The figure is of this moment: it falls with the clock, and when something else runs on the core. So measure it in the seconds, and in the
/// thread, of what is compared with it.
final class Peak {
    private static final int CHAINS = 12, TURNS = 4_000;

    private Peak() {}

    /// Floating-point operations per nanosecond (GFLOP/s) of this core in one round of about 15 µs. The first
    /// rounds run uncompiled: take the best of many.
    static double round() {
        long start = System.nanoTime();
        float sum = chains(TURNS);
        long elapsed = System.nanoTime() - start;
        return sum == sum ? 2.0 * CHAINS * LANES * TURNS / elapsed : 0; // never NaN: but the sum is used
    }

    private static float chains(int turns) {
        FloatVector s = FloatVector.broadcast(SPECIES, 0.5f), t = FloatVector.broadcast(SPECIES, 1);
        FloatVector x0 = t, x1 = t, x2 = t, x3 = t, x4 = t, x5 = t, x6 = t, x7 = t, x8 = t, x9 = t, x10 = t, x11 = t;
        for (int i = 0; i < turns; i++) {
            x0 = x0.fma(s, t);
            x1 = x1.fma(s, t);
            x2 = x2.fma(s, t);
            x3 = x3.fma(s, t);
            x4 = x4.fma(s, t);
            x5 = x5.fma(s, t);
            x6 = x6.fma(s, t);
            x7 = x7.fma(s, t);
            x8 = x8.fma(s, t);
            x9 = x9.fma(s, t);
            x10 = x10.fma(s, t);
            x11 = x11.fma(s, t);
        }
        FloatVector sum = x0.add(x1).add(x2.add(x3)).add(x4.add(x5)).add(x6.add(x7).add(x8.add(x9)).add(x10.add(x11)));
        return sum.lane(0);
    }
}
