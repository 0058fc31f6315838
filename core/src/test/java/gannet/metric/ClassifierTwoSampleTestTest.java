package gannet.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.ScalarKernels;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ClassifierTwoSampleTestTest {
    private static final int N = 240;

    private static float[] normal(long seed, double shift, double scale) {
        var random = new SplittableRandom(seed);
        float[] points = new float[2 * N];
        for (int i = 0; i < points.length; i++) points[i] = (float) (shift + scale * random.nextGaussian());
        return points;
    }

    private static ClassifierTwoSampleTest test(float[] a, float[] b, long seed) {
        return ClassifierTwoSampleTest.of(new ScalarKernels(), a, b, 2, seed);
    }

    @Test void tailsOfTheBinomialAreExact() {
        assertEquals(1, ClassifierTwoSampleTest.atLeast(0, 10), 1e-12);
        assertEquals(Math.pow(2, -10), ClassifierTwoSampleTest.atLeast(10, 10), 1e-15);
        assertEquals(638.0 / 1024, ClassifierTwoSampleTest.atLeast(5, 10), 1e-12); // 252 + 210 + 120 + 45 + 10 + 1
        assertEquals(386.0 / 1024, ClassifierTwoSampleTest.atLeast(6, 10), 1e-12);
    }

    @Test void tailOfManyIsTheNormals() {
        // 2 deviations above the mean, with the correction for continuity: 1 − Φ((1044.5 − 1000)/√500) = 0.02329
        assertEquals(0.02329, ClassifierTwoSampleTest.atLeast(1045, 2000), 2e-4);
        assertEquals(1, ClassifierTwoSampleTest.atLeast(1045, 2000) + ClassifierTwoSampleTest.atLeast(956, 2000), 1e-9);
        assertTrue(ClassifierTwoSampleTest.atLeast(1900, 2000) < 1e-300);
    }

    @Test void cannotTellOneDistributionFromItself() {
        double least = 1, greatest = 0;
        for (long seed = 1; seed <= 5; seed++) {
            double p = test(normal(2 * seed, 0, 1), normal(2 * seed + 1, 0, 1), seed).p();
            least = Math.min(least, p);
            greatest = Math.max(greatest, p);
        }
        assertTrue(least > 1e-3 && greatest > 0.2, "p from " + least + " to " + greatest);
    }

    @Test void tellsAShift() {
        var result = test(normal(1, 0, 1), normal(2, 1.5, 1), 3);
        assertEquals(N, result.tested());
        assertTrue(result.accuracy() > 0.75 && result.p() < 1e-8, result.toString()); // Φ(1.5·√2/2) = 0.86 is the best
    }

    @Test void tellsAnotherWidth() {
        var result = test(normal(1, 0, 1), normal(2, 0, 3), 3);
        assertTrue(result.p() < 1e-6, result.toString());
    }

    @Test void sidesCountAlike() {
        float[] a = normal(1, 0, 1), b = normal(2, 1.5, 1);
        assertTrue(test(b, a, 3).p() < 1e-8);
    }

    @Test void refusesTooFewOrUnequal() {
        String few = assertThrows(IllegalArgumentException.class, () -> test(new float[100], new float[100], 0)).getMessage();
        assertEquals("two-sample test of 100 and 100 values: expected as many rows of 2 in both, at least 200", few);
        assertThrows(IllegalArgumentException.class, () -> test(new float[800], new float[802], 0));
    }
}
