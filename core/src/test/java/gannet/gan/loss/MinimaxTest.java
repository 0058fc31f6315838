package gannet.gan.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.tensor.Gradients;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// How the two minimax losses relate; their formulas are in [LossesTest].
class MinimaxTest {
    private static final double[] REAL = {-5, -0.3, 0, 2, 40}, FAKE = {-40, -1.5, 0, 0.7, 6};

    private final Kernels kernels = new ReferenceKernels();
    private final Tensor real = Tensor.of(kernels, Shape.of(5, 1), REAL), fake = Tensor.of(kernels, Shape.of(5, 1), FAKE);

    private double[] gradient(Tensor loss) {
        return Gradients.of(loss, fake).get(fake).toArray();
    }

    @Test void modifiedIsSteeperWhereTheDiscriminatorWins() {
        double[] plain = gradient(new Minimax().generator(null, fake)), modified = gradient(new ModifiedMinimax().generator(null, fake));
        for (int i = 0; i < FAKE.length; i++) {
            double ratio = Math.exp(-FAKE[i]); // (1 − σ)/σ
            assertEquals(1, modified[i] / plain[i] / ratio, 1e-12, "logit " + FAKE[i]);
        }
    }

    @Test void minimaxPlayersOppose() {
        Minimax loss = new Minimax();
        double[] ofD = gradient(loss.discriminator(real, fake)), ofG = gradient(loss.generator(null, fake));
        for (int i = 0; i < ofD.length; i++) assertEquals(-ofD[i], ofG[i], 0, "zero sum at logit " + FAKE[i]);
    }
}
