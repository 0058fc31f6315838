package gannet.gan.penalty;

import gannet.nn.Layer;
import gannet.tensor.Gradients;
import gannet.tensor.Tensor;

/// How steep a discriminator is at each sample of a batch.
final class Slopes {
    /// Inside the root, so that a zero gradient has a finite slope.
    private static final double EPSILON = 1e-12;

    private Slopes() {}

    /// `‖∇ₓ s(x)‖²`, `[n,1]`, over all of a sample's elements; `s[n,1]` was made from x. Recorded.
    static Tensor squared(Tensor s, Tensor x) {
        return Gradients.differentiable(s.sum(), x).reshape(x.shape().size(0), -1).square().sum(1, 2);
    }

    /// `‖∇ₓ s(x)‖`, `[n,1]`
    static Tensor at(Layer discriminator, Tensor x) {
        return squared(discriminator.apply(x), x).plus(EPSILON).sqrt();
    }

    static double requireWeight(String penalty, double weight) {
        if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException(penalty + ": its weight " + weight + " must be at least 0");
        return weight;
    }
}
