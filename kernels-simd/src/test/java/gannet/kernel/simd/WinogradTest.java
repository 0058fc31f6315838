package gannet.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The algorithm in one dimension; whole convolutions are the conformance suite's.
class WinogradTest {
    /// Small whole numbers, so that all but the sixths are exact.
    @Test void oneDimensionFiltersAndItsGradients() {
        var random = new Random(1);
        for (int taps = 2; taps <= 3; taps++) {
            int n = 2 * Width.LANES, m = Winograd.results(taps);
            float[] d = whole(random, Winograd.POINTS * n), g = whole(random, taps * n), y = whole(random, m * n);
            float[] v = new float[Winograd.POINTS * n], u = v.clone(), product = v.clone(), z = v.clone(), gradient = v.clone();
            Winograd.data(d, 0, n, v, 0, n, n);
            Winograd.filter(taps, g, 0, n, u, 0, n, n);
            Winograd.gradient(taps, y, 0, n, z, 0, n, n);
            for (int i = 0; i < v.length; i++) {
                product[i] = u[i] * v[i];
                gradient[i] = z[i] * v[i];
            }
            Winograd.result(taps, product, 0, n, n);
            Winograd.filterGradient(taps, gradient, 0, n, n);
            for (int lane = 0; lane < n; lane++) {
                for (int i = 0; i < m; i++) {
                    float want = 0;
                    for (int j = 0; j < taps; j++) want += g[j * n + lane] * d[(i + j) * n + lane];
                    assertEquals(want, product[i * n + lane], 2e-4f, "F(" + m + ", " + taps + "), result " + i + ", seed 1");
                }
                for (int j = 0; j < taps; j++) {
                    float want = 0;
                    for (int i = 0; i < m; i++) want += y[i * n + lane] * d[(i + j) * n + lane];
                    assertEquals(want, gradient[j * n + lane], 2e-4f, "F(" + m + ", " + taps + "), tap " + j + "'s gradient, seed 1");
                }
            }
        }
    }

    private static float[] whole(Random random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = random.nextInt(-9, 10);
        return values;
    }

    @Test void everyResultHasThePointOneOnce() {
        for (int taps = 2; taps <= 3; taps++) {
            int n = Width.LANES;
            float[] m = new float[Winograd.POINTS * n];
            Arrays.fill(m, Winograd.ONE * n, (Winograd.ONE + 1) * n, 7);
            Winograd.result(taps, m, 0, n, n);
            for (int i = 0; i < Winograd.results(taps) * n; i++) assertEquals(7, m[i]);
        }
        assertTrue(Winograd.results(2) == 4 && Winograd.results(3) == 3);
    }
}
