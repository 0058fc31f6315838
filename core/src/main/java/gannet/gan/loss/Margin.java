package gannet.gan.loss;

import gannet.tensor.Functions;
import gannet.tensor.Tensor;

/// How a relativistic loss turns the margin d, by which a sample that should look more real does so, into a loss `f(d)`; a margin that should be
/// negative gives `f(−d)`. Jolicoeur-Martineau 2018.
public enum Margin {
    /// `softplus(−d)` = −log σ(d)
    LOGISTIC(""),
    /// `(d − 1)²`
    LEAST_SQUARES("-lsgan"),
    /// `max(0, 1 − d)`
    HINGE("-hinge");

    /// What it adds to a loss's name.
    final String suffix;

    Margin(String suffix) {
        this.suffix = suffix;
    }

    /// `E f(d)`, one element.
    Tensor loss(Tensor d) {
        return switch (this) {
            case LOGISTIC -> Functions.logisticLoss(-1, d);
            case LEAST_SQUARES -> d.plus(-1).square().mean();
            case HINGE -> d.negate().plus(1).relu().mean();
        };
    }
}
