package gannet.benchmarks;

import gannet.kernel.Activation;
import gannet.kernel.ConvShape;
import gannet.kernel.Kernels;
import gannet.kernel.MatrixShape;
import gannet.kernel.Storage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// A layer's product with its bias and activation in the product's last write, against product, bias and activation one after the other.
///
/// `java -jar benchmarks/target/benchmarks.jar LayerBenchmark -p backEnd=simd`
public class LayerBenchmark extends KernelBenchmark {
    @Param({"fused", "spelledOut"})
    public String form;

    /// See [Layer#shape]; the dense layer is a 1×1 convolution from and to as many channels, with as many results.
    @Param({"1x28x28-64_k4s2p1", "64x14x14-128_k4s2p1"})
    public String layer;

    private static final Activation LEAKY = new Activation.Leaky(0.2), TANH = Activation.Function.TANH;
    private Kernels formed;
    private ConvShape shape;
    private MatrixShape rows;
    private Storage x, w, y, rowsOfX, weights, biasOfX, biasOfY, toX, toY;
    private double flop;

    @Override protected void prepare() {
        formed = in(form);
        shape = Layer.shape(BATCH, layer);
        flop = Layer.flop(shape);
        rows = MatrixShape.of(shape.n() * shape.oh() * shape.ow(), shape.c(), shape.o());
        x = normal(shape.inputLength());
        w = normal(shape.weightLength());
        y = normal(shape.outputLength());
        rowsOfX = x.slice(0, rows.m() * rows.k());
        weights = w.slice(0, rows.k() * rows.n());
        biasOfX = normal(shape.c());
        biasOfY = normal(shape.o());
        toX = result(shape.inputLength());
        toY = result(shape.outputLength());
    }

    /// `leaky(conv(x, w) + bias) → y[n,oh,ow,o]`
    @Benchmark public Storage conv(Flops rate) {
        formed.convBias(shape, x, w, biasOfY, LEAKY, toY);
        rate.done(flop);
        return toY;
    }

    /// `tanh(convInput(y, w) + bias) → x[n,h,w,c]`
    @Benchmark public Storage convInput(Flops rate) {
        formed.convInputBias(shape, y, w, biasOfX, TANH, toX);
        rate.done(flop);
        return toX;
    }

    /// `leaky(x[n·oh·ow,c] · w[c,o] + bias) → y[n·oh·ow,o]`
    @Benchmark public Storage dense(Flops rate) {
        formed.linear(rows, rowsOfX, weights, biasOfY, LEAKY, toY);
        rate.done(2.0 * rows.m() * rows.k() * rows.n());
        return toY;
    }
}
