package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import gannet.kernel.Comparison;
import jdk.incubator.vector.FloatVector;

/// `y[i] = (l[i] c r[i]) ? a[i] : b[i]`
final class SelectLoop {
    private SelectLoop() {}

    static void run(Comparison c, float[] l, int lAt, float[] r, int rAt, float[] a, int aAt, float[] b, int bAt, float[] y, int yAt,
            int n) {
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES)
            BinaryLanes.select(c, FloatVector.fromArray(SPECIES, l, lAt + i), FloatVector.fromArray(SPECIES, r, rAt + i),
                    FloatVector.fromArray(SPECIES, a, aAt + i), FloatVector.fromArray(SPECIES, b, bAt + i)).intoArray(y, yAt + i);
        if (whole == n) return;
        var rest = Width.first(n - whole);
        BinaryLanes.select(c, FloatVector.fromArray(SPECIES, l, lAt + whole, rest), FloatVector.fromArray(SPECIES, r, rAt + whole, rest),
                FloatVector.fromArray(SPECIES, a, aAt + whole, rest), FloatVector.fromArray(SPECIES, b, bAt + whole, rest)).intoArray(y,
                yAt + whole, rest);
    }
}
