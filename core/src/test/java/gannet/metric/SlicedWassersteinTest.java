package gannet.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SlicedWassersteinTest {
    private static float[] points(int n, long seed) {
        var random = new SplittableRandom(seed);
        float[] points = new float[2 * n];
        for (int i = 0; i < points.length; i++) points[i] = (float) random.nextGaussian();
        return points;
    }

    @Test void ofASetAndItselfInAnotherOrderIsZero() {
        float[] a = points(50, 1), b = new float[100];
        for (int i = 0; i < 50; i++) {
            b[2 * i] = a[2 * (49 - i)];
            b[2 * i + 1] = a[2 * (49 - i) + 1];
        }
        assertEquals(0, SlicedWasserstein.of(a, b, 2), 0);
    }

    @Test void inOneDimensionIsTheWassersteinDistance() {
        assertEquals((1 + 2 + 0.5) / 3, SlicedWasserstein.of(new float[] {0, 5, 3}, new float[] {7, 1, 3.5f}, 1), 1e-6); // 0→1, 3→3.5, 5→7
    }

    @Test void ofAShiftIsItsMeanLengthAlongAllDirections() {
        float[] a = points(200, 2), b = a.clone();
        for (int i = 0; i < b.length; i += 2) b[i] += 3; // E |3 cos| = 6/π, over 64 directions
        assertEquals(6 / Math.PI, SlicedWasserstein.of(a, b, 2), 0.25);
    }

    @Test void isTheSameBothWays() {
        float[] a = points(100, 3), b = points(100, 4);
        assertEquals(SlicedWasserstein.of(a, b, 2), SlicedWasserstein.of(b, a, 2), 1e-12);
    }

    @Test void refusesUnequalSets() {
        assertThrows(IllegalArgumentException.class, () -> SlicedWasserstein.of(new float[4], new float[6], 2));
        assertThrows(IllegalArgumentException.class, () -> SlicedWasserstein.of(new float[3], new float[3], 2));
    }
}
