package gannet.nn;

import gannet.tensor.Functions;
import gannet.tensor.Scope;
import gannet.tensor.Tensor;

/// A learned row for each class: `indices[n] → y[n,width]` from `weight[classes,width]`.
public record Embedding(Tensor weight) implements Linear {
    @Override public Tensor apply(Tensor indices) {
        try {
            return Functions.gather(weight, indices);
        } catch (IndexOutOfBoundsException e) { // a kernel doesn't know which layer it works for
            throw new IllegalArgumentException(Scope.place() + "embedding " + weight.shape() + ": " + e.getMessage() + "; classes are 0 to "
                    + (weight.shape().size(0) - 1), e);
        }
    }

    @Override public Embedding with(Parts parts) {
        return new Embedding(parts.weight("table", weight));
    }

    @Override public Embedding over(Tensor other) {
        return new Embedding(other);
    }

    @Override public Tensor matrix(Tensor other) {
        return other;
    }
}
