package gannet.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DistancesTest {
    @Test void betweenPairs() {
        assertEquals((5 + 1 + Math.sqrt(9 + 9)) / 3, Distances.meanPairwise(new float[] {0, 0, 3, 4, 0, 1}, 2), 1e-12);
        assertEquals(0, Distances.meanPairwise(new float[] {2, 2, 2, 2}, 2));
        assertThrows(IllegalArgumentException.class, () -> Distances.meanPairwise(new float[2], 2));
        assertThrows(IllegalArgumentException.class, () -> Distances.meanPairwise(new float[5], 2));
    }

    @Test void toTheNearest() {
        assertArrayEquals(new double[] {0, 2}, Distances.nearest(new float[] {1, 1, 5, 3}, new float[] {1, 1, 5, 1, 9, 9}, 2), 1e-12);
    }

    @Test void leavesNothingOutOfLongRows() {
        int d = 151, n = 7, m = 40;
        var random = new Random(5);
        float[] x = new float[n * d], to = new float[m * d];
        for (int i = 0; i < x.length; i++) x[i] = random.nextFloat();
        for (int i = 0; i < to.length; i++) to[i] = random.nextFloat();
        double[] nearest = Distances.nearest(x, to, d);
        for (int i = 0; i < n; i++) {
            double best = Double.POSITIVE_INFINITY;
            for (int j = 0; j < m; j++) {
                double sum = 0;
                for (int k = 0; k < d; k++) sum += Math.pow((double) x[i * d + k] - to[j * d + k], 2);
                best = Math.min(best, Math.sqrt(sum));
            }
            assertEquals(best, nearest[i], 1e-5, "row " + i);
        }
    }

    @Test void medians() {
        assertEquals(2, Distances.median(new double[] {3, 1, 2}));
        assertEquals(2.5, Distances.median(new double[] {4, 3, 1, 2}));
    }
}
