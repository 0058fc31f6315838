package gannet.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.tensor.Gradients;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Activations joined to the layer before give what they give behind it.
class SequentialTest {
    private static final double TOLERANCE = 1e-13;

    private final Kernels kernels = new ReferenceKernels();

    /// Layers over these weights, with every kind of activation, one that has nothing to join and two in a row.
    private List<Layer> layers(List<Tensor> w) {
        var statistics = new State.OfTensor("mean", Tensor.of(kernels, Shape.of(2), 0, 0));
        var variance = new State.OfTensor("variance", Tensor.of(kernels, Shape.of(2), 1, 1));
        return List.of(new Dense(w.get(0), w.get(1), null), ActivationLayer.leakyRelu(0.2), new Images.ToImage(2, 2, 2), ActivationLayer.SIGMOID,
                new ConvTranspose(w.get(2), w.get(3), Window.of(2, 1), 0, 0, null), ActivationLayer.RELU,
                new BatchNorm(w.get(4), w.get(5), statistics, variance, null), ActivationLayer.TANH,
                new Conv(w.get(6), null, Window.of(1, 1), null), ActivationLayer.TANH, ActivationLayer.leakyRelu(0.1));
    }

    private List<Tensor> weights() {
        var randoms = new Randoms(kernels, 41);
        List<Tensor> weights = new ArrayList<>();
        for (Shape s : List.of(Shape.of(3, 8), Shape.of(8), Shape.of(4, 4, 2, 2), Shape.of(2), Shape.of(2), Shape.of(2), Shape.of(3, 3, 2, 1)))
            weights.add(randoms.normal("weights", s));
        return weights;
    }

    @Test void joinedEqualsApart() {
        List<Tensor> w = weights();
        List<Layer> layers = layers(w);
        Tensor x = new Randoms(kernels, 42).normal("x", Shape.of(3, 3)), apart = x;
        for (Layer layer : layers) apart = layer.apply(apart);
        Tensor joined = Sequential.of(layers.toArray(Layer[]::new)).apply(x);
        assertArrayEquals(apart.toArray(), joined.toArray(), TOLERANCE);
        Tensor c = new Randoms(kernels, 43).normal("c", apart.shape());
        Gradients ofApart = Gradients.of(apart, c, w), ofJoined = Gradients.of(joined, c, w);
        for (int i = 0; i < w.size(); i++) assertArrayEquals(ofApart.get(w.get(i)).toArray(), ofJoined.get(w.get(i)).toArray(), 1e-12, "weight " + i);
    }

    @Test void joinedEqualsApartInSampling() {
        List<Layer> layers = layers(weights());
        Tensor x = new Randoms(kernels, 42).normal("x", Shape.of(3, 3)), apart = x;
        for (Layer layer : layers) apart = layer.infer(apart);
        assertArrayEquals(apart.toArray(), Sequential.of(layers.toArray(Layer[]::new)).infer(x).toArray(), TOLERANCE);
    }

    @Test void namesCountActivations() {
        Network network = Network.of("net", layers(weights()).toArray(Layer[]::new));
        assertEquals(List.of("net.0.weight", "net.0.bias", "net.4.weight", "net.4.bias", "net.6.gamma", "net.6.beta", "net.6.mean", "net.6.variance",
                "net.8.weight"), network.states().stream().map(State::name).toList());
    }

    /// One kernel for each joined pair: the layer itself takes the activation.
    @Test void joins() {
        Dense dense = new Dense(weights().getFirst(), null, null);
        assertEquals(new Dense(dense.weight(), null, ActivationLayer.RELU.activation()), dense.followedBy(ActivationLayer.RELU.activation()));
        assertEquals(null, new Dense(dense.weight(), null, ActivationLayer.RELU.activation()).followedBy(ActivationLayer.TANH.activation()), "one activation only");
    }
}
