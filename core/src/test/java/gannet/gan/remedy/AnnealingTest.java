package gannet.gan.remedy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.penalty.JsRegulariser;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.kernel.ScalarBackEnd;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import org.junit.jupiter.api.Test;

class AnnealingTest {
    private final Kernels kernels = new ReferenceKernels();

    @Test void followsRothsFormula() {
        var roth = JsRegulariser.of(kernels, 2);
        var annealing = new Annealing("roth", roth.gamma(), 0.01, 50);
        for (int t = 0; t <= 50; t++) {
            assertEquals(2 * Math.pow(0.01, t / 50.0), roth.gamma().item(), 1e-12, "step " + t);
            annealing.stepped();
        }
    }

    /// What the penalty gives falls with γ.
    @Test void thePenaltyFollows() {
        Tensor real = Tensor.of(kernels, Shape.of(2, 1), 1, -2), fake = Tensor.of(kernels, Shape.of(2, 1), 0.5, 3);
        var roth = JsRegulariser.of(kernels, 2);
        var annealing = new Annealing("roth", roth.gamma(), 0.25, 2);
        double before = roth.of(x -> x.times(3), real, fake).item();
        annealing.stepped();
        assertEquals(before / 2, roth.of(x -> x.times(3), real, fake).item(), 1e-12);
    }

    @Test void goesOnFromItsStates() {
        var first = new Annealing("g", Tensor.of(kernels, Shape.of(), 2), 0.01, 50);
        Tensor value = Tensor.of(kernels, Shape.of(), 2);
        var second = new Annealing("g", value, 0.01, 999);
        for (int t = 0; t < 7; t++) first.stepped();
        for (int i = 0; i < first.states().size(); i++) {
            double[] element = new double[1];
            first.states().get(i).read(element);
            State to = second.states().get(i);
            assertEquals(first.states().get(i).name(), to.name());
            to.write(element);
        }
        assertEquals(2 * Math.pow(0.01, 7 / 50.0), value.item(), 1e-12);
        second.stepped();
        assertEquals(2 * Math.pow(0.01, 8 / 50.0), value.item(), 1e-12);
    }

    /// In 32-bit floats too the error does not add up over many steps.
    @Test void floatsDoNotDrift() {
        Tensor value = Tensor.of(new ScalarBackEnd().open(1), Shape.of(), 2);
        var annealing = new Annealing("g", value, 0.01, 2000);
        for (int t = 0; t < 2000; t++) annealing.stepped();
        assertEquals(0.02, value.item(), 1e-7);
    }

    @Test void refusals() {
        Tensor one = Tensor.of(kernels, Shape.of(), 1);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Annealing("g", one, 0, 5)).getMessage().contains("above 0"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Annealing("g", one, 0.5, 0)).getMessage().contains("at least 1 step"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Annealing("g", Tensor.of(kernels, Shape.of(2), 1, 2), 0.5, 5)).getMessage().contains("one element"));
    }
}
