package gannet.metric;

/// The eigenvalues of a symmetric matrix, and its root, by Jacobi's rotations, cyclically; Golub & Van Loan, Matrix Computations, §8.5.3. For the
/// covariances of a hundred features or so: each sweep costs d³, and about ten make all that is off the diagonal vanish.
final class SymmetricEigen {
    private static final int SWEEPS = 60;

    private final int d;
    private final double[] a, vectors;

    /// Of `matrix[d,d]`, which is left as it is.
    SymmetricEigen(double[] matrix, int d) {
        this.d = d;
        a = matrix.clone();
        vectors = new double[d * d];
        for (int i = 0; i < d; i++) vectors[i * d + i] = 1;
        double whole = 0;
        for (double v : a) whole += v * v;
        for (int sweep = 0; !(offDiagonal() <= 1e-28 * whole); sweep++) { // NaN goes on to the refusal
            if (sweep == SWEEPS || Double.isNaN(whole)) throw new ArithmeticException("the eigenvalues of a " + d + "×" + d + " matrix: not found, it holds what is not finite");
            for (int p = 0; p < d; p++) for (int q = p + 1; q < d; q++) rotate(p, q);
        }
    }

    private double offDiagonal() {
        double sum = 0;
        for (int i = 0; i < d; i++) for (int j = 0; j < d; j++) if (i != j) sum += a[i * d + j] * a[i * d + j];
        return sum;
    }

    /// Makes a[p,q] vanish: a ← JᵀaJ, vectors ← vectors · J.
    private void rotate(int p, int q) {
        double apq = a[p * d + q];
        if (apq == 0) return;
        double tau = (a[q * d + q] - a[p * d + p]) / (2 * apq);
        double t = Math.copySign(1, tau) / (Math.abs(tau) + Math.hypot(1, tau)), c = 1 / Math.hypot(1, t), s = t * c;
        for (int k = 0; k < d; k++) turn(a, p * d + k, q * d + k, c, s);
        for (int k = 0; k < d; k++) turn(a, k * d + p, k * d + q, c, s);
        for (int k = 0; k < d; k++) turn(vectors, k * d + p, k * d + q, c, s);
    }

    private static void turn(double[] m, int i, int j, double c, double s) {
        double x = m[i], y = m[j];
        m[i] = c * x - s * y;
        m[j] = s * x + c * y;
    }

    /// The eigenvalues, in no order.
    double[] values() {
        double[] values = new double[d];
        for (int i = 0; i < d; i++) values[i] = a[i * d + i];
        return values;
    }

    /// The symmetric root of a matrix without negative eigenvalues; those that rounding has made negative count as 0.
    double[] root() {
        double[] root = new double[d * d], scaled = new double[d * d];
        for (int i = 0; i < d; i++)
            for (int k = 0; k < d; k++) scaled[i * d + k] = vectors[i * d + k] * Math.sqrt(Math.max(0, a[k * d + k]));
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++) {
                double sum = 0;
                for (int k = 0; k < d; k++) sum += scaled[i * d + k] * vectors[j * d + k];
                root[i * d + j] = sum;
            }
        return root;
    }
}
