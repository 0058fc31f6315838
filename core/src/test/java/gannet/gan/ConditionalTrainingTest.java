package gannet.gan;

import static gannet.nn.ActivationLayer.RELU;
import static gannet.nn.ActivationLayer.TANH;
import static gannet.nn.ActivationLayer.leakyRelu;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.loss.ModifiedMinimax;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.kernel.ScalarKernels;
import gannet.nn.ConditionalLayer;
import gannet.nn.ConditionalSequential;
import gannet.nn.Images;
import gannet.nn.Layers;
import gannet.nn.MinibatchStddev;
import gannet.nn.Weights;
import gannet.optim.Adam;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A conditional GAN of every conditional and stateful layer, trained: each player's turn changes its own memory only, the directions of spectral norm and
/// the statistics of conditional batch norm included.
class ConditionalTrainingTest {
    private static final int CLASSES = 3;
    private Map<String, List<Long>> gBefore, dBefore, dBetween;

    private static Weights<ConditionalLayer> generator(Layers layers) {
        return Weights.of("generator", ConditionalSequential.of(
                layers.classFeatures(CLASSES, 2), layers.spectralNorm(layers.denseUnbiased(Tiny.Z + 2, 2 * 2 * 3)), new Images.ToImage(2, 2, 3),
                layers.conditionalBatchNorm(CLASSES, 3), RELU, layers.convTranspose(3, 1, 4, 2, 1), TANH));
    }

    private static Weights<ConditionalLayer> discriminator(Layers layers) {
        return Weights.of("discriminator", ConditionalSequential.of(
                layers.classChannel(CLASSES, 4, 4), layers.spectralNorm(layers.conv(2, 3, 4, 2, 1)), leakyRelu(0.2),
                new MinibatchStddev(4), new Images.Flatten(2, 2, 4), layers.projection(CLASSES, 16)));
    }

    /// Noise, whose classes are those of uniform numbers.
    private static Source source(Randoms randoms, Conditions classes) {
        return new Source() {
            @Override public Batch next(int n) {
                return new Batch(randoms.normal("data", Shape.of(n, 4, 4, 1)), classes.next(n, null));
            }

            @Override public List<State> states() {
                return List.of();
            }
        };
    }

    private static Map<String, List<Long>> bits(Player player) {
        List<State> states = new ArrayList<>(player.network().states());
        states.addAll(player.optimizer().states());
        return Tiny.bits(states);
    }

    private static void changed(Map<String, List<Long>> before, Map<String, List<Long>> after, String... names) {
        for (String name : names) {
            assertTrue(before.containsKey(name), name + " is not among " + before.keySet());
            assertNotEquals(before.get(name), after.get(name), name + " must change in its own turn");
        }
    }

    @Test void eachTurnChangesItsOwnPlayerOnly() {
        for (Kernels kernels : List.of(new ReferenceKernels(), new ScalarKernels())) {
            var randoms = new Randoms(kernels, 15);
            Player g = Player.of(generator(Layers.fanIn(kernels, 1)), Adam.DCGAN, 2e-3), d = Player.of(discriminator(Layers.fanIn(kernels, 2)), Adam.DCGAN, 2e-3);
            Conditions classes = Conditions.classes(randoms, CLASSES);
            var loss = new Tiny.Watched(new ModifiedMinimax(), () -> {}, () -> {
                Tiny.assertSame(gBefore, bits(g), "G after D's turn");
                dBetween = bits(d);
            });
            var trainer = new GanTrainer(g, d, Objective.of(loss), Prior.normal(randoms, Tiny.Z), classes, source(randoms, classes), randoms, Procedure.of(8));
            for (int step = 0; step < 3; step++) {
                gBefore = bits(g);
                dBefore = bits(d);
                trainer.step();
                Tiny.assertSame(dBetween, bits(d), "D after G's turn");
                changed(dBefore, dBetween, "discriminator.0.table", "discriminator.1.u", "discriminator.1.weight", "discriminator.5.psi.weight",
                        "discriminator.5.embedding.table");
                changed(gBefore, bits(g), "generator.0.table", "generator.1.u", "generator.3.gamma", "generator.3.beta", "generator.3.norm.mean",
                        "generator.3.norm.variance");
            }
            for (State state : trainer.states()) for (double v : read(state)) assertTrue(Double.isFinite(v), state.name());
        }
    }

    private static double[] read(State state) {
        double[] values = new double[state.shape().count()];
        state.read(values);
        return values;
    }
}
