package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;

/// `y = act((x − k₀) · k₁ + k₂)` for the rows of a block, with `k[3,c]`; see [Template].
final class BatchNormLoop implements BatchNormLoops.Forward {
    private static final UnaryLanes ACTIVATION = Template.function(MethodHandles.lookup(), UnaryLanes.class);

    @Override public void run(float[] x, int xAt, int rows, int c, float[] k, float[] y, int yAt, float p) {
        int whole = SPECIES.loopBound(c);
        for (int j = 0; j < whole; j += LANES) {
            FloatVector mean = FloatVector.fromArray(SPECIES, k, j), scale = FloatVector.fromArray(SPECIES, k, c + j);
            FloatVector shift = FloatVector.fromArray(SPECIES, k, 2 * c + j);
            for (int r = 0; r < rows; r++) {
                int i = r * c + j;
                ACTIVATION.of(FloatVector.fromArray(SPECIES, x, xAt + i).sub(mean).fma(scale, shift), all(p), all(p)).intoArray(y, yAt + i);
            }
        }
        if (whole == c) return;
        var rest = Width.first(c - whole);
        FloatVector mean = FloatVector.fromArray(SPECIES, k, whole, rest), scale = FloatVector.fromArray(SPECIES, k, c + whole, rest);
        FloatVector shift = FloatVector.fromArray(SPECIES, k, 2 * c + whole, rest);
        for (int r = 0; r < rows; r++) {
            int i = r * c + whole;
            ACTIVATION.of(FloatVector.fromArray(SPECIES, x, xAt + i, rest).sub(mean).fma(scale, shift), all(p), all(p)).intoArray(y, yAt + i, rest);
        }
    }

    /// Inside the loop: the JIT hoists it, whereas a vector made before the loop is boxed at every call.
    private static FloatVector all(float constant) {
        return FloatVector.broadcast(SPECIES, constant);
    }
}
