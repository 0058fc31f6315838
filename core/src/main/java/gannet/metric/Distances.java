package gannet.metric;

import java.util.Arrays;

/// Euclidean distances between rows of numbers: how far the members of a set are from one another, and from those of another set.
public final class Distances {
    /// Values summed before a row that is too far already is left.
    private static final int BLOCK = 64;

    private Distances() {}

    /// The mean distance between two different rows of `x[n,d]`: 0 for one row repeated.
    public static double meanPairwise(float[] x, int d) {
        int n = rows(x, d, 2);
        double sum = 0;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < i; j++) sum += Math.sqrt(squared(x, i, x, j, d, Double.POSITIVE_INFINITY));
        return sum / (n * (n - 1.0) / 2);
    }

    /// For each row of `x[n,d]` the distance to the nearest row of `to[m,d]`; 0 for a copy.
    public static double[] nearest(float[] x, float[] to, int d) {
        double[] nearest = new double[rows(x, d, 1)];
        int m = rows(to, d, 1);
        for (int i = 0; i < nearest.length; i++) {
            double best = Double.POSITIVE_INFINITY;
            for (int j = 0; j < m; j++) best = Math.min(best, squared(x, i, to, j, d, best));
            nearest[i] = Math.sqrt(best);
        }
        return nearest;
    }

    /// The median; of an even number of values the mean of the two in the middle.
    public static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static int rows(float[] x, int d, int least) {
        int n = x.length / d;
        if (n < least || n * d != x.length) throw new IllegalArgumentException(x.length + " values are no " + least + " or more rows of " + d);
        return n;
    }

    /// The squared distance; where it is `enough` or more, some number that is.
    private static double squared(float[] a, int i, float[] b, int j, int d, double enough) {
        double sum = 0;
        for (int from = 0; from < d && sum < enough; from += BLOCK) {
            float s0 = 0, s1 = 0;
            int to = Math.min(from + BLOCK, d), at = i * d, bt = j * d, k = from;
            for (; k < to - 1; k += 2) {
                float u = a[at + k] - b[bt + k], v = a[at + k + 1] - b[bt + k + 1];
                s0 += u * u;
                s1 += v * v;
            }
            if (k < to) s0 += (a[at + k] - b[bt + k]) * (a[at + k] - b[bt + k]);
            sum += s0 + s1;
        }
        return sum;
    }
}
