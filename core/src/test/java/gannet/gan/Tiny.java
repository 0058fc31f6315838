package gannet.gan;

import static gannet.nn.ActivationLayer.RELU;
import static gannet.nn.ActivationLayer.TANH;
import static gannet.nn.ActivationLayer.leakyRelu;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gannet.gan.loss.GanLoss;
import gannet.kernel.Kernels;
import gannet.nn.Images;
import gannet.nn.Initialiser;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.optim.Optimizer;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// A GAN small enough to train in milliseconds, and what the tests of the trainer watch it with.
final class Tiny {
    static final int Z = 3, BATCH = 4;

    private Tiny() {}

    private static Layers layers(Kernels k, long seed) {
        return new Layers(k, seed, Initialiser.normal(0, 0.5), Initialiser.normal(1, 0.1));
    }

    /// z[n,3] → images[n,4,4,1], with batch norm.
    static Network generator(Kernels k) {
        Layers layers = layers(k, 1);
        return Network.of("generator", layers.denseUnbiased(Z, 2 * 2 * 3), new Images.ToImage(2, 2, 3), layers.batchNorm(3), RELU,
                layers.convTranspose(3, 1, 4, 2, 1), TANH);
    }

    /// images[n,4,4,1] → logits[n,1], with batch norm.
    static Network discriminator(Kernels k) {
        Layers layers = layers(k, 2);
        return Network.of("discriminator", layers.conv(1, 3, 4, 2, 1), leakyRelu(0.2), layers.convUnbiased(3, 2, 1, 1, 0), layers.batchNorm(2), leakyRelu(0.2),
                new Images.Flatten(2, 2, 2), layers.dense(8, 1));
    }

    /// images[n,4,4,1] → values[n,1], without batch norm.
    static Network critic(Kernels k) {
        Layers layers = layers(k, 3);
        return Network.of("critic", layers.conv(1, 3, 4, 2, 1), leakyRelu(0.2), new Images.Flatten(2, 2, 3), layers.dense(12, 1));
    }

    /// Batches of noise.
    static Source noise(Randoms randoms) {
        return source(n -> randoms.normal("data", Shape.of(n, 4, 4, 1)));
    }

    /// A source without a position.
    static Source source(Prior next) {
        return new Source() {
            @Override public Batch next(int n) {
                return Batch.of(next.sample(n));
            }

            @Override public List<State> states() {
                return List.of();
            }
        };
    }

    /// A loss that says whose turn it is before it is evaluated.
    record Watched(GanLoss loss, Runnable discriminatorTurn, Runnable generatorTurn) implements GanLoss {
        @Override public Tensor discriminator(Tensor real, Tensor fake) {
            discriminatorTurn.run();
            return loss.discriminator(real, fake);
        }

        @Override public Tensor generator(Supplier<Tensor> real, Tensor fake) {
            generatorTurn.run();
            return loss.generator(real, fake);
        }

        @Override public String name() {
            return loss.name();
        }
    }

    /// Every bit of a network's weights and statistics and of its optimiser's memory, by name.
    static Map<String, List<Long>> bits(Network network, Optimizer optimizer) {
        List<State> states = new ArrayList<>(network.states());
        states.addAll(optimizer.states());
        return bits(states);
    }

    /// Fails at the first state, by name, of which a bit differs.
    static void assertSame(Map<String, List<Long>> before, Map<String, List<Long>> after, String when) {
        assertEquals(before.keySet(), after.keySet());
        for (String name : before.keySet()) assertEquals(before.get(name), after.get(name), () -> name + " " + when);
    }

    static Map<String, List<Long>> bits(List<State> states) {
        Map<String, List<Long>> bits = new LinkedHashMap<>();
        for (State s : states) {
            double[] values = new double[s.shape().count()];
            s.read(values);
            List<Long> each = new ArrayList<>();
            for (double v : values) each.add(Double.doubleToRawLongBits(v));
            bits.put(s.name(), each);
        }
        return bits;
    }
}
