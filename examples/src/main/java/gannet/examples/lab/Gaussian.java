package gannet.examples.lab;

/// The standard normal distribution.
final class Gaussian {
    private static final double TAIL = 12;
    private static final int HALVINGS = 60;

    private Gaussian() {}

    /// The density at x of N(mean, deviation²).
    static double density(double x, double mean, double deviation) {
        double u = (x - mean) / deviation;
        return Math.exp(-u * u / 2) / (deviation * Math.sqrt(2 * Math.PI));
    }

    /// Φ(x), by the series `½ + φ(x) · (x + x³/3 + x⁵/15 + …)`, exact to double precision for |x| < 6; Marsaglia 2004.
    static double below(double x) {
        if (x < -TAIL) return 0;
        if (x > TAIL) return 1;
        double term = x, sum = x;
        for (int i = 3; Math.abs(term) > 1e-17 * Math.abs(sum); i += 2) sum += term *= x * x / i;
        return 0.5 + sum * density(x, 0, 1);
    }

    /// The x with Φ(x) = p, by bisection.
    static double quantile(double p) {
        double low = -TAIL, high = TAIL;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (below(middle) < p) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }
}
