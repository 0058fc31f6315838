package gannet.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gannet.kernel.BackEnds;
import gannet.kernel.ConvShape;
import gannet.kernel.Kernels;
import gannet.tensor.Functions;
import gannet.tensor.Gradients;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The kernels that a case calls one after the other are the forward and backward pass that the tensors compute.
class KernelCasesTest {
    private final Kernels kernels = BackEnds.open("reference", 1).kernels();

    @Test void aConvolutionsCallsAreItsForwardAndBackward() {
        check(new KernelCases.Layer(false, 2, 6, 3, 4, 2, 1), new int[] {64, 6, 6, 2}, new int[] {64, 3, 3, 3});
        check(new KernelCases.Layer(false, 2, 4, 3, 3, 1, 1), new int[] {64, 4, 4, 2}, new int[] {64, 4, 4, 3});
    }

    @Test void aTransposedConvolutionsCallsAreItsForwardAndBackward() {
        check(new KernelCases.Layer(true, 3, 3, 2, 4, 2, 1), new int[] {64, 3, 3, 3}, new int[] {64, 6, 6, 2});
    }

    private void check(KernelCases.Layer layer, int[] in, int[] out) {
        ConvShape s = layer.shape();
        Tensor w = Tensor.leaf(Shape.of(s.kh(), s.kw(), s.c(), s.o()), KernelCases.normal(kernels, 0, s.weightLength()));
        Tensor x = leaf(1, in), dy = leaf(2, out);
        Tensor y = layer.transposed() ? Functions.convInput(s, x, w, null, null) : Functions.conv(s, x, w, null, null);
        assertEquals(y.toArray()[0], first(layer.forward(kernels)), 1e-12, layer + " forward");
        double dw = Gradients.of(y, dy, List.of(w)).get(w).toArray()[0];
        assertEquals(dw, first(layer.forwardAndBackward(kernels)), 1e-12, layer + " gradient of the weights");
    }

    private Tensor leaf(int use, int[] sizes) {
        Shape shape = Shape.of(sizes);
        return Tensor.leaf(shape, KernelCases.normal(kernels, use, shape.count()));
    }

    private static double first(Call call) {
        call.run();
        return call.first();
    }
}
