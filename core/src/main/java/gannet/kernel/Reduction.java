package gannet.kernel;

/// How [Kernels#reduce] combines the elements along an axis.
public enum Reduction {
    /// Σ; its tree of additions depends on the shape only, never on the number of threads.
    SUM,
    /// The greatest element; NaN if any is NaN.
    MAX
}
