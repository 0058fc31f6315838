package gannet.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.ReferenceKernels;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// Settings under which an update could not stay finite, and steps that would not be.
class RefusalTest {
    private final ReferenceKernels kernels = new ReferenceKernels();
    private final Network network = Network.of("n", Layers.fanIn(kernels, 1).dense(3, 2));
    private final Tensor x = Tensor.of(kernels, Shape.of(1, 3), 1, 2, 3);

    @Test void settings() {
        assertThrows(IllegalArgumentException.class, () -> new Adam(1, 0.999, 1e-8));
        assertThrows(IllegalArgumentException.class, () -> new Adam(0.9, 0.999, 0));
        assertThrows(IllegalArgumentException.class, () -> new RmsProp(-0.1, 1e-8));
        assertThrows(IllegalArgumentException.class, () -> new Sgd(2));
        for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
            assertThrows(IllegalArgumentException.class, () -> new Optimizer(network, Adam.PAPER, rate), "rate " + rate);
    }

    @Test void aRateThatIsNoNumber() {
        var optimizer = new Optimizer(network, Adam.PAPER, 1e-3);
        optimizer.rate().assign(Tensor.of(kernels, Shape.of(), Double.NaN));
        refuses(optimizer, network.apply(x).sum(), "learning rate");
    }

    @Test void aGradientTooLargeIsNamed() {
        refuses(new Optimizer(network, new Sgd(0), 1e-3), network.apply(x).sum().times(1e20), "n.0.weight");
    }

    /// The first step of Adam refused: its counters stay 0, and its correction is finite nevertheless.
    @Test void aStepAfterARefusedOneIsTheFirst() {
        var optimizer = new Optimizer(network, Adam.PAPER, 1e-3);
        refuses(optimizer, network.apply(x).sum().times(Double.NaN), "n.0.weight");
        double[] before = network.weights().getFirst().toArray();
        optimizer.descend(network.apply(x).sum());
        double[] after = network.weights().getFirst().toArray();
        for (int i = 0; i < before.length; i++) assertTrue(Math.abs(before[i] - 1e-3 - after[i]) < 1e-9, "Adam's first step is the rate");
    }

    private void refuses(Optimizer optimizer, Tensor loss, String why) {
        double[] before = network.weights().getFirst().toArray();
        optimizer.descend(loss);
        assertTrue(optimizer.refused());
        assertTrue(optimizer.refusal().contains(why), optimizer.refusal());
        assertArrayEquals(before, network.weights().getFirst().toArray());
    }
}
