package gannet.benchmarks;

import gannet.kernel.MatrixShape;
import gannet.kernel.Storage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// Matrix products `[m,k] · [k,n] → [m,n]` in the sizes of the nets, for a batch of 64: a layer's forward, the gradient of its
/// weights and the gradient of its input; 2·m·k·n floating-point operations each.
///
/// `java -jar benchmarks/target/benchmarks.jar Matmul -p backEnd=simd -p threads=1`
public class MatmulBenchmark extends KernelBenchmark {
    /// m, k and n: the MLP generator's last layer, the DCGAN generator's first, the 64-to-128-channel convolution as one product,
    /// the discriminator's last layer, and squares.
    @Param({"64x1024x784", "64x100x6272", "3136x1024x128", "64x6272x1", "512x512x512", "2048x2048x2048"})
    public String mkn;

    private MatrixShape forward, weightGradient, inputGradient;
    private Storage x, w, y, dx, dw;
    private double flop;

    @Override protected void prepare() {
        int[] size = Layer.numbers(mkn);
        int m = size[0], k = size[1], n = size[2];
        flop = 2.0 * m * k * n;
        forward = MatrixShape.of(m, k, n);
        weightGradient = new MatrixShape(1, k, m, n, true, false);
        inputGradient = new MatrixShape(1, m, n, k, false, true);
        x = normal(m * k);
        w = normal(k * n);
        y = normal(m * n);
        dx = result(m * k);
        dw = result(k * n);
    }

    /// `y[m,n] = x[m,k] · w[k,n]`
    @Benchmark public Storage forward(Flops rate) {
        kernels.matmul(forward, x, w, y);
        rate.done(flop);
        return y;
    }

    /// `dw[k,n] = x[m,k]ᵀ · dy[m,n]`
    @Benchmark public Storage weightGradient(Flops rate) {
        kernels.matmul(weightGradient, x, y, dw);
        rate.done(flop);
        return dw;
    }

    /// `dx[m,k] = dy[m,n] · w[k,n]ᵀ`
    @Benchmark public Storage inputGradient(Flops rate) {
        kernels.matmul(inputGradient, y, w, dx);
        rate.done(flop);
        return dx;
    }
}
