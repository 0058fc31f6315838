package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;

/// `y = act((x − k₀) · k₁ + k₂)` for `n` floats in rows of `width`, a multiple of the vector's, with `k[3,width]`; see [Template]. Row by row, as memory
/// lies: column by column, with the coefficients in registers, is slower, since the two lines that a vector of y lies across are then written far apart.
final class BatchNormLoop implements BatchNormLoops.Forward {
    private static final UnaryLanes ACTIVATION = Template.function(MethodHandles.lookup(), UnaryLanes.class);

    @Override public void run(float[] x, int xAt, int n, int width, float[] k, float[] y, int yAt, float p) {
        int rest = n % width, whole = n - rest;
        for (int row = 0; row < whole; row += width) row(x, xAt + row, width, width, k, y, yAt + row, p);
        if (rest == 0) return;
        int vectors = SPECIES.loopBound(rest);
        row(x, xAt + whole, vectors, width, k, y, yAt + whole, p);
        if (vectors < rest) last(x, xAt + whole + vectors, rest - vectors, vectors, width, k, y, yAt + whole + vectors, p);
    }

    private static void row(float[] x, int xAt, int n, int width, float[] k, float[] y, int yAt, float p) {
        for (int j = 0; j < n; j += LANES) {
            FloatVector apart = FloatVector.fromArray(SPECIES, x, xAt + j).sub(FloatVector.fromArray(SPECIES, k, j));
            FloatVector normal = apart.fma(FloatVector.fromArray(SPECIES, k, width + j), FloatVector.fromArray(SPECIES, k, 2 * width + j));
            ACTIVATION.of(normal, all(p), all(p)).intoArray(y, yAt + j);
        }
    }

    private static void last(float[] x, int xAt, int n, int j, int width, float[] k, float[] y, int yAt, float p) {
        var rest = Width.first(n);
        FloatVector apart = FloatVector.fromArray(SPECIES, x, xAt, rest).sub(FloatVector.fromArray(SPECIES, k, j));
        FloatVector normal = apart.fma(FloatVector.fromArray(SPECIES, k, width + j), FloatVector.fromArray(SPECIES, k, 2 * width + j));
        ACTIVATION.of(normal, all(p), all(p)).intoArray(y, yAt, rest);
    }

    /// Inside the loop: the JIT hoists it, whereas a vector made before the loop is boxed at every call.
    private static FloatVector all(float constant) {
        return FloatVector.broadcast(SPECIES, constant);
    }
}
