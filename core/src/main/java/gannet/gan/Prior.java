package gannet.gan;

import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;

/// Where the generator's input z comes from.
public interface Prior {
    /// What training draws it for.
    String USE = "z";

    /// `n` fresh samples, `[n,z]`.
    Tensor sample(int n);

    /// z ~ N(0, I) of `size` dimensions.
    static Prior normal(Randoms randoms, int size) {
        return normal(randoms, USE, size);
    }

    /// The same drawn for another use than training.
    static Prior normal(Randoms randoms, String use, int size) {
        return n -> randoms.normal(use, Shape.of(n, size));
    }

    /// z ~ U(−1, 1) in each of `size` dimensions; Radford et al. 2016, §4.
    static Prior uniform(Randoms randoms, int size) {
        return uniform(randoms, USE, size);
    }

    /// The same drawn for another use than training.
    static Prior uniform(Randoms randoms, String use, int size) {
        return n -> Tensor.unrecorded(() -> randoms.uniform(use, Shape.of(n, size)).times(2).plus(-1));
    }
}
