package gannet.nn;

import gannet.kernel.Comparison;
import gannet.tensor.Randoms;
import gannet.tensor.Tensor;

/// Sets each element to 0 with probability `rate` and scales the others by `1/(1 − rate)`, so that sampling can pass everything; Srivastava et al. 2014 (the
/// inverted form). `use` names its draws: give each dropout layer its own.
public record Dropout(double rate, Randoms randoms, String use) implements Layer {
    public Dropout {
        if (!(rate >= 0 && rate < 1)) throw new IllegalArgumentException("dropout rate " + rate + ": it must be at least 0 and below 1");
    }

    @Override public Tensor apply(Tensor x) {
        Tensor mask = Tensor.unrecorded(() -> Tensor.select(Comparison.GREATER_EQUAL, randoms.uniform(use, x.shape()), Tensor.constant(x.kernels(), rate),
                Tensor.constant(x.kernels(), 1 / (1 - rate)), Tensor.constant(x.kernels(), 0)));
        return x.times(mask);
    }

    @Override public Tensor infer(Tensor x) {
        return x;
    }
}
