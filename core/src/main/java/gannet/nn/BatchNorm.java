package gannet.nn;

import gannet.kernel.Activation;
import gannet.tensor.Functions;
import gannet.tensor.State;
import gannet.tensor.Tensor;

/// Batch norm of the last axis of `x[…,c]`, then an activation if one was joined (else null); Ioffe & Szegedy 2015.
///
/// Training normalises with the batch's mean and variance, sampling with running averages of them:
/// `running ← running + momentum · (batch − running)`, staged for the end of the step. As in PyTorch, momentum is 0.1, ε is 1e-5 and the running
/// variance averages the unbiased one. `gamma` and `beta` may be null, both: a scale of 1 and a shift of 0 that are not trained.
public record BatchNorm(Tensor gamma, Tensor beta, State.OfTensor mean, State.OfTensor variance, Activation activation) implements Fusible {
    static final double EPSILON = 1e-5, MOMENTUM = 0.1;

    @Override public Tensor apply(Tensor x) {
        var normalised = Functions.batchNorm(x, gamma != null ? gamma : all(x, 1), beta != null ? beta : all(x, 0), EPSILON, activation);
        double rows = (double) x.shape().count() / mean.shape().count();
        mean.moveTowards(normalised.mean(), MOMENTUM);
        variance.moveTowards(Tensor.unrecorded(() -> normalised.variance().times(rows / Math.max(1, rows - 1))), MOMENTUM);
        return normalised.y();
    }

    @Override public Tensor infer(Tensor x) {
        Channels.require("batch norm", x, mean.tensor(), 0);
        Tensor deviation = variance.tensor().plus(EPSILON).sqrt(), scale = gamma == null ? deviation.reciprocal() : gamma.dividedBy(deviation);
        Tensor shift = mean.tensor().times(scale);
        Tensor y = x.times(scale).plus(beta == null ? shift.negate() : beta.minus(shift));
        return activation == null ? y : y.map(activation.function());
    }

    private Tensor all(Tensor x, double value) {
        return Tensor.full(x.kernels(), mean.shape(), value);
    }

    @Override public BatchNorm with(Parts parts) {
        return new BatchNorm(parts.optional("gamma", gamma), parts.optional("beta", beta), parts.state("mean", mean),
                parts.state("variance", variance), activation);
    }

    @Override public Layer followedBy(Activation act) {
        return activation == null ? new BatchNorm(gamma, beta, mean, variance, act) : null;
    }
}
