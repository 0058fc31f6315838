package gannet.nn;

import gannet.tensor.Tensor;

/// Layers one after the other. An activation behind a dense, convolution or batch-norm layer is joined to it: one kernel, one pass over memory.
/// Layers are named by their position, an activation counted whether joined or not, as in PyTorch's `Sequential`.
public final class Sequential implements Layer {
    private final Steps steps;

    private Sequential(Steps steps) {
        this.steps = steps;
    }

    public static Sequential of(Layer... layers) {
        return new Sequential(Steps.of(layers));
    }

    @Override public Tensor apply(Tensor x) {
        return steps.apply(x, null);
    }

    @Override public Tensor infer(Tensor x) {
        return steps.infer(x, null);
    }

    @Override public Sequential with(Parts parts) {
        return new Sequential(steps.with(parts));
    }

    /// The first `n` layers over the same weights: features for feature matching or a perceptual distance.
    public Sequential upTo(int n) {
        return new Sequential(steps.upTo(n));
    }
}
