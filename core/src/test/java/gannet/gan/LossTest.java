package gannet.gan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.loss.GanLoss;
import gannet.gan.loss.Minimax;
import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.loss.Threshold;
import gannet.gan.loss.Wasserstein;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.tensor.Gradients;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/// Losses by their closed forms, with their gradients at each logit.
class LossTest {
    private static final double[] REAL = {-5, -0.3, 0, 2, 40}, FAKE = {-40, -1.5, 0, 0.7, 6};
    private static final double TOLERANCE = 1e-14;

    private final Kernels kernels = new ReferenceKernels();
    private final Tensor real = Tensor.of(kernels, Shape.of(5, 1), REAL), fake = Tensor.of(kernels, Shape.of(5, 1), FAKE);

    private static double sigmoid(double s) {
        return 1 / (1 + Math.exp(-s));
    }

    /// `−log σ(s)`
    private static double surprise(double s) {
        return Math.max(-s, 0) + Math.log1p(Math.exp(-Math.abs(s)));
    }

    private static double mean(double[] s, DoubleUnaryOperator f) {
        double sum = 0;
        for (double each : s) sum += f.applyAsDouble(each);
        return sum / s.length;
    }

    private static double[] each(double[] s, DoubleUnaryOperator f) {
        double[] y = new double[s.length];
        for (int i = 0; i < s.length; i++) y[i] = f.applyAsDouble(s[i]) / s.length;
        return y;
    }

    private double[] gradient(Tensor loss, Tensor logits) {
        return Gradients.of(loss, logits).get(logits).toArray();
    }

    @Test void minimax() {
        for (GanLoss loss : List.of(new Minimax(), new ModifiedMinimax())) {
            Tensor d = loss.discriminator(real, fake);
            assertEquals(mean(REAL, s -> surprise(s)) + mean(FAKE, s -> surprise(-s)), d.item(), TOLERANCE, loss.name());
            assertArrayEquals(each(REAL, s -> -sigmoid(-s)), gradient(d, real), TOLERANCE, loss.name());
            assertArrayEquals(each(FAKE, s -> sigmoid(s)), gradient(d, fake), TOLERANCE, loss.name());
        }
        Tensor plain = new Minimax().generator(null, fake), modified = new ModifiedMinimax().generator(null, fake);
        assertEquals(-mean(FAKE, s -> surprise(-s)), plain.item(), TOLERANCE);
        assertEquals(mean(FAKE, s -> surprise(s)), modified.item(), TOLERANCE);
        assertArrayEquals(each(FAKE, s -> -sigmoid(s)), gradient(plain, fake), TOLERANCE);
        assertArrayEquals(each(FAKE, s -> -sigmoid(-s)), gradient(modified, fake), TOLERANCE);
    }

    @Test void modifiedIsSteeperWhereTheDiscriminatorWins() {
        double[] plain = gradient(new Minimax().generator(null, fake), fake), modified = gradient(new ModifiedMinimax().generator(null, fake), fake);
        for (int i = 0; i < FAKE.length; i++) {
            double ratio = sigmoid(-FAKE[i]) / sigmoid(FAKE[i]); // (1 − σ)/σ
            assertEquals(1, modified[i] / plain[i] / ratio, 1e-12, "logit " + FAKE[i]);
        }
    }

    @Test void minimaxPlayersOppose() {
        Minimax loss = new Minimax();
        assertArrayEquals(each(FAKE, s -> -sigmoid(s)), gradient(loss.generator(null, fake), fake), TOLERANCE);
        double[] ofD = gradient(loss.discriminator(real, fake), fake), ofG = gradient(loss.generator(null, fake), fake);
        for (int i = 0; i < ofD.length; i++) assertEquals(-ofD[i], ofG[i], 0, "zero sum at logit " + FAKE[i]);
    }

    @Test void wasserstein() {
        var loss = new Wasserstein();
        Tensor d = loss.discriminator(real, fake), g = loss.generator(null, fake);
        assertEquals(mean(FAKE, s -> s) - mean(REAL, s -> s), d.item(), TOLERANCE);
        assertEquals(-mean(FAKE, s -> s), g.item(), TOLERANCE);
        assertArrayEquals(each(REAL, _ -> -1), gradient(d, real), TOLERANCE);
        assertArrayEquals(each(FAKE, _ -> 1), gradient(d, fake), TOLERANCE);
        assertArrayEquals(each(FAKE, _ -> -1), gradient(g, fake), TOLERANCE);
        assertTrue(loss.needsLipschitz());
        assertFalse(new Wasserstein(true).needsLipschitz());
        assertEquals(new Threshold.None(), loss.threshold(), "a critic classifies nothing");
        assertEquals(new Threshold.At(0), new ModifiedMinimax().threshold());
    }
}
