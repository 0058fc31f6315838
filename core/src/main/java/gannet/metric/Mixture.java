package gannet.metric;

import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.Arrays;

/// A mixture of equally likely Gaussians `N(centre, σ²I)` in the plane, the data on which it can be counted what a generator leaves out:
/// `p(x) = 1/k · Σᵢ exp(−‖x − cᵢ‖²/2σ²) / 2πσ²`.
///
/// @param centres `[k][2]`
/// @param sigma σ, the deviation of each Gaussian along each axis
public record Mixture(double[][] centres, double sigma) {
    /// Centres nearer than this many σ would share samples: what is a mode's could not be told.
    private static final double APART = 6;

    public Mixture {
        if (centres.length < 2) throw new IllegalArgumentException("a mixture of " + centres.length + " modes: it needs at least 2");
        if (!(sigma > 0)) throw new IllegalArgumentException("a mixture of deviation " + sigma + ": it must be above 0");
        centres = Arrays.stream(centres).map(double[]::clone).toArray(double[][]::new);
        for (int i = 0; i < centres.length; i++)
            for (int j = 0; j < i; j++)
                if (distance(centres[i], centres[j]) < APART * sigma)
                    throw new IllegalArgumentException("modes " + j + " and " + i + " of a mixture are " + distance(centres[i], centres[j])
                            + " apart: less than " + APART + " times the deviation " + sigma + ", so samples could not be told apart");
    }

    /// `modes` of them on a circle, the first at angle 0, all **distinct**: their angles are 2πi/modes. (A range that includes 2π, found in much code,
    /// puts two modes in one place.) PacGAN's ring, Lin et al. 2018, §4.1: 8 modes, radius 1, σ 0.01.
    public static Mixture ring(int modes, double radius, double sigma) {
        double[][] centres = new double[modes][];
        for (int i = 0; i < modes; i++) {
            double angle = 2 * Math.PI * i / modes;
            centres[i] = new double[] {radius * Math.cos(angle), radius * Math.sin(angle)};
        }
        return new Mixture(centres, sigma);
    }

    /// `side` × `side` of them on a square grid around 0, `step` apart. PacGAN's grid, Lin et al. 2018, §4.1: 5 × 5, 2 apart, σ 0.05.
    public static Mixture grid(int side, double step, double sigma) {
        double[][] centres = new double[side * side][];
        for (int i = 0; i < centres.length; i++)
            centres[i] = new double[] {step * (i / side - (side - 1) / 2.0), step * (i % side - (side - 1) / 2.0)};
        return new Mixture(centres, sigma);
    }

    /// The number of modes, k.
    public int modes() {
        return centres.length;
    }

    /// `n` samples, `[n,2]`, a constant to every gradient. Mode i is drawn where a uniform number passes i of the thresholds 1/k … (k−1)/k; each threshold
    /// passed moves the centre on to the next.
    public Tensor sample(Randoms randoms, int n) {
        int k = modes();
        double[] thresholds = new double[k - 1], moves = new double[2 * (k - 1)];
        for (int i = 0; i < k - 1; i++) {
            thresholds[i] = (i + 1.0) / k;
            for (int axis = 0; axis < 2; axis++) moves[2 * i + axis] = centres[i + 1][axis] - centres[i][axis];
        }
        return Tensor.unrecorded(() -> {
            Tensor u = randoms.uniform("mixture mode", Shape.of(n, 1)), noise = randoms.normal("mixture noise", Shape.of(n, 2));
            Tensor passed = u.minus(Tensor.temporary(u.kernels(), Shape.of(1, k - 1), thresholds)).sign().relu();
            Tensor centre = passed.matmul(Tensor.temporary(u.kernels(), Shape.of(k - 1, 2), moves));
            return centre.plus(Tensor.temporary(u.kernels(), Shape.of(1, 2), centres[0])).plus(noise.times(sigma));
        });
    }

    /// p(x, y).
    public double density(double x, double y) {
        double sum = 0;
        for (double[] c : centres) sum += Math.exp(-(square(x - c[0]) + square(y - c[1])) / (2 * sigma * sigma));
        return sum / (modes() * 2 * Math.PI * sigma * sigma);
    }

    /// The mode whose centre is nearest; the first of them at a tie.
    public int nearest(double x, double y) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < centres.length; i++) {
            double d = square(x - centres[i][0]) + square(y - centres[i][1]);
            if (d < least) {
                least = d;
                best = i;
            }
        }
        return best;
    }

    private static double distance(double[] a, double[] b) {
        return Math.hypot(a[0] - b[0], a[1] - b[1]);
    }

    private static double square(double v) {
        return v * v;
    }
}
