package gannet.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class OrthogonalTest {
    @Test void rowsOrColumnsAreOrthonormalTimesTheGain() {
        for (int[] shape : new int[][] {{7, 3}, {3, 7}, {5, 5}, {1, 4}, {64, 64}}) {
            int in = shape[0], out = shape[1], vectors = Math.min(in, out);
            double[] w = new Orthogonal(1.4).draw(in * out, in, out, new Initialiser.Stream(9, 0));
            for (int a = 0; a < vectors; a++)
                for (int b = 0; b < vectors; b++) {
                    double dot = 0;
                    for (int i = 0; i < Math.max(in, out); i++)
                        dot += in >= out ? w[i * out + a] * w[i * out + b] : w[a * out + i] * w[b * out + i];
                    assertEquals(a == b ? 1.96 : 0, dot, 1e-12, in + "×" + out + ", vectors " + a + " and " + b);
                }
        }
    }

    @Test void convolutionsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Orthogonal(1).draw(9 * 4 * 2, 36, 18, new Initialiser.Stream(0, 0)));
    }
}
