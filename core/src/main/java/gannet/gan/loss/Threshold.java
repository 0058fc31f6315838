package gannet.gan.loss;

/// Where a discriminator's outputs part into "real" and "fake", for its accuracy.
public sealed interface Threshold {
    /// At one output: the logit 0, where σ is ½, or ½ for least squares.
    record At(double output) implements Threshold {}

    /// At the mean of the other side's outputs: relativistic losses judge by the difference only.
    record OtherMean() implements Threshold {}

    /// Nowhere: a Wasserstein critic doesn't classify, its gap is reported instead.
    record None() implements Threshold {}
}
