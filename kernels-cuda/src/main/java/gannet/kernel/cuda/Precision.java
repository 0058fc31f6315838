package gannet.kernel.cuda;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// How products and convolutions multiply. What they add up is 32-bit floats always.
///
/// Tensor cores take part where factors come in whole vectors of four at addresses of whole vectors, and results are wider and higher than 16: in the
/// kernels where nearly all of the work is. The others, one logit or three colours, are bound by memory and multiply floats at every precision.
enum Precision {
    /// 32-bit floats, 24 bits of significand.
    FP32,
    /// Factors rounded to tf32, 11 bits of significand, on tensor cores: a product is off by up to 2⁻¹⁰ of itself. Compute capability 8.0 and newer.
    TF32,
    /// Factors as sums of two tf32, 22 bits of significand, on tensor cores: a product is off by up to 3 · 2⁻²², and an infinite factor gives NaN. Three
    /// times the products of [#TF32]. Compute capability 8.0 and newer.
    TF32X3;

    /// The system property that chooses, `fp32` where it is not set.
    static final String PROPERTY = "gannet.precision";

    /// What the system property asks for.
    static Precision chosen() {
        String name = System.getProperty(PROPERTY, "fp32");
        for (Precision each : values()) if (each.toString().equals(name)) return each;
        throw new IllegalArgumentException("precision '" + name + "' (" + PROPERTY + "): expected "
                + Arrays.stream(values()).map(Precision::toString).collect(Collectors.joining(", ")));
    }

    /// Whether it takes tensor cores for tf32, which compute capability 8.0 brought.
    boolean tensorCores() {
        return this != FP32;
    }

    @Override public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
