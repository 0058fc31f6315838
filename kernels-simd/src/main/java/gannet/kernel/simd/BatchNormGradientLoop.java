package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Both passes of the gradient of batch norm over the rows of a block, with `g = act'(dy, y)` and `k[4,c]`, k₀ the mean; see [Template].
final class BatchNormGradientLoop implements BatchNormLoops.Gradient {
    private static final BinaryLanes GRADIENT = Template.function(MethodHandles.lookup(), BinaryLanes.class);

    @Override public void sums(float[] x, int xAt, float[] y, int yAt, float[] dy, int dyAt, int rows, int c, float[] k, float[] partial,
            int partialAt, float p) {
        int whole = SPECIES.loopBound(c);
        for (int j = 0; j < whole; j += LANES) {
            FloatVector mean = FloatVector.fromArray(SPECIES, k, j), sum = FloatVector.zero(SPECIES), products = sum;
            for (int r = 0; r < rows; r++) {
                int i = r * c + j;
                FloatVector g = GRADIENT.of(FloatVector.fromArray(SPECIES, dy, dyAt + i), FloatVector.fromArray(SPECIES, y, yAt + i), all(p));
                sum = sum.add(g);
                products = g.fma(FloatVector.fromArray(SPECIES, x, xAt + i).sub(mean), products);
            }
            sum.intoArray(partial, partialAt + j);
            products.intoArray(partial, partialAt + c + j);
        }
        if (whole == c) return;
        VectorMask<Float> rest = Width.first(c - whole);
        FloatVector mean = FloatVector.fromArray(SPECIES, k, whole, rest), sum = FloatVector.zero(SPECIES), products = sum;
        for (int r = 0; r < rows; r++) {
            int i = r * c + whole;
            FloatVector g = GRADIENT.of(FloatVector.fromArray(SPECIES, dy, dyAt + i, rest), FloatVector.fromArray(SPECIES, y, yAt + i,
                    rest), all(p));
            sum = sum.add(g);
            products = g.fma(FloatVector.fromArray(SPECIES, x, xAt + i, rest).sub(mean), products);
        }
        sum.intoArray(partial, partialAt + whole, rest);
        products.intoArray(partial, partialAt + c + whole, rest);
    }

    @Override public void run(float[] x, int xAt, float[] y, int yAt, float[] dy, int dyAt, int rows, int c, float[] k, float[] dx,
            int dxAt, float p) {
        int whole = SPECIES.loopBound(c);
        for (int j = 0; j < whole; j += LANES) {
            FloatVector mean = FloatVector.fromArray(SPECIES, k, j), scale = FloatVector.fromArray(SPECIES, k, c + j);
            FloatVector shift = FloatVector.fromArray(SPECIES, k, 2 * c + j), slope = FloatVector.fromArray(SPECIES, k, 3 * c + j);
            for (int r = 0; r < rows; r++) {
                int i = r * c + j;
                FloatVector g = GRADIENT.of(FloatVector.fromArray(SPECIES, dy, dyAt + i), FloatVector.fromArray(SPECIES, y, yAt + i), all(p));
                FloatVector apart = mean.sub(FloatVector.fromArray(SPECIES, x, xAt + i));
                apart.fma(slope, g.sub(shift)).mul(scale).intoArray(dx, dxAt + i);
            }
        }
        if (whole == c) return;
        VectorMask<Float> rest = Width.first(c - whole);
        FloatVector mean = FloatVector.fromArray(SPECIES, k, whole, rest), scale = FloatVector.fromArray(SPECIES, k, c + whole, rest);
        FloatVector shift = FloatVector.fromArray(SPECIES, k, 2 * c + whole, rest), slope = FloatVector.fromArray(SPECIES, k,
                3 * c + whole, rest);
        for (int r = 0; r < rows; r++) {
            int i = r * c + whole;
            FloatVector g = GRADIENT.of(FloatVector.fromArray(SPECIES, dy, dyAt + i, rest), FloatVector.fromArray(SPECIES, y, yAt + i,
                    rest), all(p));
            FloatVector apart = mean.sub(FloatVector.fromArray(SPECIES, x, xAt + i, rest));
            apart.fma(slope, g.sub(shift)).mul(scale).intoArray(dx, dxAt + i, rest);
        }
    }

    /// Inside the loop: the JIT hoists it, whereas a vector made before the loop is boxed at every call.
    private static FloatVector all(float constant) {
        return FloatVector.broadcast(SPECIES, constant);
    }
}
