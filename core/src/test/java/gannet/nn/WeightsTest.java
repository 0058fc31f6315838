package gannet.nn;

import static gannet.nn.ActivationLayer.RELU;
import static gannet.nn.Weights.freeze;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.optim.Adam;
import gannet.optim.Optimizer;
import gannet.tensor.Gradients;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import gannet.tensor.Workspace;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A network's one storage, its freezing, and its two ways of being applied.
class WeightsTest {
    private static final int ALIGNMENT = 16;

    private final Kernels kernels = new ReferenceKernels();
    private final Layers layers = Layers.fanIn(kernels, 61);
    private final Dense dense = layers.dense(3, 5);
    private final BatchNorm norm = layers.batchNorm(5);
    private final Network network = Network.of("net", dense, norm, RELU, layers.dense(5, 2));
    private final Randoms randoms = new Randoms(kernels, 62);
    private final Tensor x = randoms.normal("x", Shape.of(4, 3));

    private double[] storage() {
        double[] all = new double[network.storage().length()];
        kernels.read(network.storage(), all);
        return all;
    }

    private static int padded(int count) {
        return (count + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /// Each weight at a multiple of 16, zeros between; also after a step of Adam.
    @Test void weightsAreAlignedSlicesOfOneStorage() {
        new Optimizer(network, Adam.PAPER, 0.1).descend(network.apply(x).square().sum());
        double[] all = storage();
        int at = 0;
        for (Tensor w : network.weights()) {
            int end = at + w.shape().count(), next = at + padded(w.shape().count());
            assertArrayEquals(w.toArray(), Arrays.copyOfRange(all, at, end), w.origin());
            for (int i = end; i < next; i++) assertEquals(0, all[i], "between the slices, " + i);
            at = next;
        }
        assertEquals(at, all.length);
        assertEquals(3 * 5 + 5 + 5 + 5 + 5 * 2 + 2, network.size());
        kernels.write(new double[all.length], network.storage());
        for (Tensor w : network.weights()) assertArrayEquals(new double[w.shape().count()], w.toArray(), "a write to the storage is seen in " + w.origin());
    }

    @Test void copiesTheOriginals() {
        double[] original = dense.weight().toArray();
        assertArrayEquals(original, network.weights().getFirst().toArray());
        network.weights().getFirst().assign(Tensor.full(kernels, Shape.of(3, 5), 7));
        assertArrayEquals(original, dense.weight().toArray(), "the layer itself stays as it was");
    }

    @Test void slicesOfAMirror() {
        var mirror = kernels.allocate(network.storage().length());
        double[] numbers = new double[mirror.length()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = i;
        kernels.write(numbers, mirror);
        List<Tensor> slices = network.slices(mirror);
        int at = 0;
        for (int i = 0; i < slices.size(); i++) {
            assertEquals(network.weights().get(i).shape(), slices.get(i).shape());
            assertEquals(at, slices.get(i).toArray()[0]);
            at += padded(slices.get(i).shape().count());
        }
    }

    @Test void atOtherWeights() {
        List<Tensor> zeros = network.weights().stream().map(w -> Tensor.full(kernels, w.shape(), 0)).toList();
        double[] y = network.apply(x).toArray();
        assertArrayEquals(new double[8], network.at(zeros).apply(x).toArray());
        assertArrayEquals(y, network.at(network.weights()).apply(x).toArray());
        assertArrayEquals(y, network.apply(x).toArray(), "its own weights stay");
    }

    @Test void needsWeights() {
        var e = assertThrows(IllegalArgumentException.class, () -> Network.of("empty", RELU));
        assertEquals("network 'empty' has no weights", e.getMessage());
    }

    /// The network's own, which is not the layer's that it was made from.
    private double[] runningMean() {
        for (State state : network.states())
            if (state.name().endsWith("mean")) {
                double[] mean = new double[state.shape().count()];
                state.read(mean);
                return mean;
            }
        throw new AssertionError("no running mean in " + network.states());
    }

    @Test void networksOfOnePartShareNothing() {
        Network other = Network.of("other", dense, norm);
        double[] before = runningMean();
        other.apply(x);
        assertArrayEquals(before, runningMean());
        assertArrayEquals(new double[5], norm.mean().tensor().toArray());
    }

    @Test void aWeightListedTwiceIsRefused() {
        Dense square = Layers.fanIn(kernels, 1).dense(3, 3);
        var e = assertThrows(IllegalArgumentException.class, () -> Network.of("tied", square, square));
        assertTrue(e.getMessage().contains("listed twice"), e.getMessage());
    }

    @Test void aNetworkInsideANetworkIsRefused() {
        Dense after = Layers.fanIn(kernels, 1).dense(5, 3);
        var e = assertThrows(IllegalArgumentException.class, () -> Network.of("outer", network, after));
        assertTrue(e.getMessage().contains("owns its weights"), e.getMessage());
    }

    @Test void otherWeightsMustFit() {
        assertThrows(IllegalArgumentException.class, () -> network.at(network.weights().subList(1, network.weights().size())));
        assertThrows(IllegalArgumentException.class, () -> network.at(network.weights().reversed()));
    }

    @Test void anExitWorksOnce() {
        var exit = freeze(network);
        exit.close();
        exit.close();
        try (var _ = freeze(network)) {
            assertTrue(network.frozen());
        }
    }

    @Test void freezingNests() {
        assertFalse(network.frozen());
        try (var _ = freeze(network)) {
            try (var _ = freeze(network)) {
                assertTrue(network.frozen());
            }
            assertTrue(network.frozen(), "still inside the outer one");
            network.apply(x);
            assertArrayEquals(new double[5], runningMean(), "nothing is staged");
        }
        assertFalse(network.frozen());
        network.apply(x);
        assertNotEquals(0, runningMean()[0]);
    }

    @Test void statisticsChangeAtTheCommitOnly() {
        var workspace = new Workspace(kernels);
        try (var _ = workspace.open()) {
            network.apply(x);
            assertArrayEquals(new double[5], runningMean(), "staged, not yet committed");
        }
        assertArrayEquals(new double[5], runningMean(), "never committed: forgotten");
        try (var _ = workspace.open()) {
            new Optimizer(network, Adam.PAPER, 0.1).descend(network.apply(x).sum());
        }
        assertNotEquals(0, runningMean()[0]);
    }

    @Test void samplingUsesRunningStatisticsAndChangesNothing() {
        Tensor small = Tensor.of(kernels, Shape.of(1, 3), 1, 2, 3);
        double[] alone = network.infer(small).toArray();
        assertArrayEquals(alone, network.infer(small).toArray());
        assertArrayEquals(new double[5], runningMean());
        double scale = 1 / Math.sqrt(1 + 1e-5);
        double[] hidden = dense.apply(small).toArray(), normalised = norm.infer(dense.apply(small)).toArray();
        for (int i = 0; i < hidden.length; i++) assertEquals(hidden[i] * scale, normalised[i], 1e-14, "mean 0 and variance 1 as at first");
        assertThrows(IllegalArgumentException.class, () -> Gradients.of(network.infer(small).sum(), network.weights()), "sampling records nothing");
    }

    @Test void dropoutDropsInTrainingOnly() {
        var dropout = new Dropout(0.25, randoms, "dropout");
        Tensor ones = Tensor.full(kernels, Shape.of(100, 100), 1);
        double[] y = dropout.apply(ones).toArray();
        long dropped = Arrays.stream(y).filter(v -> v == 0).count();
        assertEquals(2500, dropped, 6 * Math.sqrt(10_000 * 0.25 * 0.75), "a quarter of 10,000, seed 62");
        for (double v : y) assertTrue(v == 0 || Math.abs(v - 1 / 0.75) < 1e-15, "a kept element is " + v);
        assertFalse(Arrays.equals(y, dropout.apply(ones).toArray()), "another draw drops others");
        assertArrayEquals(ones.toArray(), dropout.infer(ones).toArray());
        for (double bad : new double[] {-0.1, 1, Double.NaN}) assertThrows(IllegalArgumentException.class, () -> new Dropout(bad, randoms, "dropout"));
    }
}
