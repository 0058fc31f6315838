package gannet.benchmarks;

import gannet.kernel.Binary;
import gannet.kernel.Comparison;
import gannet.kernel.Storage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// The other ways in which two arrays meet: a row for every row, a number for every element, in place, and a choice.
///
/// `java -jar benchmarks/target/benchmarks.jar Broadcast -p backEnd=simd`
public class BroadcastBenchmark extends KernelBenchmark {
    @Param({"65536", "16777216"})
    public int length;

    @Param("64")
    public int channels;

    private Storage a, b, row, column, one, y;

    @Override protected void prepare() {
        a = normal(length);
        b = normal(length);
        row = normal(channels);
        column = normal(length / channels);
        one = normal(1);
        y = result(length);
    }

    /// `y[n,c] = a[n,c] + row[c]`
    @Benchmark public Storage row(Traffic rate) {
        kernels.zip(Binary.Function.ADD, a, 1, row, 1, y);
        rate.done(length, length, 0);
        return y;
    }

    /// `y[n,c] = a[n,c] · column[n]`
    @Benchmark public Storage column(Traffic rate) {
        kernels.zip(Binary.Function.MULTIPLY, a, 1, column, channels, y);
        rate.done(length, length, 0);
        return y;
    }

    /// `y[i] = a[i] · one`
    @Benchmark public Storage scalar(Traffic rate) {
        kernels.zip(Binary.Function.MULTIPLY, a, 1, one, 1, y);
        rate.done(length, length, 0);
        return y;
    }

    /// `b[i] = min(a[i], b[i])`
    @Benchmark public Storage inPlace(Traffic rate) {
        kernels.zip(Binary.Function.MINIMUM, a, 1, b, 1, b);
        rate.done(2L * length, 0, length);
        return b;
    }

    /// `y[i] = a[i] > b[i] ? a[i] : b[i]`
    @Benchmark public Storage select(Traffic rate) {
        kernels.select(Comparison.GREATER, a, b, a, b, y);
        rate.done(2L * length, length, 0);
        return y;
    }
}
