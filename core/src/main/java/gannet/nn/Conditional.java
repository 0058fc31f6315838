package gannet.nn;

import gannet.tensor.Tensor;

/// Something that becomes a layer once it is told a condition: classes `[n]`, codes `[n,k]`, an image to translate. A plain [Layer] is one that
/// ignores it, so whatever trains a network of several inputs trains one of a single input too.
@FunctionalInterface
public interface Conditional {
    /// The layer under `condition`, of which row i goes with row i of the layer's input; null: there is none.
    Layer given(Tensor condition);
}
