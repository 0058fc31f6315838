package gannet.nn;

import gannet.tensor.Tensor;

/// A layer that is linear in its input, up to a bias and an activation behind it: what [SpectralNorm] can divide by its weight's norm.
public sealed interface Linear extends Layer permits Dense, Conv, ConvTranspose, Embedding {
    Tensor weight();

    /// The same layer over another weight.
    Linear over(Tensor other);

    /// A weight as the matrix `[in,out]` that maps an input (of a convolution: one window) to an output; reshaped where that is enough.
    Tensor matrix(Tensor weight);
}
