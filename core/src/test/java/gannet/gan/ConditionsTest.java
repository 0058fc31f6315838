package gannet.gan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.Kernels;
import gannet.kernel.ScalarBackEnd;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {
    private final Kernels kernels = new ScalarBackEnd().open(1);
    private final Randoms randoms = new Randoms(kernels, 7);

    @Test void fakesBesideRealOnesHaveTheirClasses() {
        Tensor classes = Tensor.of(kernels, Shape.of(3), 2, 0, 1);
        Conditions conditions = Conditions.classes(randoms, 3);
        assertSame(classes, conditions.next(3, new Batch(Tensor.of(kernels, Shape.of(3, 1), 1, 2, 3), classes)));
        assertNull(Conditions.NONE.next(3, null));
        assertThrows(IllegalArgumentException.class, () -> Conditions.classes(randoms, 1));
    }

    @Test void drawsAllClassesAlike() {
        Conditions conditions = Conditions.classes(randoms, 10);
        double[] drawn = conditions.next(20_000, null).toArray();
        int[] counts = new int[10];
        for (double k : drawn) counts[(int) k]++; // beyond 0 to 9: an exception
        double chiSquared = Arrays.stream(counts).mapToDouble(n -> (n - 2000.0) * (n - 2000.0) / 2000).sum();
        assertTrue(chiSquared < 27.9, "χ² of 9 degrees, p = 0.001; seed 7: " + Arrays.toString(counts));
        for (double k : drawn) assertEquals(Math.rint(k), k);
        assertFalse(Arrays.equals(drawn, conditions.next(20_000, null).toArray()), "each draw its own");
        randoms.rewind(java.util.Map.of());
        assertArrayEquals(drawn, conditions.next(20_000, null).toArray(), "and the same ones again when the step is");
    }

    @Test void codesAreOneHotBlocksAndNumbersBetweenMinusOneAndOne() {
        Tensor codes = Conditions.codes(randoms, List.of(3, 2), 2).next(4000, null);
        assertEquals(Shape.of(4000, 7), codes.shape());
        double[] c = codes.toArray(), sums = new double[7], squares = new double[7];
        for (int i = 0; i < 4000; i++) {
            assertEquals(1, c[i * 7] + c[i * 7 + 1] + c[i * 7 + 2], "row " + i);
            assertEquals(1, c[i * 7 + 3] + c[i * 7 + 4], "row " + i);
            for (int k = 0; k < 7; k++) {
                double v = c[i * 7 + k];
                assertTrue(k < 5 ? v == 0 || v == 1 : Math.abs(v) < 1, "row " + i + ", code " + v);
                sums[k] += v / 4000;
                squares[k] += v * v / 4000;
            }
        }
        for (int k = 0; k < 7; k++) assertEquals(k < 3 ? 1 / 3.0 : k < 5 ? 0.5 : 0, sums[k], 0.04, "mean of column " + k);
        for (int k = 5; k < 7; k++) assertEquals(1 / 3.0, squares[k], 0.03, "uniform: variance of column " + k);
    }

    @Test void codesAreDrawnBesideRealImagesToo() {
        Batch real = Batch.of(Tensor.of(kernels, Shape.of(2, 1), 1, 2));
        assertEquals(Shape.of(2, 4), Conditions.codes(randoms, List.of(4), 0).next(2, real).shape());
    }
}
