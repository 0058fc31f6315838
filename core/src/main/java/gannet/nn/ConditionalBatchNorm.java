package gannet.nn;

import gannet.tensor.Tensor;

/// Batch norm of the last axis of `x[n,…,c]` whose scale and shift belong to each sample's class: `y = gamma[class] · (x − μ) / √(σ² + ε) + beta[class]`
/// from tables `[classes,c]`; Dumoulin et al. 2017, §2.2; de Vries et al. 2017. The statistics are the whole batch's, of all classes, or the running ones, as
/// `norm` has them, which has no scale and shift of its own.
public record ConditionalBatchNorm(Embedding gamma, Embedding beta, BatchNorm norm) implements ConditionalLayer {
    public ConditionalBatchNorm {
        if (norm.gamma() != null || norm.beta() != null)
            throw new IllegalArgumentException("conditional batch norm: its inner norm must have neither gamma nor beta");
    }

    @Override public Tensor apply(Tensor x, Tensor classes) {
        return scaled(norm.apply(x), classes);
    }

    @Override public Tensor infer(Tensor x, Tensor classes) {
        return scaled(norm.infer(x), classes);
    }

    private Tensor scaled(Tensor normalised, Tensor classes) {
        return normalised.times(rows(gamma, normalised, classes)).plus(rows(beta, normalised, classes));
    }

    /// `[n,1,…,1,c]`
    private static Tensor rows(Embedding table, Tensor x, Tensor classes) {
        int[] sizes = x.shape().sizes();
        for (int axis = 1; axis < sizes.length - 1; axis++) sizes[axis] = 1;
        return Conditioning.rows("conditional batch norm", table, x, classes).reshape(sizes);
    }

    @Override public ConditionalBatchNorm with(Parts parts) {
        return new ConditionalBatchNorm(new Embedding(parts.weight("gamma", gamma.weight())), new Embedding(parts.weight("beta", beta.weight())),
                (BatchNorm) parts.<Layer>part("norm", norm));
    }
}
