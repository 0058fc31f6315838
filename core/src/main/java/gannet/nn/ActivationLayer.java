package gannet.nn;

import gannet.kernel.Activation;
import gannet.tensor.Tensor;

/// An activation as a layer; [Sequential] joins it to a dense, convolution or batch-norm layer before it.
public record ActivationLayer(Activation activation) implements Layer {
    /// `max(x, 0)`
    public static final ActivationLayer RELU = new ActivationLayer(Activation.Function.RELU);
    public static final ActivationLayer TANH = new ActivationLayer(Activation.Function.TANH);
    /// `1 / (1 + e^−x)`
    public static final ActivationLayer SIGMOID = new ActivationLayer(Activation.Function.SIGMOID);

    /// `x > 0 ? x : slope · x`; the DCGAN paper's slope is 0.2.
    public static ActivationLayer leakyRelu(double slope) {
        return new ActivationLayer(new Activation.Leaky(slope));
    }

    @Override public Tensor apply(Tensor x) {
        return x.map(activation.function());
    }
}
