package gannet.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.BackEnds;
import gannet.kernel.Binary;
import gannet.kernel.Kernels;
import gannet.kernel.Unary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every operation against finite differences, to order 2, and the completeness of the catalogue.
class CatalogueTest {
    private static final long SEED = 7;
    private final Kernels reference = BackEnds.open("reference", 1).kernels();

    @TestFactory List<DynamicTest> gradientsOfOrderOneAndTwo() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Catalogue.Entry e : Catalogue.entries())
            if (!e.step()) tests.add(DynamicTest.dynamicTest(e.name(), () -> {
                double error = GradientCheck.error(x -> weighted(e.operation().apply(x)), e.inputs(reference, SEED), 2, SEED);
                assertTrue(error <= 1e-6, e.name() + ": relative error " + error + ", seed " + SEED);
            }));
        return tests;
    }

    @Test void stepsHaveNoGradient() {
        for (Catalogue.Entry e : Catalogue.entries())
            if (e.step()) {
                Tensor x = e.inputs(reference, SEED).getFirst();
                // reached through the step alone: zero; x.sum() beside it: one
                Tensor y = e.operation().apply(List.of(x)).sum().plus(x.sum());
                for (double g : Gradients.of(y, x).get(x).toArray()) assertEquals(1, g, e.name());
            }
    }

    /// A gradient that isn't the same for all elements, and not linear in the result, so that second orders show.
    private static Tensor weighted(Tensor y) {
        double[] w = GradientCheck.uniform(y.shape().count(), 0.2, 1.3, SEED, 99);
        return y.times(Tensor.of(y.kernels(), y.shape(), w)).sum().plus(y.square().sum().times(0.3));
    }

    @Test void everyPermittedOperationIsThere() {
        Set<Object> present = new HashSet<>();
        for (Catalogue.Entry e : Catalogue.entries()) present.add(e.of());
        List<Object> missing = new ArrayList<>();
        for (Class<?> c : leaves(Operation.class)) if (c != CustomOp.class && !present.contains(c)) missing.add(c);
        for (Unary.Function f : Unary.Function.values()) if (!present.contains(f)) missing.add(f);
        for (Binary.Function f : Binary.Function.values()) if (!present.contains(f)) missing.add(f);
        for (Class<?> c : List.of(Unary.class, Binary.class))
            for (Class<?> record : leaves(c))
                if (record.isRecord() && present.stream().noneMatch(record::isInstance)) missing.add(record);
        assertTrue(missing.isEmpty(), "not in the catalogue: " + missing);
    }

    private static List<Class<?>> leaves(Class<?> type) {
        if (!type.isSealed()) return List.of(type);
        return Arrays.stream(type.getPermittedSubclasses()).flatMap(c -> leaves(c).stream()).toList();
    }

    @Test void aWrongGradientIsCaught() {
        record Wrong(Tensor x) implements CustomOp {
            @Override public List<Tensor> inputs() {
                return List.of(x);
            }

            @Override public Shape shape() {
                return x.shape();
            }

            @Override public void forward(Kernels k, gannet.kernel.Storage y) {
                k.map(Unary.Function.SQUARE, x.data(), y);
            }

            @Override public void backward(Tensor y, Tensor dy, Gradients d) {
                d.of(x, () -> dy.times(x).times(2.001));
            }
        }
        Tensor x = Tensor.of(reference, Shape.of(3), 1, 2, 3);
        assertTrue(GradientCheck.error(t -> new Wrong(t.getFirst()).apply().sum(), List.of(x), 1, SEED) > 1e-4);
    }
}
