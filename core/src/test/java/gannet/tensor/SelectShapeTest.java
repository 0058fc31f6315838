package gannet.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gannet.kernel.Comparison;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import org.junit.jupiter.api.Test;

class SelectShapeTest {
    private final Kernels k = new ReferenceKernels();

    /// Among operands of one element the result has the most axes, as a broadcast has.
    @Test void oneElementKeepsItsAxes() {
        Tensor a = Tensor.of(k, Shape.of(1, 1), 3), zero = Tensor.constant(k, 0);
        assertEquals(Shape.of(1, 1), Tensor.select(Comparison.GREATER, Tensor.constant(k, 1), zero, a, zero).shape());
        assertArrayEquals(new double[] {1}, Gradients.of(Tensor.select(Comparison.GREATER, Tensor.constant(k, 1), zero, a, zero).sum(), a).get(a).toArray());
        assertArrayEquals(new double[] {0}, Gradients.of(Tensor.select(Comparison.GREATER, zero, zero, zero.plus(a), zero).sum(), a).get(a).toArray());
        Tensor b = Tensor.constant(k, 5);
        assertArrayEquals(new double[] {1}, Gradients.of(Tensor.select(Comparison.EQUAL, zero, zero, b, a).sum(), b).get(b).toArray());
    }

    /// A running statistic of one channel, under a step's flag.
    @Test void aStateOfOneElementIsCommitted() {
        var state = new State.OfTensor("mean", Tensor.of(k, Shape.of(1), 2));
        state.owner(this);
        try (var workspace = new Workspace(k).open()) {
            state.moveTowards(Tensor.full(k, Shape.of(1), 4), 0.5);
            workspace.commit(this, Tensor.constant(k, 0));
        }
        assertArrayEquals(new double[] {3}, state.tensor().toArray());
    }
}
