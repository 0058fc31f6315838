package gannet.gan.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.tensor.Functions;
import gannet.tensor.GradientCheck;
import gannet.tensor.Gradients;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Cross-entropy, and the tasks of a discriminator's further outputs, by their formulas.
class AuxiliaryTest {
    private static final double TOLERANCE = 1e-13;
    private static final long SEED = 5;
    private static final double[] REAL = {0.3, 1, -2, 0.5, -0.7, 0.1, 0.2, 3}, FAKE = {-1, 0.4, 0.4, -1.5, 2, -0.2, 0.9, 0.6}, CLASSES = {2, 0}, OTHERS = {1, 1};

    private final Kernels kernels = new ReferenceKernels();
    /// A logit and three more outputs of each of two samples.
    private final Tensor real = Tensor.of(kernels, Shape.of(2, 4), REAL), fake = Tensor.of(kernels, Shape.of(2, 4), FAKE);

    private Tensor classes(double... c) {
        return Tensor.of(kernels, Shape.of(c.length), c);
    }

    /// The probability of class c in row i, of `k` logits that start at column 1.
    private static double softmax(double[] output, int i, int k, int c) {
        double sum = 0;
        for (int j = 0; j < k; j++) sum += Math.exp(output[i * 4 + 1 + j]);
        return Math.exp(output[i * 4 + 1 + c]) / sum;
    }

    private static double surprise(double[] output, double[] classes) {
        double sum = 0;
        for (int i = 0; i < 2; i++) sum -= Math.log(softmax(output, i, 3, (int) classes[i])) / 2;
        return sum;
    }

    private static double[] gradient(double[] output, double[] classes, double weight) {
        double[] g = new double[8];
        for (int i = 0; i < 2; i++)
            for (int c = 0; c < 3; c++) g[i * 4 + 1 + c] = weight * (softmax(output, i, 3, c) - (c == classes[i] ? 1 : 0)) / 2;
        return g;
    }

    @Test void auxiliaryClassifier() {
        var acgan = new Acgan(3, 0.5);
        Tensor d = acgan.discriminator(real, classes(CLASSES), fake, classes(OTHERS)), g = acgan.generator(fake, classes(OTHERS));
        assertEquals(0.5 * (surprise(REAL, CLASSES) + surprise(FAKE, OTHERS)), d.item(), TOLERANCE);
        assertEquals(0.5 * surprise(FAKE, OTHERS), g.item(), TOLERANCE);
        assertArrayEquals(gradient(REAL, CLASSES, 0.5), Gradients.of(d, real).get(real).toArray(), TOLERANCE);
        assertArrayEquals(gradient(FAKE, OTHERS, 0.5), Gradients.of(d, fake).get(fake).toArray(), TOLERANCE);
        assertArrayEquals(gradient(FAKE, OTHERS, 0.5), Gradients.of(g, fake).get(fake).toArray(), TOLERANCE);
        assertEquals(1, new Acgan(3).weight(), "Odena et al. 2017");
    }

    /// One categorical code of two values and one continuous code.
    @Test void mutualInformation() {
        var info = new InfoGan(List.of(2), 1, 0.3);
        assertEquals(3, info.width());
        Tensor code = Tensor.of(kernels, Shape.of(2, 3), 0, 1, 0.25, 1, 0, -0.5);
        double value = 0;
        double[] expected = new double[8], one = {1, 0}, c = {0.25, -0.5};
        for (int i = 0; i < 2; i++) {
            double off = FAKE[i * 4 + 3] - c[i];
            value += 0.3 * (off * off / 2 - Math.log(softmax(FAKE, i, 2, (int) one[i]))) / 2;
            for (int j = 0; j < 2; j++) expected[i * 4 + 1 + j] = 0.3 * (softmax(FAKE, i, 2, j) - (j == one[i] ? 1 : 0)) / 2;
            expected[i * 4 + 3] = 0.3 * off / 2;
        }
        for (Tensor y : List.of(info.discriminator(real, null, fake, code), info.generator(fake, code))) {
            assertEquals(value, y.item(), TOLERANCE);
            assertArrayEquals(expected, Gradients.of(y, fake).get(fake).toArray(), TOLERANCE);
        }
        assertEquals(1, new InfoGan(List.of(2), 1).weight(), "the authors' code");
    }

    @Test void gradientsOfGradients() {
        Tensor code = Tensor.of(kernels, Shape.of(2, 3), 0, 1, 0.25, 1, 0, -0.5);
        double acgan = GradientCheck.error(x -> new Acgan(3).discriminator(x.get(0), classes(CLASSES), x.get(1), classes(OTHERS)), List.of(real, fake), 2, SEED);
        double info = GradientCheck.error(x -> new InfoGan(List.of(2), 1).generator(x.getFirst(), code), List.of(fake), 2, SEED);
        assertTrue(acgan < 1e-6 && info < 1e-6, acgan + ", " + info + ", seed " + SEED);
    }

    /// Without the greatest logit taken out, exp(1000) is infinite.
    @Test void largeLogits() {
        Tensor z = Tensor.of(kernels, Shape.of(2, 2), 1000, 0, -1000, -3000), y = Functions.crossEntropy(z, classes(1, 0));
        assertEquals(500, y.item(), TOLERANCE);
        assertArrayEquals(new double[] {0.5, -0.5, 0, 0}, Gradients.of(y, z).get(z).toArray(), TOLERANCE);
        assertEquals(Math.log(3) - 7, Functions.logSumExp(Tensor.of(kernels, Shape.of(3), -7, -7, -7)).item(), TOLERANCE);
    }

    private static void assertRefused(String part, org.junit.jupiter.api.function.Executable e) {
        String message = assertThrows(IllegalArgumentException.class, e).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test void refusals() {
        assertRefused("real batch has no condition", () -> new Acgan(3).discriminator(real, null, fake, classes(OTHERS)));
        assertRefused("needed: [n,6]", () -> new Acgan(5).generator(fake, classes(OTHERS)));
        assertRefused("missing", () -> new InfoGan(List.of(2), 1).generator(fake, null));
        assertRefused("codes [2,5]", () -> new InfoGan(List.of(2), 3).generator(fake, Tensor.of(kernels, Shape.of(2, 3), new double[6])));
        assertRefused("at least one", () -> new InfoGan(List.of(), 0));
        assertRefused("at least 2", () -> new Acgan(1));
        assertRefused("[n,k] and [n]", () -> Functions.crossEntropy(real, classes(1)));
    }
}
