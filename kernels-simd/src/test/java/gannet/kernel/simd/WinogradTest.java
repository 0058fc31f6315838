package gannet.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.ConvShape;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The algorithm in one dimension, and which shapes go that way; that they are right there is the conformance suite's.
class WinogradTest {
    private static ConvShape shape(int n, int size, int c, int k, int o, int stride, int padding) {
        int out = (size + 2 * padding - k) / stride + 1;
        return new ConvShape(n, size, size, c, k, k, o, out, out, stride, stride, 1, 1, padding, padding);
    }

    private static void way(boolean forward, boolean input, boolean weight, ConvShape s) {
        assertEquals(forward, WinogradConvolution.suits(s), () -> "conv " + s);
        assertEquals(input, WinogradConvolution.suitsInput(s), () -> "convInput " + s);
        assertEquals(weight, WinogradWeight.suits(s), () -> "convWeight " + s);
    }

    @Test void theLayersOfGansGoThisWay() {
        way(true, true, true, shape(64, 14, 64, 4, 128, 2, 1));
        way(true, true, true, shape(64, 32, 64, 4, 128, 2, 1));
        way(true, true, true, shape(64, 16, 128, 4, 256, 2, 1));
        way(true, true, true, shape(64, 8, 256, 4, 512, 2, 1));
        way(true, true, true, shape(64, 32, 64, 3, 64, 1, 1));
    }

    @Test void whatItCannotDoGoesTheDirectWay() {
        way(false, false, false, shape(64, 28, 1, 4, 64, 2, 1));
        way(false, false, false, shape(64, 32, 64, 4, 3, 2, 1));
        way(false, false, false, shape(64, 32, 64, 5, 64, 1, 2));
        way(false, false, false, shape(64, 32, 64, 3, 64, 2, 1));
        way(false, false, false, shape(64, 32, 64, 1, 64, 1, 0));
        way(false, false, false, new ConvShape(64, 32, 32, 64, 3, 3, 64, 32, 32, 1, 1, 2, 2, 2, 2)); // dilated
        way(false, false, false, new ConvShape(64, 32, 32, 64, 4, 4, 64, 14, 14, 2, 2, 1, 1, 0, 0)); // last rows unread
        way(false, false, false, new ConvShape(64, 32, 32, 64, 3, 3, 64, 35, 35, 1, 1, 1, 1, 3, 3)); // windows of padding only
    }

    @Test void shortSumsAndFewTilesGoTheDirectWay() {
        way(true, false, true, shape(64, 16, 32, 4, 32, 2, 1)); // dy has 32 channels, x 32 in each of four phases
        way(false, false, false, shape(1, 8, 64, 4, 64, 2, 1)); // transforming the weights takes longer than using them
    }

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
            java.util.Arrays.fill(m, Winograd.ONE * n, (Winograd.ONE + 1) * n, 7);
            Winograd.result(taps, m, 0, n, n);
            for (int i = 0; i < Winograd.results(taps) * n; i++) assertEquals(7, m[i]);
        }
        assertTrue(Winograd.results(2) == 4 && Winograd.results(3) == 3);
        assertFalse(Winograd.suits(shape(1, 8, 33, 3, 32, 1, 1)));
    }
}
