package gannet.gan.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.nn.Layer;
import gannet.tensor.GradientCheck;
import gannet.tensor.Gradients;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a generator minimises beside its adversarial loss, by its formulas.
class ContentTest {
    private static final double TOLERANCE = 1e-13;
    private static final long SEED = 3;

    private final Kernels kernels = new ReferenceKernels();
    private final Tensor a = matrix(1, -2, 0.5, 3), b = matrix(0.5, 1, 2, 3.5), c = matrix(-1, 0, 1, 2), d = matrix(-0.5, 2, 0.5, 2.5);

    private Tensor matrix(double... v) {
        return Tensor.of(kernels, Shape.of(2, 2), v);
    }

    private static double[] gradient(Tensor y, Tensor x) {
        return Gradients.of(y, x).get(x).toArray();
    }

    @Test void distances() {
        assertEquals((0.5 + 3 + 1.5 + 0.5) / 4, Distances.absolute(a, b).item(), TOLERANCE);
        assertArrayEquals(new double[] {0.25, -0.25, -0.25, -0.25}, gradient(Distances.absolute(a, b), a), TOLERANCE);
        assertEquals((0.25 + 9 + 2.25 + 0.25) / 4, Distances.square(a, b).item(), TOLERANCE);
        assertArrayEquals(new double[] {0.25, -1.5, -0.75, -0.25}, gradient(Distances.square(a, b), a), TOLERANCE);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Distances.square(a, a.reshape(4))).getMessage().contains("alike"));
    }

    @Test void cycleAndIdentity() {
        var consistency = new CycleConsistency();
        double both = 5.5 / 4 + (0.5 + 2 + 0.5 + 0.5) / 4;
        assertEquals(10 * both, consistency.cycle(a, b, c, d).item(), TOLERANCE, "Zhu et al. 2017: λ = 10");
        assertEquals(5 * both, consistency.identity(a, b, c, d).item(), TOLERANCE, "Zhu et al. 2017: ½λ");
        assertArrayEquals(new double[] {-2.5, 2.5, 2.5, 2.5}, gradient(consistency.cycle(a, b, c, d), b), TOLERANCE);
        assertArrayEquals(new double[] {1.25, 1.25, -1.25, 1.25}, gradient(consistency.identity(a, b, c, d), d), TOLERANCE);
    }

    @Test void weightedSum() {
        Tensor w = Tensor.of(kernels, Shape.of(2), 3, 4);
        Tensor y = new Balance.Factor().of(w.sum(), w.square().sum(), List.of(w));
        assertEquals(7 + 100 * 25, y.item(), TOLERANCE, "Isola et al. 2017: λ = 100");
        assertArrayEquals(new double[] {601, 801}, gradient(y, w), TOLERANCE);
    }

    /// Content `½‖w‖²` has gradient w, of norm 5 over both weights; adversarial `2·w₁` has norm 2.
    @Test void gradientRatio() {
        Tensor first = Tensor.of(kernels, Shape.of(1), 3), second = Tensor.of(kernels, Shape.of(1), 4);
        Tensor content = first.square().sum().plus(second.square().sum()).times(0.5), adversarial = first.sum().times(2).plus(second.sum().times(0));
        Tensor y = new Balance.GradientRatio(0.5).of(adversarial, content, List.of(first, second));
        double r = 5 / (2 + 1e-6) / 0.5;
        assertEquals(12.5 + r * 6, y.item(), 1e-12);
        assertArrayEquals(new double[] {3 + 2 * r}, gradient(y, first), 1e-12, "r is a constant");
        assertArrayEquals(new double[] {4}, gradient(y, second), 1e-12);
        Tensor none = new Balance.GradientRatio(1).of(adversarial.times(0), content, List.of(first, second));
        assertEquals(12.5, none.item(), TOLERANCE, "an adversarial gradient of 0");
    }

    @Test void featureMatching() {
        var matching = new FeatureMatching(x -> x.square());
        // means of squares: real (0.625, 6.5), fake (2.125, 6.625)
        Tensor y = matching.of(a, b);
        assertEquals(1.5 * 1.5 + 0.125 * 0.125, y.item(), TOLERANCE);
        double[] expected = {2 * 1.5 * 0.5, 2 * 0.125, 2 * 1.5 * 2, 2 * 0.125 * 3.5};
        assertArrayEquals(expected, gradient(y, b), TOLERANCE);
        assertTrue(!Gradients.leaves(y).contains(a), "the real side is a constant");
    }

    /// Features `[1,1,2,2]` and `[2,2]`: a mean over two places, or over a batch of two, of the channels' sum.
    @Test void perceptual() {
        double[] expected = new double[4], x = a.toArray(), generated = b.toArray();
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            double off = generated[i] * generated[i] - x[i] * x[i];
            sum += off * off / 2;
            expected[i] = 2 * off * generated[i];
        }
        for (Shape shape : List.of(Shape.of(1, 1, 2, 2), Shape.of(2, 2))) {
            Tensor y = new Perceptual(features -> features.reshape(shape.sizes()).square()).of(a, b);
            assertEquals(sum, y.item(), TOLERANCE, shape.toString());
            assertArrayEquals(expected, gradient(y, b), TOLERANCE, shape.toString());
        }
    }

    @Test void gradientsOfGradients() {
        Layer features = x -> x.tanh().matmul(c);
        double matching = GradientCheck.error(x -> new FeatureMatching(features).of(a, x.getFirst()), List.of(b), 2, SEED);
        double perceptual = GradientCheck.error(x -> new Perceptual(features).of(a, x.getFirst()), List.of(b), 2, SEED);
        assertTrue(matching < 1e-6 && perceptual < 1e-6, matching + ", " + perceptual + ", seed " + SEED);
    }
}
