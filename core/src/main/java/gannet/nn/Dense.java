package gannet.nn;

import gannet.kernel.Activation;
import gannet.tensor.Functions;
import gannet.tensor.Tensor;

/// `x[n,in] · weight[in,out] + bias[out] → y[n,out]`, then an activation if one was joined. `bias` and `activation` may be null.
public record Dense(Tensor weight, Tensor bias, Activation activation) implements Fusible, Linear {
    @Override public Tensor apply(Tensor x) {
        return Functions.linear(x, weight, bias, activation);
    }

    @Override public Dense with(Parts parts) {
        return new Dense(parts.weight("weight", weight), parts.optional("bias", bias), activation);
    }

    @Override public Layer followedBy(Activation act) {
        return activation == null ? new Dense(weight, bias, act) : null;
    }

    @Override public Dense over(Tensor other) {
        return new Dense(other, bias, activation);
    }

    @Override public Tensor matrix(Tensor other) {
        return other;
    }
}
