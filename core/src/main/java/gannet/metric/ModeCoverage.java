package gannet.metric;

/// How samples `[n,2]` cover the modes of a [Mixture]. No figure of it proves anything alone: a circle through a ring's modes covers all of them, so does noise
/// given enough samples, and the bare centres are all of high quality.
///
/// @param samples n
/// @param nearest for each mode, the samples that are nearer to it than to any other
/// @param good for each mode, those of them that are within 3σ of its centre: of high quality; Srivastava et al. 2017 (VEEGAN), §4.1
/// @param spread the deviation of the good samples around their mode's own mean, along an axis, as a ratio of σ: the root of the mean, over the modes with at
///     least two, of their variances. The mixture itself has 0.974, the Gaussian cut off at 3σ; NaN if no mode has two
public record ModeCoverage(int samples, int[] nearest, int[] good, double spread) {
    /// How many deviations from its mode a sample of high quality may be.
    private static final double HIGH_QUALITY = 3;

    /// Of `xy[n,2]`, row after row. A sample that is not finite is nobody's: it counts in n alone.
    public static ModeCoverage of(Mixture mixture, float[] xy) {
        if (xy.length == 0 || xy.length % 2 != 0)
            throw new IllegalArgumentException("coverage of " + xy.length + " numbers: needed are samples of two coordinates each");
        int k = mixture.modes();
        int[] nearest = new int[k], good = new int[k];
        double[] x = new double[k], y = new double[k], squares = new double[k];
        for (int i = 0; i < xy.length; i += 2) {
            if (!Float.isFinite(xy[i]) || !Float.isFinite(xy[i + 1])) continue;
            int mode = mixture.nearest(xy[i], xy[i + 1]);
            nearest[mode]++;
            double dx = xy[i] - mixture.centres()[mode][0], dy = xy[i + 1] - mixture.centres()[mode][1];
            if (Math.hypot(dx, dy) >= HIGH_QUALITY * mixture.sigma()) continue;
            good[mode]++;
            x[mode] += dx;
            y[mode] += dy;
            squares[mode] += dx * dx + dy * dy;
        }
        double variances = 0;
        int several = 0;
        for (int i = 0; i < k; i++) {
            if (good[i] < 2) continue;
            variances += Math.max(0, squares[i] - (x[i] * x[i] + y[i] * y[i]) / good[i]) / (2.0 * (good[i] - 1));
            several++;
        }
        return new ModeCoverage(xy.length / 2, nearest, good, Math.sqrt(variances / several) / mixture.sigma());
    }

    /// The modes that hold at least `least` samples of high quality. Papers ask for 1.
    public int modes(int least) {
        int modes = 0;
        for (int count : good) if (count >= least) modes++;
        return modes;
    }

    /// The share of samples that are of high quality. Of the mixture's own, `1 − e^(−9/2)` = 98.9 %.
    public double highQuality() {
        int all = 0;
        for (int count : good) all += count;
        return (double) all / samples;
    }

    /// The reverse Kullback-Leibler divergence over modes, in nats: `Σᵢ qᵢ ln(qᵢ / pᵢ)`, q the shares of samples nearest to each mode and p, of the
    /// mixture, 1/k; Lin et al. 2018 (PacGAN), §4. From 0, all modes alike, to ln k, one mode only; NaN if no sample is finite.
    public double reverseKl() {
        int all = 0;
        for (int count : nearest) all += count;
        double kl = 0;
        for (int count : nearest) if (count > 0) kl += (double) count / all * Math.log((double) count / all * nearest.length);
        return all == 0 ? Double.NaN : kl;
    }

    /// Half the sum of the differences between two histograms' shares, 0 … 1: how much of the mass of the one must move to make the other.
    public static double totalVariation(int[] a, int[] b) {
        if (a.length != b.length) throw new IllegalArgumentException("total variation between histograms of " + a.length + " and " + b.length + " modes");
        long n = 0, m = 0;
        for (int i = 0; i < a.length; i++) {
            n += a[i];
            m += b[i];
        }
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += Math.abs((double) a[i] / n - (double) b[i] / m);
        return sum / 2;
    }
}
