package gannet.kernel;

/// What [Kernels#random] draws.
public enum Distribution {
    /// Uniform in (0, 1): `(u + ½) / 2³²` of Philox's 32-bit words, rounded to the element type, the largest float below 1 at most.
    UNIFORM,
    /// Standard normal, N(0, 1), by Box and Muller's transform of pairs of uniforms.
    NORMAL
}
