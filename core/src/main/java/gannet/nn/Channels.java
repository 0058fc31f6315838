package gannet.nn;

import gannet.tensor.Scope;
import gannet.tensor.Tensor;

/// The shape check of the normalisations: without it a `[c]` scale would broadcast an input of one channel to c.
final class Channels {
    private Channels() {}

    /// Throws unless `x` is `[n,…,c]`, of `axes` axes if that is above 0, with as many channels as `gamma[c]`.
    static void require(String layer, Tensor x, Tensor gamma, int axes) {
        int c = gamma.shape().count(), rank = x.shape().rank();
        if (rank < 2 || axes > 0 && rank != axes || x.shape().size(-1) != c)
            throw new IllegalArgumentException(Scope.place() + layer + ": input " + x.shape() + " doesn't fit gamma " + gamma.shape() + "; needed: "
                    + (axes == 4 ? "[n,h,w," : "[n,…,") + c + "]");
    }
}
