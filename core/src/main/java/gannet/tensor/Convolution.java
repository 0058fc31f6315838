package gannet.tensor;

import gannet.kernel.Activation;
import gannet.kernel.ConvShape;
import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import java.util.List;

/// Convolution and its relatives. `Σ conv(x, w) · y` is linear in each of x, w and y; the three partial maps `conv`, `convInput` (which *is*
/// transposed convolution) and `convWeight` are therefore each other's gradients, to any order.
sealed interface Convolution extends Operation {
    /// `x[n,h,w,c], w[kh,kw,c,o] → y[n,oh,ow,o]`
    record Conv(Tensor x, Tensor w, ConvShape s) implements Convolution {
        @Override public List<Tensor> inputs() {
            return List.of(x, w);
        }

        @Override public Shape shape() {
            return output(s);
        }

        @Override public void forward(Kernels k, Storage y) {
            k.conv(s, x.data(), w.data(), y);
        }

        @Override public void backward(Tensor y, Tensor dy, Gradients d) {
            d.of(x, () -> new ConvInput(dy, w, s).apply());
            d.of(w, () -> new ConvWeight(x, dy, s).apply());
        }
    }

    /// Transposed convolution: `y[n,oh,ow,o], w[kh,kw,c,o] → x[n,h,w,c]`; Dumoulin & Visin 2016, relationship 14.
    record ConvInput(Tensor y, Tensor w, ConvShape s) implements Convolution {
        @Override public List<Tensor> inputs() {
            return List.of(y, w);
        }

        @Override public Shape shape() {
            return input(s);
        }

        @Override public void forward(Kernels k, Storage x) {
            k.convInput(s, y.data(), w.data(), x);
        }

        @Override public void backward(Tensor x, Tensor dx, Gradients d) {
            d.of(y, () -> new Conv(dx, w, s).apply());
            d.of(w, () -> new ConvWeight(dx, y, s).apply());
        }
    }

    /// The gradient of the weights: `x[n,h,w,c], y[n,oh,ow,o] → w[kh,kw,c,o]`
    record ConvWeight(Tensor x, Tensor y, ConvShape s) implements Convolution {
        @Override public List<Tensor> inputs() {
            return List.of(x, y);
        }

        @Override public Shape shape() {
            return Shape.of(s.kh(), s.kw(), s.c(), s.o());
        }

        @Override public void forward(Kernels k, Storage w) {
            k.convWeight(s, x.data(), y.data(), w);
        }

        @Override public void backward(Tensor w, Tensor dw, Gradients d) {
            d.of(x, () -> new ConvInput(y, dw, s).apply());
            d.of(y, () -> new Conv(x, dw, s).apply());
        }
    }

    /// `act(conv(x, w) + bias[o])` in one kernel. Either of `bias` and `act` may be null.
    record BiasedConv(Tensor x, Tensor w, Tensor bias, Activation act, ConvShape s) implements Convolution {
        @Override public List<Tensor> inputs() {
            return bias == null ? List.of(x, w) : List.of(x, w, bias);
        }

        @Override public Shape shape() {
            return output(s);
        }

        @Override public void forward(Kernels k, Storage y) {
            k.convBias(s, x.data(), w.data(), bias == null ? null : bias.data(), act, y);
        }

        @Override public void backward(Tensor y, Tensor dy, Gradients d) {
            Tensor g = act == null ? dy : dy.zip(act.gradient(), y);
            d.of(x, () -> new ConvInput(g, w, s).apply());
            d.of(w, () -> new ConvWeight(x, g, s).apply());
            if (bias != null) d.of(bias, () -> g);
        }

        /// The same, operation by operation.
        Tensor spelledOut() {
            return finish(new Conv(x, w, s).apply(), bias, act);
        }
    }

    /// `act(convInput(y, w) + bias[c])` in one kernel. Either of `bias` and `act` may be null.
    record BiasedConvInput(Tensor y, Tensor w, Tensor bias, Activation act, ConvShape s) implements Convolution {
        @Override public List<Tensor> inputs() {
            return bias == null ? List.of(y, w) : List.of(y, w, bias);
        }

        @Override public Shape shape() {
            return input(s);
        }

        @Override public void forward(Kernels k, Storage x) {
            k.convInputBias(s, y.data(), w.data(), bias == null ? null : bias.data(), act, x);
        }

        @Override public void backward(Tensor x, Tensor dx, Gradients d) {
            Tensor g = act == null ? dx : dx.zip(act.gradient(), x);
            d.of(y, () -> new Conv(g, w, s).apply());
            d.of(w, () -> new ConvWeight(g, y, s).apply());
            if (bias != null) d.of(bias, () -> g);
        }

        /// The same, operation by operation.
        Tensor spelledOut() {
            return finish(new ConvInput(y, w, s).apply(), bias, act);
        }
    }

    private static Tensor finish(Tensor y, Tensor bias, Activation act) {
        if (bias != null) y = y.plus(bias);
        return act == null ? y : y.map(act.function());
    }

    private static Shape input(ConvShape s) {
        return Shape.of(s.n(), s.h(), s.w(), s.c());
    }

    private static Shape output(ConvShape s) {
        return Shape.of(s.n(), s.oh(), s.ow(), s.o());
    }
}
