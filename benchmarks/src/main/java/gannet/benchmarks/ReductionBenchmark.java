package gannet.benchmarks;

import gannet.kernel.Reduction;
import gannet.kernel.Storage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// Sums and maxima over an axis: the gradient of a bias, a mean over the batch, a norm of each sample.
///
/// `java -jar benchmarks/target/benchmarks.jar Reduction -p backEnd=simd`
public class ReductionBenchmark extends KernelBenchmark {
    /// `outer`, `axis`, `inner` of `x[outer,axis,inner] → y[outer,inner]`: biases of 64 and 1 channels, each sample's pixels, all elements.
    @Param({"1x12544x64", "1x50176x1", "64x784x1", "1x262144x64", "1x16777216x1"})
    public String shape;

    private int outer, axis, inner;
    private Storage x, y;

    @Override protected void prepare() {
        int[] size = Layer.numbers(shape);
        outer = size[0];
        axis = size[1];
        inner = size[2];
        x = normal(outer * axis * inner);
        y = result(outer * inner);
    }

    @Benchmark public Storage sum(Traffic rate) {
        kernels.reduce(Reduction.SUM, outer, axis, inner, x, y);
        rate.done(x.length(), y.length(), 0);
        return y;
    }

    @Benchmark public Storage max(Traffic rate) {
        kernels.reduce(Reduction.MAX, outer, axis, inner, x, y);
        rate.done(x.length(), y.length(), 0);
        return y;
    }
}
