package gannet.metric;

/// The Fréchet distance between Gaussians fitted to two sets of features: `‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½)`; Dowson & Landau 1982, and with a
/// classifier's features Heusel et al. 2017, §2. It says nothing without the classifier and the number of samples that it was taken with: few samples
/// make it greater, and distances by two classifiers don't compare.
public final class Frechet {
    private Frechet() {}

    /// Between `a[n,d]` and `b[m,d]`, row by row.
    public static double distance(float[] a, float[] b, int d) {
        double[] meanA = mean(a, d), meanB = mean(b, d), covA = covariance(a, meanA, d), covB = covariance(b, meanB, d);
        return distance(meanA, covA, meanB, covB);
    }

    /// Between N(μ₁, Σ₁) and N(μ₂, Σ₂), Σ as `[d,d]`.
    static double distance(double[] meanA, double[] covA, double[] meanB, double[] covB) {
        int d = meanA.length;
        double distance = 0;
        for (int i = 0; i < d; i++) {
            double apart = meanA[i] - meanB[i];
            distance += apart * apart + covA[i * d + i] + covB[i * d + i];
        }
        // (Σ₁Σ₂)^½ has the trace of the symmetric (Σ₁^½ Σ₂ Σ₁^½)^½
        double[] root = new SymmetricEigen(covA, d).root();
        for (double value : new SymmetricEigen(symmetric(product(product(root, covB, d), root, d), d), d).values()) distance -= 2 * Math.sqrt(Math.max(0, value));
        return Math.max(0, distance);
    }

    private static double[] mean(float[] rows, int d) {
        int n = rows.length / d;
        if (n < 2 || n * d != rows.length) throw new IllegalArgumentException(rows.length + " values are no 2 or more rows of " + d + " features");
        double[] mean = new double[d];
        for (int i = 0; i < rows.length; i++) mean[i % d] += rows[i];
        for (int k = 0; k < d; k++) mean[k] /= n;
        return mean;
    }

    /// Unbiased, over n − 1.
    private static double[] covariance(float[] rows, double[] mean, int d) {
        int n = rows.length / d;
        double[] covariance = new double[d * d], centred = new double[d];
        for (int row = 0; row < n; row++) {
            for (int k = 0; k < d; k++) centred[k] = rows[row * d + k] - mean[k];
            for (int i = 0; i < d; i++)
                for (int j = 0; j < d; j++) covariance[i * d + j] += centred[i] * centred[j];
        }
        for (int i = 0; i < covariance.length; i++) covariance[i] /= n - 1;
        return covariance;
    }

    private static double[] product(double[] a, double[] b, int d) {
        double[] c = new double[d * d];
        for (int i = 0; i < d; i++)
            for (int k = 0; k < d; k++)
                for (int j = 0; j < d; j++) c[i * d + j] += a[i * d + k] * b[k * d + j];
        return c;
    }

    private static double[] symmetric(double[] a, int d) {
        double[] s = new double[d * d];
        for (int i = 0; i < d; i++) for (int j = 0; j < d; j++) s[i * d + j] = (a[i * d + j] + a[j * d + i]) / 2;
        return s;
    }
}
