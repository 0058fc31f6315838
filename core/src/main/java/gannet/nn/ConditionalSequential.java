package gannet.nn;

import gannet.tensor.Tensor;

/// Layers one after the other, plain and conditional ones mixed; those that take the condition are handed it. Otherwise as [Sequential].
/// `Weights.of("generator", ConditionalSequential.of(layers.classFeatures(10, 50), layers.dense(150, 784), ActivationLayer.TANH))`
public final class ConditionalSequential implements ConditionalLayer {
    private final Steps steps;

    private ConditionalSequential(Steps steps) {
        this.steps = steps;
    }

    /// Each a [Layer] or a [ConditionalLayer].
    public static ConditionalSequential of(Conditional... layers) {
        return new ConditionalSequential(Steps.of(layers));
    }

    @Override public Tensor apply(Tensor x, Tensor condition) {
        return steps.apply(x, condition);
    }

    @Override public Tensor infer(Tensor x, Tensor condition) {
        return steps.infer(x, condition);
    }

    @Override public ConditionalSequential with(Parts parts) {
        return new ConditionalSequential(steps.with(parts));
    }

    /// The first `n` layers over the same weights.
    public ConditionalSequential upTo(int n) {
        return new ConditionalSequential(steps.upTo(n));
    }
}
