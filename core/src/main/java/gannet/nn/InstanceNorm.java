package gannet.nn;

import gannet.tensor.Tensor;

/// Instance norm: each channel of each sample of `x[n,h,w,c]` over its pixels, `y = gamma[c] · (x − μ) / √(σ² + ε) + beta[c]`, ε = 1e-5; Ulyanov et
/// al. 2016.
public record InstanceNorm(Tensor gamma, Tensor beta) implements Layer {
    @Override public Tensor apply(Tensor x) {
        Channels.require("instance norm", x, gamma, 4);
        return LayerNorm.normalise(x, 1, 3).times(gamma).plus(beta);
    }

    @Override public InstanceNorm with(Parts parts) {
        return new InstanceNorm(parts.weight("gamma", gamma), parts.weight("beta", beta));
    }
}
