package gannet.benchmarks;

import gannet.kernel.BackEnds;
import gannet.kernel.ConvShape;
import gannet.kernel.Kernels;
import gannet.kernel.Storage;

import java.util.Arrays;
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

/// The three convolution kernels at the layers of the DCGANs, batch 64. The generator's transposed convolutions are `convInput` here, with
/// the same shapes read from right to left. Each kernel of a shape takes `2·n·oh·ow·kh·kw·c·o` floating-point operations.
///
/// `java -jar benchmarks/target/benchmarks.jar Conv -p backEnd=simd -p threads=1`
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class ConvBenchmark {
    private static final int BATCH = 64;

    @Param({"scalar", "simd"})
    public String backEnd;

    @Param("1")
    public int threads;

    /// Channels in, image height and width, channels out, kernel size, stride, padding.
    @Param({"1x28x28-64_k4s2p1", "64x14x14-128_k4s2p1", "3x64x64-64_k4s2p1", "64x32x32-128_k4s2p1", "128x16x16-256_k4s2p1",
        "256x8x8-512_k4s2p1", "64x32x32-64_k3s1p1"})
    public String layer;

    private Kernels kernels;
    private ConvShape shape;
    private Storage x, w, y, toX, toW, toY;

    @Setup public void open() {
        kernels = BackEnds.open(backEnd, threads).kernels();
        shape = shape(layer);
        var operands = new Operands(kernels);
        x = operands.normal(shape.inputLength());
        w = operands.normal(shape.weightLength());
        y = operands.normal(shape.outputLength());
        toX = operands.result(shape.inputLength());
        toW = operands.result(shape.weightLength());
        toY = operands.result(shape.outputLength());
    }

    private static ConvShape shape(String layer) {
        int[] size = Arrays.stream(layer.split("[^0-9]+")).mapToInt(Integer::parseInt).toArray();
        int in = size[0], h = size[1], w = size[2], out = size[3], k = size[4], stride = size[5], padding = size[6];
        int oh = (h + 2 * padding - k) / stride + 1, ow = (w + 2 * padding - k) / stride + 1;
        return new ConvShape(BATCH, h, w, in, k, k, out, oh, ow, stride, stride, 1, 1, padding, padding);
    }

    /// `x[n,h,w,c], w[kh,kw,c,o] → y[n,oh,ow,o]`
    @Benchmark public Storage conv() {
        kernels.conv(shape, x, w, toY);
        return toY;
    }

    /// `y[n,oh,ow,o], w[kh,kw,c,o] → x[n,h,w,c]`
    @Benchmark public Storage convInput() {
        kernels.convInput(shape, y, w, toX);
        return toX;
    }

    /// `x[n,h,w,c], y[n,oh,ow,o] → w[kh,kw,c,o]`
    @Benchmark public Storage convWeight() {
        kernels.convWeight(shape, x, y, toW);
        return toW;
    }
}
