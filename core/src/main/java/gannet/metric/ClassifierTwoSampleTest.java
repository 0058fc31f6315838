package gannet.metric;

import static gannet.nn.ActivationLayer.RELU;

import gannet.gan.loss.Minimax;
import gannet.kernel.Kernels;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.optim.Adam;
import gannet.optim.Optimizer;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import gannet.tensor.Workspace;
import java.util.SplittableRandom;

/// The classifier two-sample test (C2ST): a fresh classifier is trained to tell two sets of points apart and judged on points that it has not seen. If both come
/// from one distribution, no classifier can do better than half, and the number it gets right is binomial; Lopez-Paz & Oquab 2017, §3, who approximate that by a normal.
///
/// That it can't tell proves something only of a classifier that can tell where there is a difference: show that too.
///
/// @param tested the points it was judged on, as many of either set
/// @param accuracy the share of them it got right
/// @param p how likely it is to get as many right, or more, by tossing a coin: one-sided
public record ClassifierTwoSampleTest(int tested, double accuracy, double p) {
    private static final int WIDTH = 64, BATCH = 100, EPOCHS = 200;
    /// Adam's rate, which falls linearly to 0.
    private static final double RATE = 3e-3;

    /// Of `a[n,d]` and `b[n,d]`, whose rows come in no order: trains on the first half of each, a perceptron of two hidden layers of 64 for 200 epochs, and
    /// judges on the second.
    public static ClassifierTwoSampleTest of(Kernels kernels, float[] a, float[] b, int d, long seed) {
        int n = a.length / d, half = n / 2;
        if (a.length != b.length || n * d != a.length || half < BATCH)
            throw new IllegalArgumentException("two-sample test of " + a.length + " and " + b.length + " values: expected as many rows of " + d
                    + " in both, at least " + 2 * BATCH);
        Layers l = Layers.fanIn(kernels, seed);
        Network classifier = Network.of("classifier", l.dense(d, WIDTH), RELU, l.dense(WIDTH, WIDTH), RELU, l.dense(WIDTH, 1));
        double[][] points = scaled(a, b, d, half);
        train(classifier, points, half, d, seed);
        int right = right(classifier, points[0], half, n, d, true) + right(classifier, points[1], half, n, d, false);
        int tested = 2 * (n - half);
        return new ClassifierTwoSampleTest(tested, (double) right / tested, atLeast(right, tested));
    }

    private static void train(Network classifier, double[][] points, int half, int d, long seed) {
        Kernels k = classifier.kernels();
        var random = new SplittableRandom(seed);
        var optimizer = new Optimizer(classifier, Adam.PAPER, RATE);
        var workspace = new Workspace(k);
        int steps = EPOCHS * half / BATCH;
        for (int step = 0; step < steps; step++) {
            k.write(new double[] {RATE * (steps - step) / steps}, optimizer.rate().data());
            try (var _ = workspace.open()) {
                Tensor first = classifier.apply(batch(k, points[0], half, d, random)), second = classifier.apply(batch(k, points[1], half, d, random));
                optimizer.descend(new Minimax().discriminator(first, second)); // cross-entropy
            }
        }
    }

    private static Tensor batch(Kernels k, double[] points, int half, int d, SplittableRandom random) {
        double[] rows = new double[BATCH * d];
        for (int i = 0; i < BATCH; i++) System.arraycopy(points, random.nextInt(half) * d, rows, i * d, d);
        return Tensor.temporary(k, Shape.of(BATCH, d), rows);
    }

    private static int right(Network classifier, double[] points, int from, int to, int d, boolean positive) {
        double[] rows = new double[(to - from) * d];
        System.arraycopy(points, from * d, rows, 0, rows.length);
        int right = 0;
        Tensor x = Tensor.of(classifier.kernels(), Shape.of(to - from, d), rows);
        for (double logit : classifier.infer(x).toArray()) if (logit > 0 == positive) right++;
        return right;
    }

    /// Both sets, in units of the deviations that the training halves have together, around their mean.
    private static double[][] scaled(float[] a, float[] b, int d, int half) {
        double[][] scaled = {new double[a.length], new double[b.length]};
        for (int axis = 0; axis < d; axis++) {
            double sum = 0, squares = 0;
            for (int i = axis; i < half * d; i += d) sum += a[i] + b[i];
            double mean = sum / (2 * half);
            for (int i = axis; i < half * d; i += d) squares += (a[i] - mean) * (a[i] - mean) + (b[i] - mean) * (b[i] - mean);
            double deviation = Math.max(Math.sqrt(squares / (2 * half)), 1e-12);
            for (int i = axis; i < a.length; i += d) {
                scaled[0][i] = (a[i] - mean) / deviation;
                scaled[1][i] = (b[i] - mean) / deviation;
            }
        }
        return scaled;
    }

    /// `P(X ≥ k)` for X binomial of n tosses of a coin: the sum of `C(n,i) / 2ⁿ` over i = k … n, each term from the one before it.
    static double atLeast(int k, int n) {
        if (2 * k <= n) return 1 - (k == 0 ? 0 : atLeast(n - k + 1, n)); // by symmetry P(X ≤ k − 1), so that the sum is over the small terms
        double logTerm = -n * Math.log(2);
        for (int i = 0; i < k; i++) logTerm += Math.log((double) (n - i) / (i + 1));
        double term = Math.exp(logTerm), sum = 0;
        for (int i = k; i <= n; i++) {
            sum += term;
            term *= (double) (n - i) / (i + 1);
        }
        return sum;
    }
}
