package gannet.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FrechetTest {
    /// Σ = R(angle) · diag(a, b) · Rᵀ
    private static double[] turned(double a, double b, double angle) {
        double c = Math.cos(angle), s = Math.sin(angle);
        return new double[] {a * c * c + b * s * s, (a - b) * c * s, (a - b) * c * s, a * s * s + b * c * c};
    }

    @Test void betweenGaussiansWithOneSetOfAxes() {
        // commuting covariances: Σ (μ₁ − μ₂)² + (σ₁ − σ₂)²
        double[] axes = {4, 0, 0, 0, 9, 0, 0, 0, 1}, others = {1, 0, 0, 0, 16, 0, 0, 0, 0};
        double expected = 1 + 4 + 9 + (2 - 1) * (2 - 1) + (3 - 4) * (3 - 4) + 1;
        assertEquals(expected, Frechet.distance(new double[] {0, 0, 0}, axes, new double[] {1, 2, 3}, others), 1e-12);
        assertEquals(1, Frechet.distance(new double[2], turned(4, 9, 0.7), new double[2], turned(1, 9, 0.7)), 1e-12);
    }

    @Test void betweenGaussiansTurnedAgainstEachOther() {
        // 2×2: tr √(AB) = √(tr AB + 2 √det AB)
        double[] a = turned(4, 1, 0.3), b = turned(9, 0.25, 1.4);
        double trace = 0;
        for (int i = 0; i < 2; i++) for (int j = 0; j < 2; j++) trace += a[i * 2 + j] * b[j * 2 + i];
        double expected = 5 + 9.25 - 2 * Math.sqrt(trace + 2 * Math.sqrt(4 * 1 * 9 * 0.25));
        assertEquals(expected, Frechet.distance(new double[2], a, new double[2], b), 1e-12);
        assertEquals(expected, Frechet.distance(new double[2], b, new double[2], a), 1e-12);
    }

    @Test void ofSamples() {
        var random = new Random(3);
        float[] a = new float[4000], b = new float[4000];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) random.nextGaussian();
            b[i] = (float) (3 * random.nextGaussian() + 2);
        }
        assertEquals(0, Frechet.distance(a, a, 2), 1e-9);
        assertEquals(2 * (4 + 4), Frechet.distance(a, b, 2), 0.8, "two axes, each (0 − 2)² + (1 − 3)²");
        assertThrows(IllegalArgumentException.class, () -> Frechet.distance(a, new float[3], 2));
    }

    @Test void rootsOfMatricesThatLackADimension() {
        int d = 12, rank = 5;
        var random = new Random(1);
        double[] f = new double[d * rank], a = new double[d * d];
        for (int i = 0; i < f.length; i++) f[i] = random.nextGaussian();
        for (int i = 0; i < d; i++) for (int j = 0; j < d; j++) for (int k = 0; k < rank; k++) a[i * d + j] += f[i * rank + k] * f[j * rank + k];
        var eigen = new SymmetricEigen(a, d);
        double[] root = eigen.root();
        double worst = 0, trace = 0, sum = 0;
        for (int i = 0; i < d; i++) {
            trace += a[i * d + i];
            sum += eigen.values()[i];
            for (int j = 0; j < d; j++) {
                double square = 0;
                for (int k = 0; k < d; k++) square += root[i * d + k] * root[k * d + j];
                worst = Math.max(worst, Math.abs(square - a[i * d + j]));
            }
        }
        assertTrue(worst < 1e-6, "root² differs by " + worst);
        assertEquals(trace, sum, 1e-9);
        assertThrows(ArithmeticException.class, () -> new SymmetricEigen(new double[] {1, Double.NaN, Double.NaN, 1}, 2));
    }
}
