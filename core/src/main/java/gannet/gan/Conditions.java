package gannet.gan;

import gannet.kernel.Kernels;
import gannet.tensor.Functions;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

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

    /// Codes for InfoGAN, drawn afresh whatever the real batch: a one-hot block for each categorical code of that many values, all alike likely, then
    /// `continuous` codes uniform in (−1, 1); `[n,Σ categories + continuous]`, Chen et al. 2016, §7.2.
    static Conditions codes(Randoms randoms, List<Integer> categories, int continuous) {
        return (n, _) -> Tensor.unrecorded(() -> {
            List<Tensor> codes = new ArrayList<>();
            for (int count : categories) codes.add(Functions.gather(unit(randoms.kernels(), count), drawn(randoms, n, count)));
            if (continuous > 0) codes.add(randoms.uniform("codes", Shape.of(n, continuous)).times(2).plus(-1));
            return Functions.concat(1, codes.toArray(Tensor[]::new));
        });
    }

    private static Tensor unit(Kernels kernels, int size) {
        double[] unit = new double[size * size];
        for (int i = 0; i < size; i++) unit[i * (size + 1)] = 1;
        return Tensor.temporary(kernels, Shape.of(size, size), unit);
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
