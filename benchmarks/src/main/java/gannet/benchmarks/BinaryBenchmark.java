package gannet.benchmarks;

import gannet.kernel.Binary;
import gannet.kernel.Storage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// Functions of two arguments of one length, `y[i] = f(a[i], b[i])`: sums, products, gradients of activations.
///
/// `java -jar benchmarks/target/benchmarks.jar Binary -p backEnd=simd`
public class BinaryBenchmark extends KernelBenchmark {
    /// LEAKY_GRADIENT, or one of [Binary.Function].
    @Param({"ADD", "MULTIPLY", "DIVIDE", "TANH_GRADIENT", "LEAKY_GRADIENT"})
    public String function;

    @Param({"65536", "16777216"})
    public int length;

    private Binary f;
    private Storage a, b, y;

    @Override protected void prepare() {
        f = function.equals("LEAKY_GRADIENT") ? new Binary.LeakyGradient(0.2) : Binary.Function.valueOf(function);
        a = normal(length);
        b = normal(length);
        y = result(length);
    }

    @Benchmark public Storage zip(Traffic rate) {
        kernels.zip(f, a, 1, b, 1, y);
        rate.done(2L * length, length, 0);
        return y;
    }
}
