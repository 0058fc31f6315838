package gannet.nn;

import gannet.kernel.Activation;
import gannet.tensor.Functions;
import gannet.tensor.Tensor;

/// Transposed convolution: `x[n,h,w,in], weight[kh,kw,out,in] → y[n,h',w',out]` with `h' = (h − 1)·stride − padding + kernel + extra`, plus `bias[out]`, then
/// an activation if one was joined; Dumoulin & Visin 2016, ch. 4. It is the gradient of a [Conv] from out to in channels, whence the weights' order.
/// `bias` and `activation` may be null.
public record ConvTranspose(Tensor weight, Tensor bias, Window window, int extraH, int extraW, Activation activation) implements Fusible, Linear {
    @Override public Tensor apply(Tensor x) {
        return Functions.convInput(window.transposed(x.shape(), weight.shape(), extraH, extraW), x, weight, bias, activation);
    }

    @Override public ConvTranspose with(Parts parts) {
        return new ConvTranspose(parts.weight("weight", weight), parts.optional("bias", bias), window, extraH, extraW, activation);
    }

    @Override public Layer followedBy(Activation act) {
        return activation == null ? new ConvTranspose(weight, bias, window, extraH, extraW, act) : null;
    }

    @Override public ConvTranspose over(Tensor other) {
        return new ConvTranspose(other, bias, window, extraH, extraW, activation);
    }

    @Override public Tensor matrix(Tensor other) {
        return other.permute(0, 1, 3, 2).reshape(-1, other.shape().size(2));
    }
}
