package gannet.nn;

import gannet.tensor.Scope;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;

/// The greatest of k pieces of each output: `x[…,k·c] → y[…,c]`, `y[…,i] = max_j x[…,j·c+i]`, behind a dense layer or a convolution that makes all pieces;
/// Goodfellow et al. 2013 (Maxout Networks), §2.
public record Maxout(int pieces) implements Layer {
    public Maxout {
        if (pieces < 2) throw new IllegalArgumentException("maxout of " + pieces + " pieces: it needs at least 2");
    }

    @Override public Tensor apply(Tensor x) {
        Shape s = x.shape();
        if (s.rank() < 2 || s.size(-1) % pieces != 0)
            throw new IllegalArgumentException(Scope.place() + "maxout: input " + s + "; needed: [n,…,c·" + pieces + "]");
        int c = s.size(-1) / pieces;
        return x.reshape(-1, pieces, c).max(1).reshape(s.with(s.rank() - 1, c).sizes());
    }
}
