package gannet.gan.loss;

import gannet.tensor.Functions;
import gannet.tensor.Tensor;

/// Auxiliary classifier: D's outputs beyond the first are logits of the `classes`, and D and G both minimise their cross-entropy, `weight` times:
/// `−E log C(c | x_real) − E log C(c | x_fake)` for D, `−E log C(c | x_fake)` for G; Odena et al. 2017, eqs. 2 and 3, with weight 1. Conditions are
/// classes `[n]`. Known to favour samples that are easy to classify: with many classes variety within each is lost (Miyato & Koyama 2018).
public record Acgan(int classes, double weight) implements Auxiliary {
    public Acgan {
        if (classes < 2) throw new IllegalArgumentException("auxiliary classifier of " + classes + " classes: it needs at least 2");
        if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException("auxiliary classifier: its weight " + weight + " must be at least 0");
    }

    /// With weight 1.
    public Acgan(int classes) {
        this(classes, 1);
    }

    @Override public Tensor discriminator(Tensor real, Tensor realCondition, Tensor fake, Tensor fakeCondition) {
        return surprise("real", real, realCondition).plus(surprise("fake", fake, fakeCondition));
    }

    @Override public Tensor generator(Tensor fake, Tensor fakeCondition) {
        return surprise("fake", fake, fakeCondition);
    }

    private Tensor surprise(String side, Tensor output, Tensor condition) {
        if (condition == null || condition.shape().rank() != 1 || condition.shape().size(0) != output.shape().size(0))
            throw new IllegalArgumentException("auxiliary classifier: the " + side + " batch has "
                    + (condition == null ? "no condition" : "the condition " + condition.shape()) + "; needed: its classes [" + output.shape().size(0) + "], one a row");
        if (output.shape().rank() != 2 || output.shape().size(1) != 1 + classes)
            throw new IllegalArgumentException("auxiliary classifier: the discriminator gives " + output.shape() + "; needed: [n," + (1 + classes)
                    + "], a logit and " + classes + " class logits");
        return Functions.crossEntropy(output.slice(1, 1, 1 + classes), condition).times(weight);
    }
}
