package gannet.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.BackEnds;
import gannet.kernel.Kernels;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradientsTest {
    private final Kernels k = BackEnds.open("reference", 1).kernels();

    private Tensor vector(double... x) {
        return Tensor.of(k, Shape.of(x.length), x);
    }

    @Test void twoBackwardsOverOneGraphAgree() {
        Tensor x = vector(1, 2, 3), y = x.square().times(x).sum();
        assertArrayEquals(new double[] {3, 12, 27}, Gradients.of(y, x).get(x).toArray(), 1e-12);
        assertArrayEquals(new double[] {3, 12, 27}, Gradients.of(y, x).get(x).toArray(), 1e-12);
    }

    @Test void doubleAndTripleBackward() {
        Tensor x = vector(1, 2, 3), y = x.square().square().sum(); // x⁴
        Tensor first = Gradients.differentiable(y, x), second = Gradients.differentiable(first.sum(), x), third = Gradients.differentiable(second.sum(), x);
        assertArrayEquals(new double[] {12, 48, 108}, second.toArray(), 1e-12);
        assertArrayEquals(new double[] {24, 48, 72}, third.toArray(), 1e-12);
    }

    @Test void aPlainGradientIsAConstant() {
        Tensor x = vector(1, 2), g = Gradients.of(x.square().sum(), x).get(x);
        assertThrows(IllegalArgumentException.class, () -> Gradients.of(g.sum(), x));
    }

    @Test void onlyWhatLiesBetweenIsComputed() {
        Tensor x = vector(1, 2), w = vector(3, 4);
        record Counted(Tensor a, Tensor b, int[] calls) implements CustomOp {
            @Override public List<Tensor> inputs() {
                return List.of(a, b);
            }

            @Override public Shape shape() {
                return a.shape();
            }

            @Override public void forward(Kernels k, gannet.kernel.Storage y) {
                k.zip(gannet.kernel.Binary.Function.MULTIPLY, a.data(), 1, b.data(), 1, y);
            }

            @Override public void backward(Tensor y, Tensor dy, Gradients d) {
                d.of(a, () -> dy.times(b));
                d.of(b, () -> {
                    calls[0]++;
                    return dy.times(a);
                });
            }
        }
        int[] calls = {0};
        Tensor y = new Counted(x, w, calls).apply().sum();
        Gradients.of(y, x);
        assertEquals(0, calls[0]);
        Gradients.of(y, w);
        assertEquals(1, calls[0]);
    }

    @Test void anUnreachedTargetIsNamed() {
        Tensor x = vector(1, 2), other;
        try (var _ = Scope.within("generator.3")) {
            other = vector(5);
        }
        var e = assertThrows(IllegalArgumentException.class, () -> Gradients.of(x.sum(), other));
        assertTrue(e.getMessage().contains("generator.3") && e.getMessage().contains("[1]"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Gradients.of(x.detach().sum(), x));
        assertThrows(IllegalArgumentException.class, () -> Gradients.of(Tensor.unrecorded(x::sum), x));
    }

    @Test void aChangedWeightIsRefused() {
        Tensor w = vector(1, 2), y = w.square().sum();
        w.assign(vector(5, 6));
        var e = assertThrows(IllegalStateException.class, () -> Gradients.of(y, w));
        assertTrue(e.getMessage().contains("changed in place"), e.getMessage());
    }

    @Test void aChangedResultIsRefused() {
        Tensor x = vector(1), y = x.tanh(); // tanh's gradient reads y
        y.assign(vector(0));
        var e = assertThrows(IllegalStateException.class, () -> Gradients.of(y, x));
        assertTrue(e.getMessage().contains("result"), e.getMessage());
    }

    @Test void theSecondGradientOfAKinkIsZero() {
        Tensor x = vector(-1, 2), first = Gradients.differentiable(x.abs().sum(), x);
        assertArrayEquals(new double[2], Gradients.of(first.sum(), x).get(x).toArray());
    }

    @Test void broadcastsAreUndone() {
        Tensor matrix = Tensor.of(k, Shape.of(2, 3), 1, 2, 3, 4, 5, 6), row = vector(1, 10, 100), column = Tensor.of(k, Shape.of(2, 1), 2, 3), number = Tensor.of(k, Shape.of(), 7);
        Tensor y = matrix.times(row).times(column).plus(number).sum();
        Gradients d = Gradients.of(y, row, column, number);
        assertArrayEquals(new double[] {14, 19, 24}, d.get(row).toArray(), 1e-12);
        assertArrayEquals(new double[] {321, 654}, d.get(column).toArray(), 1e-12);
        assertEquals(6, d.get(number).item());
    }

    @Test void aShapeErrorNamesOperationAndShapes() {
        var e = assertThrows(IllegalArgumentException.class, () -> Tensor.of(k, Shape.of(2, 3), new double[6]).matmul(Tensor.of(k, Shape.of(4, 5), new double[20])));
        assertTrue(e.getMessage().contains("matmul") && e.getMessage().contains("[2,3]") && e.getMessage().contains("[4,5]") && e.getMessage().contains("needed"), e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> vector(1, 2).plus(vector(1, 2, 3)));
        assertTrue(e.getMessage().contains("ADD") && e.getMessage().contains("[2]") && e.getMessage().contains("[3]"), e.getMessage());
    }
}
