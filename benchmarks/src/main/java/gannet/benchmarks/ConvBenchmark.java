package gannet.benchmarks;

import gannet.kernel.ConvShape;
import gannet.kernel.Storage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// The three convolution kernels at the layers of the DCGANs, batch 64. The generator's transposed convolutions are `convInput` here, with
/// the same shapes read from right to left. Each kernel of a shape takes `2·n·oh·ow·kh·kw·c·o` floating-point operations.
///
/// `java -jar benchmarks/target/benchmarks.jar Conv -p backEnd=simd -p threads=1`
public class ConvBenchmark extends KernelBenchmark {
    /// dcgan28's two, dcgan64's five with its generator's first, and one of a residual block. See [Layer#shape].
    @Param({"1x28x28-64_k4s2p1", "64x14x14-128_k4s2p1", "3x64x64-64_k4s2p1", "64x32x32-128_k4s2p1", "128x16x16-256_k4s2p1",
        "256x8x8-512_k4s2p1", "512x4x4-1_k4s1p0", "512x4x4-100_k4s1p0", "64x32x32-64_k3s1p1"})
    public String layer;

    private ConvShape shape;
    private Storage x, w, y, toX, toW, toY;
    private double flop;

    @Override protected void prepare() {
        shape = Layer.shape(BATCH, layer);
        flop = Layer.flop(shape);
        x = normal(shape.inputLength());
        w = normal(shape.weightLength());
        y = normal(shape.outputLength());
        toX = result(shape.inputLength());
        toW = result(shape.weightLength());
        toY = result(shape.outputLength());
    }

    /// `x[n,h,w,c], w[kh,kw,c,o] → y[n,oh,ow,o]`
    @Benchmark public Storage conv(Flops rate) {
        kernels.conv(shape, x, w, toY);
        rate.done(flop);
        return toY;
    }

    /// `y[n,oh,ow,o], w[kh,kw,c,o] → x[n,h,w,c]`
    @Benchmark public Storage convInput(Flops rate) {
        kernels.convInput(shape, y, w, toX);
        rate.done(flop);
        return toX;
    }

    /// `x[n,h,w,c], y[n,oh,ow,o] → w[kh,kw,c,o]`
    @Benchmark public Storage convWeight(Flops rate) {
        kernels.convWeight(shape, x, y, toW);
        rate.done(flop);
        return toW;
    }
}
