package gannet.metric;

import gannet.kernel.Philox;
import java.util.Arrays;

/// Sliced Wasserstein distance: the mean over random directions u of the W₁ distance between two sets of points seen along u, which in one dimension is the mean
/// distance of the sorted values, `1/L · Σ_u 1/n · Σᵢ |sort(a·u)ᵢ − sort(b·u)ᵢ|`; Bonneel et al. 2015, §2, with W₁. 0 only for the same sets; in units of the points.
public final class SlicedWasserstein {
    private static final int DIRECTIONS = 64;

    private SlicedWasserstein() {}

    /// Between `a[n,d]` and `b[n,d]`, over 64 directions that are the same at every call.
    public static double of(float[] a, float[] b, int d) {
        if (a.length != b.length || a.length == 0 || a.length % d != 0)
            throw new IllegalArgumentException("sliced Wasserstein distance between " + a.length + " and " + b.length + " values: expected as many rows of " + d
                    + " in both");
        int n = a.length / d;
        double[] u = new double[d], along = new double[n], alongB = new double[n];
        double sum = 0;
        for (int l = 0; l < DIRECTIONS; l++) {
            direction(l, u);
            project(a, u, along);
            project(b, u, alongB);
            Arrays.sort(along);
            Arrays.sort(alongB);
            for (int i = 0; i < n; i++) sum += Math.abs(along[i] - alongB[i]);
        }
        return sum / n / DIRECTIONS;
    }

    /// Direction `l`, uniform on the sphere.
    private static void direction(int l, double[] u) {
        int[] words = new int[4];
        double squares = 0;
        for (int i = 0; i < u.length; i++) {
            Philox.block(0, l, i, 0, 0, words, 0);
            u[i] = Philox.normal(words[0], words[1], false);
            squares += u[i] * u[i];
        }
        for (int i = 0; i < u.length; i++) u[i] /= Math.sqrt(squares);
    }

    private static void project(float[] x, double[] u, double[] along) {
        int d = u.length;
        for (int i = 0; i < along.length; i++) {
            double dot = 0;
            for (int k = 0; k < d; k++) dot += x[i * d + k] * u[k];
            along[i] = dot;
        }
    }
}
