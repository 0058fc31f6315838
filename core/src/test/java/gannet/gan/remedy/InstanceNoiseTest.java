package gannet.gan.remedy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.remedy.InstanceNoise.Decay;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.tensor.GradientCheck;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InstanceNoiseTest {
    private static final long SEED = 31;

    private final Kernels k = new ReferenceKernels();
    private final Randoms randoms = new Randoms(k, SEED);

    /// Within five standard errors: σ/√n of the mean, σ²√(2/n) of the variance.
    @Test void whatItAddsHasTheVarianceAskedFor() {
        int n = 20_000;
        double sigma = 0.3;
        double[] added = new InstanceNoise(randoms, sigma, Decay.LINEAR, 10).apply(Tensor.full(k, Shape.of(n, 1), 2)).plus(-2).toArray();
        double mean = Arrays.stream(added).sum() / n, variance = Arrays.stream(added).map(a -> (a - mean) * (a - mean)).sum() / n;
        assertEquals(0, mean, 5 * sigma / Math.sqrt(n), "mean, seed " + SEED);
        assertEquals(sigma * sigma, variance, 5 * sigma * sigma * Math.sqrt(2.0 / n), "variance, seed " + SEED);
    }

    @Test void realAndFakeGetNoiseOfTheirOwn() {
        var noise = new InstanceNoise(randoms, 1, Decay.CONSTANT, 1);
        Tensor x = Tensor.full(k, Shape.of(4, 2), 0);
        assertFalse(Arrays.equals(noise.apply(x).toArray(), noise.apply(x).toArray()));
    }

    @Test void itIsAnnealedExactly() {
        int length = 8;
        for (Decay decay : Decay.values()) {
            var noise = new InstanceNoise(randoms, 0.5, decay, length);
            for (int t = 0; t < 12; t++) {
                double left = 1 - (double) t / length;
                double expected = switch (decay) {
                    case CONSTANT -> 0.5;
                    case LINEAR -> 0.5 * Math.max(0, left);
                    case EXPONENTIAL -> t >= length ? 0 : 0.5 * Math.pow(0.01, (double) t / length);
                };
                assertEquals(expected, noise.sigma().item(), decay == Decay.CONSTANT || t >= length ? 0 : 1e-15, decay + " at step " + t);
                noise.stepped();
            }
        }
    }

    @Test void aGradientPassesUnchanged() {
        var noise = new InstanceNoise(randoms, 0.5, Decay.LINEAR, 10);
        double error = GradientCheck.error(x -> {
            randoms.rewind(Map.of());
            return noise.apply(x.getFirst()).tanh().sum();
        }, List.of(randoms.normal("x", Shape.of(3, 4))), 2, SEED);
        assertTrue(error <= 1e-8, "error " + error + ", seed " + SEED);
    }

    /// Whatever length the second run was given: that of the first counts.
    @Test void aResumedRunGoesOnAsItBegan() {
        var first = new InstanceNoise(randoms, 0.5, Decay.LINEAR, 10);
        for (int t = 0; t < 3; t++) first.stepped();
        var resumed = new InstanceNoise(randoms, 0.5, Decay.LINEAR, 99);
        for (int i = 0; i < first.states().size(); i++) copy(first.states().get(i), resumed.states().get(i));
        for (int t = 3; t < 12; t++) {
            assertArrayEquals(first.sigma().toArray(), resumed.sigma().toArray(), 0, "σ at step " + t);
            first.stepped();
            resumed.stepped();
        }
    }

    private static void copy(State from, State to) {
        double[] elements = new double[from.shape().count()];
        from.read(elements);
        to.write(elements);
    }

    @Test void badSettingsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new InstanceNoise(randoms, -1, Decay.LINEAR, 10));
        assertThrows(IllegalArgumentException.class, () -> new InstanceNoise(randoms, Double.NaN, Decay.LINEAR, 10));
        assertThrows(IllegalArgumentException.class, () -> new InstanceNoise(randoms, 1, Decay.LINEAR, 0));
    }
}
