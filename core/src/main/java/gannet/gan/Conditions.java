package gannet.gan;

import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;

/// What fakes are made under.
@FunctionalInterface
public interface Conditions {
    /// None: an unconditional GAN.
    Conditions NONE = (_, _) -> null;

    /// Conditions for `n` fakes; `real` is the batch that the discriminator sees them beside, null in the generator's turn.
    Tensor next(int n, Batch real);

    /// The classes of the real batch where there is one, so that D can't tell fakes by their classes, else one of `count` classes each, all alike
    /// likely; `[n]`.
    static Conditions classes(Randoms randoms, int count) {
        if (count < 2) throw new IllegalArgumentException(count + " classes: a conditional GAN needs at least 2");
        return (n, real) -> real != null ? real.condition() : drawn(randoms, n, count);
    }

    /// Uniform among 0 … count − 1, `[n]`: the number of thresholds i/count that a uniform number passes.
    private static Tensor drawn(Randoms randoms, int n, int count) {
        double[] thresholds = new double[count - 1];
        for (int i = 0; i < thresholds.length; i++) thresholds[i] = (i + 1.0) / count;
        return Tensor.unrecorded(() -> {
            Tensor u = randoms.uniform("classes", Shape.of(n, 1));
            return u.minus(Tensor.temporary(u.kernels(), Shape.of(1, count - 1), thresholds)).sign().relu().sum(1, 2).reshape(n);
        });
    }
}
