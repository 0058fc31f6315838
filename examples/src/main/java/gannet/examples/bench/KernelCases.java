package gannet.examples.bench;

import gannet.kernel.ConvShape;
import gannet.kernel.Distribution;
import gannet.kernel.Kernels;
import gannet.kernel.MatrixShape;
import gannet.kernel.Storage;
import gannet.tensor.Functions;
import gannet.tensor.Gradients;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Single kernels on N(0, 1) elements: matrix products and convolutions at the shapes that GANs give them.
final class KernelCases {
    private KernelCases() {}

    /// `sgemm_MxNxK`: `C[m,n] = A[m,k] · B[k,n]`.
    static List<Case> products() {
        List<Case> cases = new ArrayList<>();
        for (int size : new int[] {256, 512, 1024, 2048}) cases.add(product(size, size, size));
        cases.add(product(64, 6272, 100));
        cases.add(product(16384, 256, 2048));
        cases.add(product(4096, 512, 4096));
        cases.add(product(65536, 64, 48));
        return cases;
    }

    private static Case product(int m, int n, int k) {
        return new Case("sgemm_" + m + "x" + n + "x" + k, 2.0 * m * n * k, 0, kernels -> {
            Storage a = normal(kernels, 0, m * k), b = normal(kernels, 1, k * n), c = kernels.allocate(m * n);
            var shape = MatrixShape.of(m, k, n);
            return Call.of(() -> kernels.matmul(shape, a, b, c), c);
        });
    }

    /// `conv_CIxHxW-CO_kKsSpP` and `convT_…`, without bias, each `_fwd` and `_fwdbwd`: with the gradients of input and weights for a given
    /// one of the output. As the peers', they are operations on tensors that find memory for their results within the call.
    static List<Case> convolutions() {
        List<Case> cases = new ArrayList<>();
        for (Layer layer : List.of(new Layer(false, 1, 28, 64, 4, 2, 1), new Layer(false, 64, 14, 128, 4, 2, 1),
                new Layer(false, 3, 64, 64, 4, 2, 1), new Layer(false, 128, 16, 256, 4, 2, 1), new Layer(false, 256, 8, 512, 4, 2, 1),
                new Layer(false, 64, 32, 64, 3, 1, 1), new Layer(true, 128, 7, 64, 4, 2, 1), new Layer(true, 512, 4, 256, 4, 2, 1),
                new Layer(true, 128, 16, 64, 4, 2, 1), new Layer(true, 64, 32, 3, 4, 2, 1))) {
            cases.add(new Case(layer.name() + "_fwd", layer.flop(), 0, layer::forward));
            cases.add(new Case(layer.name() + "_fwdbwd", 3 * layer.flop(), 0, layer::forwardAndBackward));
        }
        return cases;
    }

    /// A (transposed) convolution of `in` channels of `side` × `side` pixels to `out` channels.
    record Layer(boolean transposed, int in, int side, int out, int kernel, int stride, int padding) {
        String name() {
            return (transposed ? "convT_" : "conv_") + in + "x" + side + "x" + side + "-" + out + "_k" + kernel + "s" + stride
                    + "p" + padding;
        }

        int outputSide() {
            return transposed ? (side - 1) * stride - 2 * padding + kernel : (side + 2 * padding - kernel) / stride + 1;
        }

        /// Of the direct form: one multiply-add for each weight and each pixel of the smaller image.
        double flop() {
            int smaller = transposed ? side : outputSide();
            return 2.0 * Case.BATCH * in * out * kernel * kernel * smaller * smaller;
        }

        /// A transposed convolution is the convolution from its output's channels to its input's, read the other way.
        ConvShape shape() {
            int image = transposed ? outputSide() : side, result = transposed ? side : outputSide();
            return new ConvShape(Case.BATCH, image, image, transposed ? out : in, kernel, kernel, transposed ? in : out, result, result,
                    stride, stride, 1, 1, padding, padding);
        }

        /// Nothing is recorded.
        Call forward(Kernels k) {
            Tensor w = weights(k), x = leaf(k, 1, transposed);
            return Call.of(k, () -> Tensor.unrecorded(() -> apply(x, w)));
        }

        Call forwardAndBackward(Kernels k) {
            Tensor w = weights(k), x = leaf(k, 1, transposed), dy = leaf(k, 2, !transposed);
            return Call.of(k, () -> Gradients.of(apply(x, w), dy, List.of(x, w)).get(w));
        }

        private Tensor apply(Tensor x, Tensor w) {
            return transposed ? Functions.convInput(shape(), x, w, null, null) : Functions.conv(shape(), x, w, null, null);
        }

        private Tensor weights(Kernels k) {
            ConvShape s = shape();
            return leaf(k, 0, Shape.of(s.kh(), s.kw(), s.c(), s.o()));
        }

        /// Elements of the convolution's image, or of its result.
        private Tensor leaf(Kernels k, int use, boolean result) {
            ConvShape s = shape();
            return leaf(k, use, result ? Shape.of(s.n(), s.oh(), s.ow(), s.o()) : Shape.of(s.n(), s.h(), s.w(), s.c()));
        }

        private static Tensor leaf(Kernels k, int use, Shape shape) {
            return Tensor.leaf(shape, normal(k, use, shape.count()));
        }
    }

    /// N(0, 1) elements, a stream of their own for each use.
    static Storage normal(Kernels kernels, int use, int length) {
        Storage elements = kernels.allocate(length);
        kernels.random(Distribution.NORMAL, 1, use, 0, kernels.allocate(1), elements);
        return elements;
    }
}
