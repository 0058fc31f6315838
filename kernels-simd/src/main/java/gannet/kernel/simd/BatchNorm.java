package gannet.kernel.simd;

import gannet.kernel.Activation;
import gannet.kernel.FloatStorage;
import java.util.Arrays;

/// Batch norm over the rows of `x[rows,c]`, in two passes each way; Ioffe & Szegedy 2015, Algorithm 1.
///
/// **Forward.** Pass 1 takes blocks of rows that fit L1 (their height depends on c only) and sums, in 32-bit floats, the distances of the
/// rows from the block's first row and their squares; the blocks are then combined in double, about the mean (Chan, Golub & LeVeque
/// 1979): nothing cancels, whatever the mean, and x is read from memory once. Pass 2 writes `act((x − μ) · scale + beta)`, with the part
/// of μ that a float cannot hold folded into beta.
///
/// **Gradient.** Pass 1 sums `g = act'(dy, y)` and `g · (x − μ)` over the same blocks; pass 2 computes g again rather than store it:
/// reading dy and y a second time costs less than writing g and reading it.
///
/// Both are bound by memory; blocks are the parts of a region, so their order of addition does not depend on the threads.
final class BatchNorm {
    private static final int BLOCK_FLOATS = 4096;

    private final Team team;
    private float[] coefficients = new float[0];
    private double[] sums = new double[0];

    BatchNorm(Team team) {
        this.team = team;
    }

    private static int height(int c) {
        return Math.clamp(BLOCK_FLOATS / c, 8, 512);
    }

    void forward(int rows, double epsilon, Activation act, FloatStorage x, FloatStorage gamma, FloatStorage beta, FloatStorage mean,
            FloatStorage variance, FloatStorage inverse, FloatStorage y) {
        int c = gamma.length(), height = height(c), blocks = (rows + height - 1) / height;
        float[] xs = x.array(), ys = y.array(), partial = team.partial(blocks * 3 * c);
        long work = (long) rows * c;
        team.run(blocks, work, (b, _) -> BatchNormLoops.moments(xs, x.offset() + b * height * c, Math.min(height, rows - b * height), c,
                partial, b * 3 * c));
        double[] exact = statistics(rows, height, blocks, c, partial, epsilon, mean, variance, inverse);
        float[] k = coefficients = Worker.atLeast(coefficients, 3 * c);
        for (int j = 0; j < c; j++) {
            k[j] = mean.array()[mean.offset() + j];
            k[c + j] = gamma.array()[gamma.offset() + j] * inverse.array()[inverse.offset() + j];
            k[2 * c + j] = (float) (beta.array()[beta.offset() + j] - (exact[j] - k[j]) * k[c + j]);
        }
        BatchNormLoops.Forward loop = BatchNormLoops.forward(act);
        float p = act == null ? 0 : Loops.first(act.function());
        team.run(blocks, work, (b, _) -> {
            int at = b * height * c;
            loop.run(xs, x.offset() + at, Math.min(height, rows - b * height), c, k, ys, y.offset() + at, p);
        });
    }

    /// The blocks' means and squared deviations, put together; returns the means, which may lie between two floats.
    private double[] statistics(int rows, int height, int blocks, int c, float[] partial, double epsilon, FloatStorage mean,
            FloatStorage variance, FloatStorage inverse) {
        double[] all = zeros(2 * c);
        for (int b = 0; b < blocks; b++) {
            int n = Math.min(height, rows - b * height), at = b * 3 * c;
            for (int j = 0; j < c; j++) all[j] += n * (double) partial[at + j] + partial[at + c + j];
        }
        for (int j = 0; j < c; j++) all[j] /= rows;
        for (int b = 0; b < blocks; b++) {
            int n = Math.min(height, rows - b * height), at = b * 3 * c;
            for (int j = 0; j < c; j++) {
                double apart = partial[at + j] - all[j];
                all[c + j] += partial[at + 2 * c + j] + apart * (2.0 * partial[at + c + j] + n * apart);
            }
        }
        for (int j = 0; j < c; j++) {
            double v = Math.max(0, all[c + j] / rows);
            mean.array()[mean.offset() + j] = (float) all[j];
            variance.array()[variance.offset() + j] = (float) v;
            inverse.array()[inverse.offset() + j] = (float) (1 / Math.sqrt(v + epsilon));
        }
        return all;
    }

    void gradient(int rows, Activation act, FloatStorage x, FloatStorage y, FloatStorage dy, FloatStorage gamma, FloatStorage mean,
            FloatStorage inverse, FloatStorage dx, FloatStorage dgamma, FloatStorage dbeta) {
        int c = gamma.length(), height = height(c), blocks = (rows + height - 1) / height;
        float[] xs = x.array(), ys = y.array(), dys = dy.array(), dxs = dx.array(), partial = team.partial(blocks * 2 * c);
        long work = (long) rows * c;
        BatchNormLoops.Gradient loop = BatchNormLoops.gradient(act);
        float p = act == null ? 0 : Loops.first(act.gradient());
        float[] k = coefficients = Worker.atLeast(coefficients, 4 * c);
        System.arraycopy(mean.array(), mean.offset(), k, 0, c);
        team.run(blocks, work, (b, _) -> {
            int at = b * height * c;
            loop.sums(xs, x.offset() + at, ys, y.offset() + at, dys, dy.offset() + at, Math.min(height, rows - b * height), c, k, partial,
                    b * 2 * c, p);
        });
        double[] all = zeros(2 * c);
        for (int b = 0; b < blocks; b++) for (int j = 0; j < 2 * c; j++) all[j] += partial[b * 2 * c + j];
        for (int j = 0; j < c; j++) {
            double scale = inverse.array()[inverse.offset() + j];
            dbeta.array()[dbeta.offset() + j] = (float) all[j];
            dgamma.array()[dgamma.offset() + j] = (float) (all[c + j] * scale);
            k[c + j] = (float) (gamma.array()[gamma.offset() + j] * scale);
            k[2 * c + j] = (float) (all[j] / rows);
            k[3 * c + j] = (float) (all[c + j] * scale * scale / rows);
        }
        team.run(blocks, work, (b, _) -> {
            int at = b * height * c;
            loop.run(xs, x.offset() + at, ys, y.offset() + at, dys, dy.offset() + at, Math.min(height, rows - b * height), c, k, dxs,
                    dx.offset() + at, p);
        });
    }

    private double[] zeros(int length) {
        if (sums.length < length) sums = new double[length];
        Arrays.fill(sums, 0, length, 0);
        return sums;
    }
}
