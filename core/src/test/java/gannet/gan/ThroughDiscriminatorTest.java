package gannet.gan;

import static gannet.nn.ActivationLayer.TANH;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.loss.GanLoss;
import gannet.gan.loss.Minimax;
import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.loss.Wasserstein;
import gannet.gan.penalty.GradientPenalty;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.nn.Images;
import gannet.nn.Initialiser;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.tensor.GradientCheck;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Gradients that go through a whole discriminator, against finite differences. Smooth activations: differences are worth nothing across a kink.
class ThroughDiscriminatorTest {
    private static final long SEED = 21;

    private final Kernels kernels = new ReferenceKernels();
    private final Layers layers = new Layers(kernels, SEED, Initialiser.normal(0, 0.6), Initialiser.normal(1, 0.2));
    private final Network g = Network.of("generator", layers.denseUnbiased(3, 2 * 2 * 2), new Images.ToImage(2, 2, 2), layers.batchNorm(2), TANH,
            layers.convTranspose(2, 1, 4, 2, 1), TANH);
    private final Randoms randoms = new Randoms(kernels, SEED);
    private final Tensor z = randoms.normal("z", Shape.of(4, 3)), real = randoms.normal("real", Shape.of(4, 4, 4, 1));
    private final Tensor fake = randoms.normal("fake", Shape.of(4, 4, 4, 1));

    @Test void generatorLossInTheGeneratorsWeights() {
        Network d = Network.of("discriminator", layers.conv(1, 2, 4, 2, 1), layers.batchNorm(2), TANH, new Images.Flatten(2, 2, 2), layers.dense(8, 1));
        for (GanLoss loss : List.of(new ModifiedMinimax(), new Minimax(), new Wasserstein())) {
            double error = GradientCheck.error(w -> loss.generator(null, d.apply(g.at(w).apply(z))), g.weights(), 1, SEED);
            assertTrue(error <= 1e-8, loss.name() + ": error " + error + ", seed " + SEED);
        }
    }

    @Test void discriminatorLossInTheDiscriminatorsWeights() {
        Network d = Network.of("discriminator", layers.conv(1, 2, 4, 2, 1), layers.batchNorm(2), TANH, new Images.Flatten(2, 2, 2), layers.dense(8, 1));
        for (GanLoss loss : List.of(new ModifiedMinimax(), new Wasserstein())) {
            double error = GradientCheck.error(w -> loss.discriminator(d.at(w).apply(real), d.at(w).apply(fake)), d.weights(), 1, SEED);
            assertTrue(error <= 1e-8, loss.name() + ": error " + error + ", seed " + SEED);
        }
    }

    /// The penalty holds a first derivative, so its check of order 2 goes to the third.
    @Test void gradientPenaltyInTheCriticsWeights() {
        Network critic = Network.of("critic", layers.conv(1, 2, 4, 2, 1), TANH, new Images.Flatten(2, 2, 2), layers.dense(8, 1));
        List<Tensor> allButLastBias = critic.weights().subList(0, critic.weights().size() - 1);
        Tensor lastBias = critic.weights().getLast();
        double error = GradientCheck.error(w -> {
            var at = critic.at(Stream.concat(w.stream(), Stream.of(lastBias)).toList());
            return new GradientPenalty(10, new Randoms(kernels, SEED)).of(at, real, fake);
        }, allButLastBias, 2, SEED);
        assertTrue(error <= 1e-6, "error " + error + ", seed " + SEED);
    }
}
