package gannet.nn;

import gannet.kernel.Activation;
import gannet.tensor.State;
import gannet.tensor.Tensor;

/// A layer whose weight is divided by an estimate of its greatest singular value: `W̄ = W / σ`, `σ = uᵀWv`, u and v constants to the gradient; Miyato et
/// al. 2018, §2.1 and Algorithm 1. W has a row an output; a convolution's is `[out, kh·kw·in]`.
///
/// Each application starts from the remembered `u[out]` and makes one power iteration, `v ← Wᵀu/‖Wᵀu‖`, `u ← Wv/‖Wv‖`. Training stages the new u for the
/// end of the step, so all applications of one step agree and a frozen network remembers nothing; sampling makes the same iteration and forgets it.
public record SpectralNorm(Linear layer, State.OfTensor u) implements Fusible {
    /// Keeps a weight of zeros from 0/0 in u and v; as in PyTorch.
    private static final double EPSILON = 1e-12;

    @Override public Tensor apply(Tensor x) {
        Tensor m = constantMatrix(), v = left(m, u.tensor()), next = right(m, v);
        u.moveTowards(next, 1);
        return layer.over(divided(layer, v, next)).apply(x);
    }

    @Override public Tensor infer(Tensor x) {
        Tensor m = constantMatrix(), v = left(m, u.tensor());
        return layer.over(divided(layer, v, right(m, v))).infer(x);
    }

    private Tensor constantMatrix() {
        return Tensor.unrecorded(() -> layer.matrix(layer.weight()));
    }

    /// `m[in,out] · u[out] → v[in]` of length 1; m is Wᵀ.
    private static Tensor left(Tensor m, Tensor u) {
        return Tensor.unrecorded(() -> unit(m.matmul(u.reshape(-1, 1))));
    }

    /// `v[in] · m[in,out] → u[out]` of length 1.
    private static Tensor right(Tensor m, Tensor v) {
        return Tensor.unrecorded(() -> unit(v.reshape(1, -1).matmul(m)));
    }

    private static Tensor unit(Tensor x) {
        return x.dividedBy(x.square().sum().sqrt().clamp(EPSILON, Double.POSITIVE_INFINITY)).reshape(-1);
    }

    /// `W / uᵀWv` as a function of the layer's weight W.
    static Tensor divided(Linear layer, Tensor v, Tensor u) {
        Tensor sigma = v.reshape(1, -1).matmul(layer.matrix(layer.weight())).matmul(u.reshape(-1, 1));
        return layer.weight().dividedBy(sigma.reshape());
    }

    @Override public SpectralNorm with(Parts parts) {
        return new SpectralNorm((Linear) layer.with(parts), parts.state("u", u));
    }

    @Override public Layer followedBy(Activation act) {
        return layer instanceof Fusible fusible && fusible.followedBy(act) instanceof Linear joined ? new SpectralNorm(joined, u) : null;
    }
}
