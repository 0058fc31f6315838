package gannet.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.nn.Goldens;
import gannet.nn.Part;
import gannet.nn.Parts;
import gannet.nn.Weights;
import gannet.tensor.Tensor;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Twenty steps of each optimiser against `torch.optim`, on `f(u, v) = Σ a/2 · (w − c)² + b/4 · w⁴`.
class OptimisersGoldenTest {
    private static final double TOLERANCE = 1e-12;

    private final Kernels kernels = new ReferenceKernels();
    private final Goldens goldens;

    OptimisersGoldenTest() throws IOException {
        goldens = Goldens.of("optimisers");
    }

    private record Point(Tensor u, Tensor v) implements Part<Point> {
        @Override public Point with(Parts parts) {
            return new Point(parts.weight("u", u), parts.weight("v", v));
        }
    }

    @TestFactory Stream<DynamicTest> rules() {
        return Stream.of(test("sgd", new Sgd(0), 0.05), test("momentum", new Sgd(0.9), 0.05), test("adam-paper", Adam.PAPER, 1e-3),
                test("adam-dcgan", Adam.DCGAN, 2e-4), test("adam-fast", new Adam(0.9, 0.999, 1e-3), 0.1), test("rmsprop-lecture", RmsProp.LECTURE, 1e-2),
                test("rmsprop-wgan", RmsProp.WGAN, 5e-5));
    }

    private DynamicTest test(String name, Rule rule, double rate) {
        return dynamicTest(name, () -> {
            Weights<Point> point = Weights.of("point", new Point(goldens.tensor(kernels, "start/u"), goldens.tensor(kernels, "start/v")));
            var optimizer = new Optimizer(point, rule, rate);
            for (int step = 1; step <= 20; step++) {
                optimizer.descend(term("u", point.part().u).plus(term("v", point.part().v)));
                if (step % 5 != 0) continue;
                goldens.check(name + "/" + step + "/u", point.part().u, TOLERANCE);
                goldens.check(name + "/" + step + "/v", point.part().v, TOLERANCE);
            }
        });
    }

    private Tensor term(String name, Tensor w) {
        Tensor a = goldens.tensor(kernels, "function/" + name + ".a"), b = goldens.tensor(kernels, "function/" + name + ".b");
        Tensor c = goldens.tensor(kernels, "function/" + name + ".c");
        return a.times(w.minus(c).square()).times(0.5).plus(b.times(w.square().square()).times(0.25)).sum();
    }

    @Test void defaultsAreThePapers() {
        assertEquals(new Adam(0.9, 0.999, 1e-8), Adam.PAPER, "Kingma & Ba 2015, Algorithm 1");
        assertEquals(new Adam(0.5, 0.999, 1e-8), Adam.DCGAN, "Radford et al. 2016, section 4");
        assertEquals(new Adam(0, 0.9, 1e-8), Adam.SAGAN, "Zhang et al. 2019, section 4");
        assertEquals(new RmsProp(0.9, 1e-8), RmsProp.LECTURE, "Tieleman & Hinton 2012");
        assertEquals(new RmsProp(0.99, 1e-8), RmsProp.WGAN, "Arjovsky et al. 2017's code");
    }
}
