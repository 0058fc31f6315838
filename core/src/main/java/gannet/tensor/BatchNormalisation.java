package gannet.tensor;

import gannet.kernel.Activation;
import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import java.util.List;

/// Batch norm of every column of `x[…,c]` with the batch's own statistics, through an activation: one kernel forward, one backward.
/// `y = act(gamma[c] · (x − μ[c]) / √(σ²[c] + ε) + beta[c])`, σ² the biased variance; Ioffe & Szegedy 2015, Algorithm 1. `mean`, `variance`
/// and `inverse` (1/√(σ² + ε)), all `[c]`, are by-products that the forward pass fills; `act` may be null.
record BatchNormalisation(Tensor x, Tensor gamma, Tensor beta, double epsilon, Activation act, Tensor mean, Tensor variance, Tensor inverse)
        implements Operation {
    static BatchNormalisation of(Tensor x, Tensor gamma, Tensor beta, double epsilon, Activation act) {
        Kernels k = x.kernels();
        Shape c = gamma.shape();
        if (c.rank() != 1 || !beta.shape().equals(c) || x.shape().rank() < 2 || x.shape().size(-1) != c.count())
            throw new IllegalArgumentException(Scope.place() + "batch norm: input " + x.shape() + ", gamma " + c + ", beta " + beta.shape()
                    + "; needed: [n,…,c], [c], [c]");
        return new BatchNormalisation(x, gamma, beta, epsilon, act, Tensor.uninitialised(k, c), Tensor.uninitialised(k, c), Tensor.uninitialised(k, c));
    }

    @Override public List<Tensor> inputs() {
        return List.of(x, gamma, beta);
    }

    @Override public Shape shape() {
        return x.shape();
    }

    private int rows() {
        return x.shape().count() / gamma.shape().count();
    }

    @Override public void forward(Kernels k, Storage y) {
        k.batchNorm(rows(), epsilon, act, x.data(), gamma.data(), beta.data(), mean.data(), variance.data(), inverse.data(), y);
    }

    /// The fused kernel's three gradients; where the gradient must be differentiable itself, the same formulas in plain operations, with
    /// the statistics as functions of x.
    @Override public void backward(Tensor y, Tensor dy, Gradients d) {
        if (d.recorded()) {
            spelledOutBackward(y, dy, d);
            return;
        }
        Kernels k = x.kernels();
        Tensor dx = Tensor.uninitialised(k, x.shape()), dgamma = Tensor.uninitialised(k, gamma.shape()), dbeta = Tensor.uninitialised(k, beta.shape());
        k.batchNormGradient(rows(), act, x.data(), y.data(), dy.data(), gamma.data(), mean.data(), inverse.data(), dx.data(), dgamma.data(), dbeta.data());
        d.of(x, () -> dx);
        d.of(gamma, () -> dgamma);
        d.of(beta, () -> dbeta);
    }

    private void spelledOutBackward(Tensor y, Tensor dy, Gradients d) {
        Tensor g = act == null ? dy : dy.zip(act.gradient(), y);
        Tensor centred = centred(), deviation = deviation(centred), normalised = centred.dividedBy(deviation);
        int rowAxes = x.shape().rank() - 1;
        d.of(x, () -> g.minus(g.mean(0, rowAxes)).minus(normalised.times(g.times(normalised).mean(0, rowAxes))).times(gamma).dividedBy(deviation));
        d.of(gamma, () -> g.times(normalised));
        d.of(beta, () -> g);
    }

    /// The same, operation by operation.
    Tensor spelledOut() {
        Tensor centred = centred(), y = centred.dividedBy(deviation(centred)).times(gamma).plus(beta);
        return act == null ? y : y.map(act.function());
    }

    private Tensor centred() {
        return x.minus(x.mean(0, x.shape().rank() - 1));
    }

    private Tensor deviation(Tensor centred) {
        return centred.square().mean(0, x.shape().rank() - 1).plus(epsilon).sqrt();
    }
}
