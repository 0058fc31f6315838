package gannet.gan.loss;

import gannet.tensor.Tensor;

/// How far a generated batch is from what it should be; one element. Means over all elements, so that weights do not depend on the image's size.
public final class Distances {
    private Distances() {}

    /// `E |a − b|`: what pairs are held together by; Isola et al. 2017, eq. 3, whose authors found it to blur less than the square.
    public static Tensor absolute(Tensor a, Tensor b) {
        return difference(a, b).abs().mean();
    }

    /// `E (a − b)²`
    public static Tensor square(Tensor a, Tensor b) {
        return difference(a, b).square().mean();
    }

    private static Tensor difference(Tensor a, Tensor b) {
        if (!a.shape().equals(b.shape())) throw new IllegalArgumentException("distance of " + a.shape() + " and " + b.shape() + ": they must be alike");
        return a.minus(b);
    }
}
