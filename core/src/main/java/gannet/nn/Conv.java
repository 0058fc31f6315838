package gannet.nn;

import gannet.kernel.Activation;
import gannet.tensor.Functions;
import gannet.tensor.Tensor;

/// Convolution: `x[n,h,w,c], weight[kh,kw,c,o] → y[n,oh,ow,o]`, plus `bias[o]`, then an activation if one was joined. `bias` and `activation` may be null.
public record Conv(Tensor weight, Tensor bias, Window window, Activation activation) implements Fusible, Linear {
    @Override public Tensor apply(Tensor x) {
        return Functions.conv(window.conv(x.shape(), weight.shape()), x, weight, bias, activation);
    }

    @Override public Conv with(Parts parts) {
        return new Conv(parts.weight("weight", weight), parts.optional("bias", bias), window, activation);
    }

    @Override public Layer followedBy(Activation act) {
        return activation == null ? new Conv(weight, bias, window, act) : null;
    }

    @Override public Conv over(Tensor other) {
        return new Conv(other, bias, window, activation);
    }

    @Override public Tensor matrix(Tensor other) {
        return other.reshape(-1, other.shape().size(3));
    }
}
