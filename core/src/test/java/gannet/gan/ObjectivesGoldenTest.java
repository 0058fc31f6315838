package gannet.gan;

import static gannet.nn.ActivationLayer.leakyRelu;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gannet.gan.loss.Acgan;
import gannet.gan.loss.LabelSmoothing;
import gannet.gan.loss.Losses;
import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.loss.Wasserstein;
import gannet.gan.penalty.Drift;
import gannet.gan.penalty.JsRegulariser;
import gannet.gan.penalty.Penalty;
import gannet.gan.penalty.R1;
import gannet.gan.penalty.R2;
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
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whole objectives against PyTorch's: what D minimises with the gradient by each of its weights, what G minimises with the gradient by the fakes.
class ObjectivesGoldenTest {
    private static final double TOLERANCE = 1e-8;
    private static final int CLASSES = 3;

    private final Kernels kernels = new ReferenceKernels();
    private final Goldens goldens;

    ObjectivesGoldenTest() throws IOException {
        goldens = Goldens.of("objectives");
    }

    private Network full() {
        Layers layers = Layers.fanIn(kernels, 1);
        Network d = Network.of("d", layers.conv(2, 3, 4, 2, 1), leakyRelu(0.2), layers.conv(3, 4, 4, 2, 1), leakyRelu(0.2), new Images.Flatten(2, 2, 4),
                layers.dense(16, 1 + CLASSES));
        for (State s : d.states()) s.write(goldens.values("given/" + s.name().substring("d.".length())));
        return d;
    }

    private static Layer logit(Network d) {
        return x -> d.apply(x).slice(1, 0, 1);
    }

    private void check(String name, Objective objective, boolean auxiliary) {
        Network d = full();
        Tensor real = goldens.tensor(kernels, "given/real"), fake = goldens.tensor(kernels, "given/fake");
        var x = new Batch(real, goldens.tensor(kernels, "given/realclass"));
        var generated = new Batch(fake, goldens.tensor(kernels, "given/fakeclass"));
        Layer judge = auxiliary ? d : logit(d);
        Tensor ofD = objective.discriminator(judge, x, generated).loss(), ofG = objective.generator(judge, generated, () -> x);
        goldens.check(name + "/discriminator", ofD, TOLERANCE);
        goldens.check(name + "/generator", ofG, TOLERANCE);
        goldens.check(name + "/byfake", Gradients.of(ofG, fake).get(fake), TOLERANCE);
        Gradients byWeights = Gradients.of(ofD, d.weights());
        for (Tensor w : d.weights()) {
            double[] expected = goldens.values(name + "/" + w.origin().substring("d.".length())), actual = byWeights.get(w).toArray();
            double largest = 0;
            for (double e : expected) largest = Math.max(largest, Math.abs(e));
            assertArrayEquals(expected, actual, TOLERANCE * Math.max(largest, 1e-3), name + " by " + w.origin());
        }
    }

    @Test void losses() {
        for (String name : List.of("lsgan", "hinge", "relativistic", "relativistic-average", "relativistic-average-lsgan"))
            check(name, Objective.of(Losses.named(name)), false);
        check("smoothed", Objective.of(new LabelSmoothing(new ModifiedMinimax())), false);
    }

    private static Objective modified(Penalty penalty) {
        return Objective.of(new ModifiedMinimax()).with(penalty);
    }

    @Test void penalties() {
        check("r1", modified(new R1()), false);
        check("r2", modified(new R2()), false);
        check("roth", modified(JsRegulariser.of(kernels, 2)), false);
        check("drift", Objective.of(new Wasserstein(true)).with(new Drift()), false);
    }

    @Test void auxiliaryClassifier() {
        check("acgan", Objective.of(new ModifiedMinimax()).with(new Acgan(CLASSES)), true);
    }

    /// A network whose logit is all it gives, for the trainer.
    private record Logit(Layer full) implements Layer {
        @Override public Tensor apply(Tensor x) {
            return full.apply(x).slice(1, 0, 1);
        }

        @Override public Logit with(Parts parts) {
            return new Logit(parts.part("full", full));
        }
    }

    private record Scale(Tensor by) implements Layer {
        @Override public Tensor apply(Tensor x) {
            return x.times(by);
        }

        @Override public Scale with(Parts parts) {
            return new Scale(parts.weight("by", by));
        }
    }

    /// D's step by the trainer, where the penalty shares the loss's forward pass and the graph is consumed: plain descent along PyTorch's gradients.
    @Test void discriminatorStepUnderPenalties() {
        for (String name : List.of("r1", "r2", "roth")) {
            Network d = Network.of("d", new Logit(full().part())), g = Network.of("g", new Scale(Tensor.weight(kernels, Shape.of(1), 1)));
            Penalty penalty = switch (name) {
                case "r1" -> new R1();
                case "r2" -> new R2();
                default -> JsRegulariser.of(kernels, 2);
            };
            var trainer = new GanTrainer(Player.of(g, new Sgd(0), 1e-3), Player.of(d, new Sgd(0), 1e-3), modified(penalty),
                    _ -> goldens.tensor(kernels, "given/fake"), Tiny.source(_ -> goldens.tensor(kernels, "given/real")), new Randoms(kernels, 1), Procedure.of(4));
            trainer.step();
            assertEquals(goldens.values(name + "/discriminator")[0], trainer.meter().discriminatorLoss(), 1e-8, name);
            for (Tensor w : d.weights()) {
                String weight = w.origin().substring(w.origin().indexOf("full.") + "full.".length());
                double[] expected = goldens.values("given/" + weight).clone(), gradient = goldens.values(name + "/" + weight);
                for (int i = 0; i < expected.length; i++) expected[i] -= 1e-3 * gradient[i];
                assertArrayEquals(expected, w.toArray(), TOLERANCE, name + ": " + w.origin());
            }
        }
    }
}
