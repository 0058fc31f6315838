package gannet.benchmarks;

import gannet.kernel.Storage;
import gannet.kernel.Unary;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// Functions of one argument, `y[i] = f(x[i])`: activations and what losses and norms are made of. Arithmetic decides inside the cache, memory beyond it.
///
/// `java -jar benchmarks/target/benchmarks.jar Unary -p backEnd=simd -p function=TANH,SIGMOID`
public class UnaryBenchmark extends KernelBenchmark {
    /// LEAKY and AFFINE, or one of [Unary.Function].
    @Param({"EXP", "LOG", "TANH", "SIGMOID", "SOFTPLUS", "RELU", "LEAKY", "AFFINE"})
    public String function;

    /// A layer's activations that stay in the second-level cache, and 64 MiB.
    @Param({"65536", "16777216"})
    public int length;

    private Unary f;
    private Storage x, y;

    @Override protected void prepare() {
        f = switch (function) {
            case "LEAKY" -> new Unary.Leaky(0.2);
            case "AFFINE" -> new Unary.Affine(0.5, 1);
            default -> Unary.Function.valueOf(function);
        };
        x = normal(length);
        y = result(length);
        if (function.equals("LOG")) kernels.map(Unary.Function.ABS, x, x);
    }

    @Benchmark public Storage map(Traffic rate) {
        kernels.map(f, x, y);
        rate.done(length, length, 0);
        return y;
    }
}
