package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Looks for an element that is beyond a limit or not a number.
final class Check {
    private Check() {}

    static boolean exceeds(float limit, float[] x, int at, int n) {
        int whole = SPECIES.loopBound(n);
        VectorMask<Float> within = SPECIES.maskAll(true);
        for (int i = 0; i < whole; i += LANES) within = within.and(FloatVector.fromArray(SPECIES, x, at + i).abs()
                .compare(VectorOperators.LE, limit));
        for (int i = whole; i < n; i++) if (!(Math.abs(x[at + i]) <= limit)) return true;
        return !within.allTrue();
    }
}
