package gannet.benchmarks;

import gannet.kernel.BackEnds;
import gannet.kernel.Kernels;
import gannet.kernel.MatrixShape;
import gannet.kernel.Storage;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Matrix products `[m,k] · [k,n] → [m,n]` in the sizes of the nets, for a batch of 64: a layer's forward, the gradient of its
/// weights and the gradient of its input; 2·m·k·n floating-point operations each.
///
/// `java -jar benchmarks/target/benchmarks.jar Matmul -p backEnd=simd -p threads=1`
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class MatmulBenchmark {
    @Param({"scalar", "simd"})
    public String backEnd;

    @Param("1")
    public int threads;

    /// m, k and n: the MLP generator's last layer, the DCGAN generator's first, the 64-to-128-channel convolution as one product,
    /// the discriminator's last layer, and a square.
    @Param({"64x1024x784", "64x100x6272", "3136x1024x128", "64x6272x1", "512x512x512"})
    public String mkn;

    private Kernels kernels;
    private MatrixShape forward, weightGradient, inputGradient;
    private Storage x, w, y, dx, dw;

    @Setup public void open() {
        String[] size = mkn.split("x");
        int m = Integer.parseInt(size[0]), k = Integer.parseInt(size[1]), n = Integer.parseInt(size[2]);
        kernels = BackEnds.open(backEnd, threads).kernels();
        forward = MatrixShape.of(m, k, n);
        weightGradient = new MatrixShape(1, k, m, n, true, false);
        inputGradient = new MatrixShape(1, m, n, k, false, true);
        var operands = new Operands(kernels);
        x = operands.normal(m * k);
        w = operands.normal(k * n);
        y = operands.normal(m * n);
        dx = operands.result(m * k);
        dw = operands.result(k * n);
    }

    /// `y[m,n] = x[m,k] · w[k,n]`
    @Benchmark public Storage forward() {
        kernels.matmul(forward, x, w, y);
        return y;
    }

    /// `dw[k,n] = x[m,k]ᵀ · dy[m,n]`
    @Benchmark public Storage weightGradient() {
        kernels.matmul(weightGradient, x, y, dw);
        return dw;
    }

    /// `dx[m,k] = dy[m,n] · w[k,n]ᵀ`
    @Benchmark public Storage inputGradient() {
        kernels.matmul(inputGradient, y, w, dx);
        return dx;
    }
}
