package gannet.nn;

import gannet.tensor.Tensor;

/// Layer norm: each sample of `x[n,…,c]` over all its other axes, `y = gamma[c] · (x − μ) / √(σ² + ε) + beta[c]`, ε = 1e-5; Ba et al. 2016, with a
/// scale and shift a channel, as TensorFlow's contrib and the WGAN-GP paper's code have it.
public record LayerNorm(Tensor gamma, Tensor beta) implements Layer {
    @Override public Tensor apply(Tensor x) {
        Channels.require("layer norm", x, gamma, 0);
        return normalise(x, 1, x.shape().rank()).times(gamma).plus(beta);
    }

    /// `(x − μ) / √(σ² + 1e-5)` over the axes `from` to `to`, σ² the biased variance.
    static Tensor normalise(Tensor x, int from, int to) {
        Tensor centred = x.minus(x.mean(from, to));
        return centred.dividedBy(centred.square().mean(from, to).plus(1e-5).sqrt());
    }

    @Override public LayerNorm with(Parts parts) {
        return new LayerNorm(parts.weight("gamma", gamma), parts.weight("beta", beta));
    }
}
