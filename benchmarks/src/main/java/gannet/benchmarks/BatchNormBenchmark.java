package gannet.benchmarks;

import gannet.kernel.Activation;
import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// Batch norm with its activation, and its gradient, in as few passes as the back end can, against the maps and sums that they consist of. Traffic is counted as
/// if each array went by once for the statistics and once for the result: that is what two passes need.
///
/// `java -jar benchmarks/target/benchmarks.jar BatchNorm -p backEnd=simd`
public class BatchNormBenchmark extends KernelBenchmark {
    private static final double EPSILON = 1e-5;
    private static final Activation LEAKY = new Activation.Leaky(0.2);

    @Param({"fused", "spelledOut"})
    public String form;

    /// Rows and channels: of dcgan28's D, of dcgan64's, and 64 MiB.
    @Param({"3136x128", "65536x64", "262144x64"})
    public String shape;

    private Kernels formed;
    private int rows;
    private Storage x, y, dy, dx, gamma, beta, mean, variance, inverse, dgamma, dbeta;

    @Override protected void prepare() {
        int[] size = Layer.numbers(shape);
        rows = size[0];
        int channels = size[1];
        formed = in(form);
        x = normal(rows * channels);
        dy = normal(rows * channels);
        y = result(rows * channels);
        dx = result(rows * channels);
        gamma = normal(channels);
        beta = normal(channels);
        mean = result(channels);
        variance = result(channels);
        inverse = result(channels);
        dgamma = result(channels);
        dbeta = result(channels);
        kernels.batchNorm(rows, EPSILON, LEAKY, x, gamma, beta, mean, variance, inverse, y);
    }

    /// `y = leaky(gamma · (x − μ) · inverse + beta)`
    @Benchmark public Storage forward(Traffic rate) {
        formed.batchNorm(rows, EPSILON, LEAKY, x, gamma, beta, mean, variance, inverse, y);
        rate.done(2L * x.length(), y.length(), 0);
        return y;
    }

    /// `dx`, `dgamma` and `dbeta` from `dy`
    @Benchmark public Storage gradient(Traffic rate) {
        formed.batchNormGradient(rows, LEAKY, x, y, dy, gamma, mean, inverse, dx, dgamma, dbeta);
        rate.done(6L * x.length(), dx.length(), 0);
        return dx;
    }
}
