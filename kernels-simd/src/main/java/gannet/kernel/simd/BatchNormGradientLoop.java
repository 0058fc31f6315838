package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Both passes of the gradient of batch norm over rows of whole vectors, with `g = act'(dy, y)` and `k[4,width]`, k₀ the mean; see [Template].
final class BatchNormGradientLoop implements BatchNormLoops.Gradient {
    private static final BinaryLanes GRADIENT = Template.function(MethodHandles.lookup(), BinaryLanes.class);

    @Override public void sums(float[] x, int xAt, float[] y, int yAt, float[] dy, int dyAt, int rows, int width, int rest, float[] k, float[] partial,
            int partialAt, float p) {
        Arrays.fill(partial, partialAt, partialAt + 2 * width, 0);
        int half = rows / 2 * width, end = rows * width;
        for (int r = 0; r < half; r += width) two(x, xAt + r, y, yAt + r, dy, dyAt + r, half, width, k, partial, partialAt, p);
        for (int r = 2 * half; r < end; r += width) one(x, xAt + r, y, yAt + r, dy, dyAt + r, width, k, partial, partialAt, p);
        for (int i = 0; i < rest; i += LANES)
            more(x, xAt + end + i, y, yAt + end + i, dy, dyAt + end + i, Math.min(LANES, rest - i), width, k, i, partial, partialAt + i, p);
    }

    /// Two rows, `apart` floats from each other, from left to right: six long streams from memory.
    private static void two(float[] x, int xAt, float[] y, int yAt, float[] dy, int dyAt, int apart, int width, float[] k, float[] partial, int partialAt, float p) {
        int products = partialAt + width;
        for (int j = 0; j < width; j += LANES) {
            FloatVector mean = FloatVector.fromArray(SPECIES, k, j), g = gradient(dy, dyAt + j, y, yAt + j, p);
            FloatVector h = gradient(dy, dyAt + apart + j, y, yAt + apart + j, p);
            FloatVector product = g.fma(FloatVector.fromArray(SPECIES, x, xAt + j).sub(mean), FloatVector.fromArray(SPECIES, partial, products + j));
            h.fma(FloatVector.fromArray(SPECIES, x, xAt + apart + j).sub(mean), product).intoArray(partial, products + j);
            FloatVector.fromArray(SPECIES, partial, partialAt + j).add(g.add(h)).intoArray(partial, partialAt + j);
        }
    }

    private static void one(float[] x, int xAt, float[] y, int yAt, float[] dy, int dyAt, int width, float[] k, float[] partial, int partialAt, float p) {
        int products = partialAt + width;
        for (int j = 0; j < width; j += LANES) {
            FloatVector g = gradient(dy, dyAt + j, y, yAt + j, p), apart = FloatVector.fromArray(SPECIES, x, xAt + j).sub(FloatVector.fromArray(SPECIES, k, j));
            FloatVector.fromArray(SPECIES, partial, partialAt + j).add(g).intoArray(partial, partialAt + j);
            g.fma(apart, FloatVector.fromArray(SPECIES, partial, products + j)).intoArray(partial, products + j);
        }
    }

    /// Adds the sums of `n` more columns, at most one vector of them.
    private static void more(float[] x, int xAt, float[] y, int yAt, float[] dy, int dyAt, int n, int width, float[] k, int kAt, float[] partial,
            int partialAt, float p) {
        VectorMask<Float> rest = Width.first(n);
        FloatVector g = GRADIENT.of(FloatVector.fromArray(SPECIES, dy, dyAt, rest), FloatVector.fromArray(SPECIES, y, yAt, rest), all(p));
        FloatVector apart = FloatVector.fromArray(SPECIES, x, xAt, rest).sub(FloatVector.fromArray(SPECIES, k, kAt));
        FloatVector.fromArray(SPECIES, partial, partialAt).add(g).intoArray(partial, partialAt);
        g.fma(apart, FloatVector.fromArray(SPECIES, partial, partialAt + width)).intoArray(partial, partialAt + width);
    }

    private static FloatVector gradient(float[] dy, int dyAt, float[] y, int yAt, float p) {
        return GRADIENT.of(FloatVector.fromArray(SPECIES, dy, dyAt), FloatVector.fromArray(SPECIES, y, yAt), all(p));
    }

    @Override public void run(float[] x, int xAt, float[] y, int yAt, float[] dy, int dyAt, int n, int width, float[] k, float[] dx, int dxAt, float p) {
        int rest = n % width, whole = n - rest, vectors = SPECIES.loopBound(rest), end = whole + vectors;
        for (int row = 0; row < whole; row += width) row(x, xAt + row, y, yAt + row, dy, dyAt + row, width, width, k, dx, dxAt + row, p);
        if (vectors > 0) row(x, xAt + whole, y, yAt + whole, dy, dyAt + whole, vectors, width, k, dx, dxAt + whole, p);
        if (end < n) last(x, xAt + end, y, yAt + end, dy, dyAt + end, n - end, vectors, width, k, dx, dxAt + end, p);
    }

    private static void row(float[] x, int xAt, float[] y, int yAt, float[] dy, int dyAt, int n, int width, float[] k, float[] dx, int dxAt, float p) {
        for (int j = 0; j < n; j += LANES) {
            FloatVector g = gradient(dy, dyAt + j, y, yAt + j, p).sub(FloatVector.fromArray(SPECIES, k, 2 * width + j));
            FloatVector apart = FloatVector.fromArray(SPECIES, k, j).sub(FloatVector.fromArray(SPECIES, x, xAt + j));
            apart.fma(FloatVector.fromArray(SPECIES, k, 3 * width + j), g).mul(FloatVector.fromArray(SPECIES, k, width + j)).intoArray(dx, dxAt + j);
        }
    }

    private static void last(float[] x, int xAt, float[] y, int yAt, float[] dy, int dyAt, int n, int j, int width, float[] k, float[] dx, int dxAt,
            float p) {
        VectorMask<Float> rest = Width.first(n);
        FloatVector g = GRADIENT.of(FloatVector.fromArray(SPECIES, dy, dyAt, rest), FloatVector.fromArray(SPECIES, y, yAt, rest), all(p));
        FloatVector apart = FloatVector.fromArray(SPECIES, k, j).sub(FloatVector.fromArray(SPECIES, x, xAt, rest));
        g = g.sub(FloatVector.fromArray(SPECIES, k, 2 * width + j));
        apart.fma(FloatVector.fromArray(SPECIES, k, 3 * width + j), g).mul(FloatVector.fromArray(SPECIES, k, width + j)).intoArray(dx, dxAt, rest);
    }

    /// Inside the loop: the JIT hoists it, whereas a vector made before the loop is boxed at every call.
    private static FloatVector all(float constant) {
        return FloatVector.broadcast(SPECIES, constant);
    }
}
