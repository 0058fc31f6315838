package gannet.benchmarks;

import gannet.kernel.Distribution;
import gannet.kernel.Storage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// Philox4x32-10, as uniform and as normal numbers.
///
/// `java -jar benchmarks/target/benchmarks.jar Random -p backEnd=simd`
public class RandomBenchmark extends KernelBenchmark {
    @Param
    public Distribution distribution;

    /// A batch's z of 100 numbers each, and noise on a batch of 64×64 images.
    @Param({"6400", "786432"})
    public int length;

    private Storage step, y;

    @Override protected void prepare() {
        step = result(1);
        y = result(length);
    }

    @Benchmark public Storage random(Traffic rate) {
        kernels.random(distribution, 1, 2, 3, step, y);
        rate.done(0, length, 0);
        return y;
    }
}
