package gannet.nn;

import gannet.tensor.Scope;
import gannet.tensor.Tensor;

/// A network of one input: a layer that owns its weights. `Network.of("generator", layers.dense(100, 784), ActivationLayer.TANH)`
public final class Network extends Weights<Layer> implements Layer {
    private Network(String name, Layer body) {
        super(name, body);
    }

    /// The layers one after the other, their weights gathered into one storage.
    public static Network of(String name, Layer... layers) {
        return new Network(name, Sequential.of(layers));
    }

    /// A single layer; without this overload the call would be taken for the inherited [Weights#of], which gives no network.
    public static Network of(String name, Layer layer) {
        return new Network(name, Sequential.of(layer));
    }

    /// Refuses: a network's weights live in its own storage and can't move into another's.
    @Override public Layer with(Parts parts) {
        throw new IllegalArgumentException("network '" + name() + "' owns its weights and can't be a layer of another network; give its part()");
    }

    @Override public Layer given(Tensor condition) {
        return this;
    }

    @Override public Tensor apply(Tensor x) {
        try (var _ = Scope.within(name())) {
            return part().apply(x);
        }
    }

    /// Applies it as sampling does, without recording.
    @Override public Tensor infer(Tensor x) {
        try (var _ = Scope.within(name())) {
            return Tensor.unrecorded(() -> part().infer(x));
        }
    }

    /// The first `n` layers over the same weights: features for feature matching or a perceptual distance. See [Sequential#upTo].
    public Layer upTo(int n) {
        return named(((Sequential) part()).upTo(n));
    }
}
