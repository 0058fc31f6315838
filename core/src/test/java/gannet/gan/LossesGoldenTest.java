package gannet.gan;

import static gannet.nn.ActivationLayer.leakyRelu;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import gannet.gan.loss.GanLoss;
import gannet.gan.loss.Minimax;
import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.loss.Wasserstein;
import gannet.gan.penalty.GradientPenalty;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.nn.Goldens;
import gannet.nn.Images;
import gannet.nn.Layer;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.nn.Parts;
import gannet.optim.Sgd;
import gannet.tensor.Gradients;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Losses and the gradient penalty against PyTorch's.
class LossesGoldenTest {
    private static final double TOLERANCE = 1e-8;
    /// As in `src/test/python/losses.py`, which draws the penalty's mix from the same Philox counter.
    private static final long PENALTY_SEED = 77;

    private final Kernels kernels = new ReferenceKernels();
    private final Goldens goldens;

    LossesGoldenTest() throws IOException {
        goldens = Goldens.of("losses");
    }

    @Test void lossesAndTheirGradients() {
        for (GanLoss loss : List.of(new Minimax(), new ModifiedMinimax(), new Wasserstein())) {
            Tensor real = goldens.tensor(kernels, "logits/real"), fake = goldens.tensor(kernels, "logits/fake");
            Tensor d = loss.discriminator(real, fake), g = loss.generator(null, fake);
            goldens.check(loss.name() + "/discriminator/loss", d, TOLERANCE);
            goldens.check(loss.name() + "/generator/loss", g, TOLERANCE);
            Gradients ofD = Gradients.of(d, real, fake);
            goldens.check(loss.name() + "/discriminator/dreal", ofD.get(real), TOLERANCE);
            goldens.check(loss.name() + "/discriminator/dfake", ofD.get(fake), TOLERANCE);
            goldens.check(loss.name() + "/generator/dfake", Gradients.of(g, fake).get(fake), TOLERANCE);
        }
    }

    private Network critic() {
        Layers layers = Layers.fanIn(kernels, 1);
        Network critic = Network.of("critic", layers.conv(2, 3, 4, 2, 1), leakyRelu(0.2), layers.conv(3, 4, 4, 2, 1), leakyRelu(0.2),
                new Images.Flatten(2, 2, 4), layers.dense(16, 1));
        for (State s : critic.states()) s.write(goldens.values("gradient-penalty/" + s.name().substring("critic.".length())));
        return critic;
    }

    @Test void gradientPenaltyByDoubleBackward() {
        Network critic = critic();
        Tensor real = goldens.tensor(kernels, "gradient-penalty/real"), fake = goldens.tensor(kernels, "gradient-penalty/fake");
        Tensor penalty = new GradientPenalty(10, new Randoms(kernels, PENALTY_SEED)).of(critic, real, fake);
        goldens.check("gradient-penalty/value", penalty, TOLERANCE);
        Tensor loss = new Wasserstein().discriminator(critic.apply(real), critic.apply(fake)).plus(penalty);
        goldens.check("gradient-penalty/loss", loss, TOLERANCE);
        checkGradients(critic, penalty, "penalty.");
        checkGradients(critic, loss, "loss.");
    }

    /// The gradients that PyTorch has; of those it hasn't (the last bias, in the penalty) nothing is asked.
    private void checkGradients(Network critic, Tensor y, String prefix) {
        List<Tensor> targets = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Tensor w : critic.weights()) {
            String name = prefix + w.origin().substring("critic.".length());
            if (!goldens.names("gradient-penalty/").contains(name)) continue;
            targets.add(w);
            names.add(name);
        }
        Gradients d = Gradients.of(y, targets);
        for (int i = 0; i < names.size(); i++) goldens.check("gradient-penalty/" + names.get(i), d.get(targets.get(i)), TOLERANCE);
    }

    /// A generator that gives its input times one weight, 1: so the prior can hand the trainer PyTorch's fakes.
    private record Scale(Tensor by) implements Layer {
        @Override public Tensor apply(Tensor x) {
            return x.times(by);
        }

        @Override public Scale with(Parts parts) {
            return new Scale(parts.weight("by", by));
        }
    }

    /// The critic's step of WGAN-GP by the trainer: the loss with its penalty, and plain descent along PyTorch's gradients.
    @Test void criticStepWithPenalty() {
        Network critic = critic(), scale = Network.of("generator", new Scale(Tensor.weight(kernels, Shape.of(1), 1)));
        var randoms = new Randoms(kernels, PENALTY_SEED);
        var trainer = new GanTrainer(Player.of(scale, new Sgd(0), 0.1), Player.of(critic, new Sgd(0), 0.1), Objective.of(new Wasserstein()).with(new GradientPenalty(10, randoms)),
                _ -> goldens.tensor(kernels, "gradient-penalty/fake"), Tiny.source(_ -> goldens.tensor(kernels, "gradient-penalty/real")), randoms,
                Procedure.of(4));
        trainer.step();
        goldens.check("gradient-penalty/loss", new double[] {trainer.meter().discriminatorLoss()}, TOLERANCE);
        for (Tensor w : critic.weights()) {
            String name = w.origin().substring("critic.".length());
            double[] expected = goldens.values("gradient-penalty/" + name).clone(), gradient = goldens.values("gradient-penalty/loss." + name);
            for (int i = 0; i < expected.length; i++) expected[i] -= 0.1 * gradient[i];
            assertArrayEquals(expected, w.toArray(), TOLERANCE, w.origin());
        }
    }
}
