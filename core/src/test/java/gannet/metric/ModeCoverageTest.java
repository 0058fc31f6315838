package gannet.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.ReferenceKernels;
import gannet.tensor.Randoms;
import org.junit.jupiter.api.Test;

/// The figures of samples whose figures are known: the mixture's own, and three fakes that each pass for it in some of them.
class ModeCoverageTest {
    private static final int N = 2500, MANY = 100_000;
    private static final Mixture RING = Mixture.ring(8, 1, 0.01), GRID = Mixture.grid(5, 2, 0.05);

    private static float[] drawn(Mixture mixture, int n, long seed) {
        double[] samples = mixture.sample(new Randoms(new ReferenceKernels(), seed), n).toArray();
        float[] floats = new float[samples.length];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) samples[i];
        return floats;
    }

    @Test void theRingHasEightDistinctModesAndTheGridTwentyFive() {
        for (Mixture mixture : new Mixture[] {RING, GRID}) {
            for (int i = 0; i < mixture.modes(); i++) {
                double[] c = mixture.centres()[i];
                assertEquals(i, mixture.nearest(c[0], c[1]), "mode " + i);
            }
        }
        assertEquals(8, RING.modes());
        assertEquals(25, GRID.modes());
        assertArrayEquals(new double[] {-4, -4}, GRID.centres()[0]);
        assertArrayEquals(new double[] {0, 0}, GRID.centres()[12]);
        for (double[] c : RING.centres()) assertEquals(1, Math.hypot(c[0], c[1]), 1e-12);
        var one = assertThrows(IllegalArgumentException.class, () -> new Mixture(new double[][] {{1, 0}, {0, 1}, {1, 0}}, 0.01));
        assertTrue(one.getMessage().startsWith("modes 0 and 2"), one.getMessage());
    }

    @Test void itsOwnSamplesHaveTheClosedFormsFigures() {
        for (Mixture mixture : new Mixture[] {RING, GRID}) {
            ModeCoverage c = ModeCoverage.of(mixture, drawn(mixture, MANY, 1));
            assertEquals(mixture.modes(), c.modes(20));
            assertEquals(1 - Math.exp(-4.5), c.highQuality(), 5 * Math.sqrt(0.011 * 0.989 / MANY), "98.9 %");
            // within r < 3σ, E r²/2σ² = 1 − (9/2) e^(−9/2) / (1 − e^(−9/2))
            double cut = Math.sqrt(1 - 4.5 * Math.exp(-4.5) / (1 - Math.exp(-4.5)));
            assertEquals(0.974, cut, 5e-4);
            assertEquals(cut, c.spread(), 0.006);
            // 2n·KL is about χ² of k − 1 degrees of freedom
            assertTrue(c.reverseKl() > 0 && 2 * MANY * c.reverseKl() < mixture.modes() + 6 * Math.sqrt(2.0 * mixture.modes()), "KL " + c.reverseKl());
        }
    }

    @Test void theDensityIntegratesToOne() {
        double sum = 0, h = 0.02;
        for (double x = -5; x < 5; x += h) for (double y = -5; y < 5; y += h) sum += GRID.density(x, y) * h * h;
        assertEquals(1, sum, 1e-6);
        assertEquals(1 / (25 * 2 * Math.PI * 0.05 * 0.05), GRID.density(2, -2), 1e-9);
    }

    @Test void aCircleCoversAllModesButItsQualityIsLow() {
        float[] circle = new float[2 * N];
        for (int i = 0; i < N; i++) {
            circle[2 * i] = (float) Math.cos(2 * Math.PI * (i + 0.5) / N);
            circle[2 * i + 1] = (float) Math.sin(2 * Math.PI * (i + 0.5) / N);
        }
        ModeCoverage c = ModeCoverage.of(RING, circle);
        assertEquals(8, c.modes(20), "23 or 24 samples lie within 3σ of each mode");
        // half the arc whose chord is 3σ: 2 asin(3σ/2)
        assertEquals(8 * 4 * Math.asin(0.015) / (2 * Math.PI), c.highQuality(), 1.0 / N * 8);
        assertEquals(0, c.reverseKl(), 1e-4);
    }

    @Test void noiseTouchesMostModesButHoldsNone() {
        var uniform = new Randoms(new ReferenceKernels(), 3).uniform("noise", gannet.tensor.Shape.of(N, 2)).toArray();
        float[] noise = new float[2 * N];
        for (int i = 0; i < noise.length; i++) noise[i] = (float) (9 * uniform[i] - 4.5);
        ModeCoverage c = ModeCoverage.of(GRID, noise);
        // the expectation is 25 (1 − (1 − π 0.15²/81)^2500) = 22.2
        assertTrue(c.modes(1) >= 20 && c.modes(1) <= 25, c.modes(1) + " modes touched");
        assertEquals(0, c.modes(20));
        assertTrue(c.highQuality() < 0.04, "high quality " + c.highQuality());
        assertTrue(c.reverseKl() < 0.1, "KL " + c.reverseKl());
    }

    @Test void bareCentresAreOfHighQualityWithoutSpread() {
        float[] centres = new float[2 * N];
        for (int i = 0; i < N; i++) for (int axis = 0; axis < 2; axis++) centres[2 * i + axis] = (float) GRID.centres()[i % 25][axis];
        ModeCoverage c = ModeCoverage.of(GRID, centres);
        assertEquals(25, c.modes(20));
        assertEquals(1, c.highQuality());
        assertEquals(0, c.reverseKl(), 1e-12);
        assertEquals(0, c.spread(), 1e-9);
    }

    /// Away from their centre, but still one spot: the spread is that around their own mean.
    @Test void oneSpotHasNoSpreadAndOneModeTheGreatestDivergence() {
        float[] spot = new float[2 * N];
        for (int i = 0; i < N; i++) {
            spot[2 * i] = 1.02f;
            spot[2 * i + 1] = 0;
        }
        ModeCoverage c = ModeCoverage.of(RING, spot);
        assertEquals(1, c.modes(20));
        assertEquals(Math.log(8), c.reverseKl(), 1e-12);
        assertEquals(0, c.spread(), 1e-3);
    }

    @Test void whatIsNotFiniteIsNobodys() {
        ModeCoverage c = ModeCoverage.of(RING, new float[] {1, 0, Float.NaN, 0, Float.POSITIVE_INFINITY, 0, 1.01f, 0});
        assertEquals(0.5, c.highQuality());
        assertEquals(2, c.nearest()[0]);
        assertTrue(Double.isNaN(ModeCoverage.of(RING, new float[] {Float.NaN, 0}).reverseKl()));
    }

    @Test void totalVariationIsTheMassToMove() {
        assertEquals(1, ModeCoverage.totalVariation(new int[] {5, 0}, new int[] {0, 3}));
        assertEquals(0.25, ModeCoverage.totalVariation(new int[] {1, 1, 0}, new int[] {1, 2, 1}), 1e-12);
        assertEquals(0, ModeCoverage.totalVariation(new int[] {2, 4}, new int[] {1, 2}), 1e-12);
    }
}
