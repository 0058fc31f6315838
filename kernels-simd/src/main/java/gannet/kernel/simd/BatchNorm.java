package gannet.kernel.simd;

import gannet.kernel.Activation;
import gannet.kernel.FloatStorage;
import java.util.Arrays;

/// Batch norm over the rows of `x[rows,c]`, in two passes each way; Ioffe & Szegedy 2015, Algorithm 1.
///
/// **Wide rows.** The memory of `x[rows,c]` is also that of `x[rows/g, g·c]`, whose columns j, j + c, j + 2c … are parts of one channel. With g such that
/// g·c is whole vectors ([#group]), every number of channels is computed in full vectors; the g parts are put together with the blocks, in double. Rows
/// that do not fill a wide one come last.
///
/// **Forward.** Pass 1 sums, over blocks of wide rows (their height depends on the shape only) and in 32-bit floats, the distances of the rows from the block's
/// first row and their squares; the blocks are then combined in double, about the mean (Chan, Golub & LeVeque 1979): nothing cancels, whatever the mean,
/// and x is read from memory once. Pass 2 writes `act((x − μ) · scale + beta)`, with the part of μ that a float cannot hold folded into beta.
///
/// **Gradient.** Pass 1 sums `g = act'(dy, y)` and `g · (x − μ)` over the same blocks; pass 2 computes g again rather than store it: reading dy and y a
/// second time costs less than writing g and reading it.
///
/// Both are bound by memory: at least 12 bytes an element forward (x, x, y) and 28 back (x, y, dy twice, dx), less what the caches still hold of pass 1,
/// which is why pass 2 takes the blocks in reverse. Blocks are the parts of a region, so their order of addition does not depend on the threads.
///
/// **Streams.** A processor fetches ahead what is read from end to end, and each stream begins with waiting; so a pass reads a few long ones, in blocks of up to 256 kB. One core of a Zen 4, per cent of
/// a triad's bandwidth, for 64 channels beyond the second and beyond the third cache: forward 105 to 113 and 82 to 99, gradient 83 to 99 and 74 to 84; with blocks of 64 kB, rows abreast of their
/// neighbours, 71 and 49, 59 and 56. Blocks of 512 kB are no better, nor is a gradient whose first pass reads four rows abreast, twelve streams.
final class BatchNorm {
    /// Bounds of a block's size, and how many blocks there should be at least, for the threads.
    private static final int LEAST_FLOATS = 1 << 14, MOST_FLOATS = 1 << 16, BLOCKS = 16;

    private final Team team;
    private float[] coefficients = new float[0];
    private double[] sums = new double[0];

    BatchNorm(Team team) {
        this.team = team;
    }

    /// How `x[rows,c]` is cut: `wide` rows of `width` floats, `group` rows of x each, in `blocks` of `height`; the last `rest` floats of x fill no wide row.
    private record Cut(int rows, int c, int group, int height) {
        Cut(int rows, int c) {
            this(rows, c, group(c), height(rows, c, group(c) * c));
        }

        /// Blocks enough for the threads; as long as that, since each begins with waiting for memory; and no higher than float sums should be.
        private static int height(int rows, int c, int width) {
            int floats = Math.clamp((long) rows * c / BLOCKS, LEAST_FLOATS, MOST_FLOATS);
            return Math.clamp(floats / width, 32, 256);
        }

        /// The fewest rows that fill whole vectors, and several, so that loops over a wide row are not all overhead.
        private static int group(int c) {
            int group = 1;
            while (group * c % Width.LANES != 0) group *= 2;
            while (group * c < 16 * Width.LANES) group *= 2;
            return group;
        }

        int width() {
            return group * c;
        }

        int wide() {
            return rows / group;
        }

        /// Blocks of wide rows; none if all rows together are less than one.
        int full() {
            return (wide() + height - 1) / height;
        }

        /// With the rest in the last one.
        int blocks() {
            return Math.max(1, full());
        }

        /// Wide rows in a block.
        int height(int block) {
            return Math.min(height, wide() - block * height);
        }

        int at(int block) {
            return block * height * width();
        }

        int rest() {
            return (rows - wide() * group) * c;
        }

        /// The floats of a block, with the rest in the last one.
        int floats(int block) {
            return block == blocks() - 1 ? rows * c - at(block) : height * width();
        }
    }

    void forward(int rows, double epsilon, Activation act, FloatStorage x, FloatStorage gamma, FloatStorage beta, FloatStorage mean,
            FloatStorage variance, FloatStorage inverse, FloatStorage y) {
        int c = gamma.length();
        var cut = new Cut(rows, c);
        int width = cut.width(), last = cut.blocks() - 1;
        float[] xs = x.array(), ys = y.array(), partial = team.partial(cut.blocks() * 3 * width);
        long work = (long) rows * c;
        team.run(cut.full(), work, (b, _) -> BatchNormLoops.moments(xs, x.offset() + cut.at(b), cut.height(b), width, partial, b * 3 * width));
        double[] exact = statistics(cut, partial, x, epsilon, mean, variance, inverse);
        float[] k = coefficients = Worker.atLeast(coefficients, 3 * width);
        for (int j = 0; j < c; j++) {
            k[j] = mean.array()[mean.offset() + j];
            k[width + j] = gamma.array()[gamma.offset() + j] * inverse.array()[inverse.offset() + j];
            k[2 * width + j] = (float) (beta.array()[beta.offset() + j] - (exact[j] - k[j]) * k[width + j]);
        }
        repeat(k, 3, c, width);
        BatchNormLoops.Forward loop = BatchNormLoops.forward(act);
        float p = act == null ? 0 : Loops.first(act.function());
        team.run(last + 1, work, (part, _) -> {
            int b = last - part, at = cut.at(b);
            loop.run(xs, x.offset() + at, cut.floats(b), width, k, ys, y.offset() + at, p);
        });
    }

    /// Makes rows of c coefficients, which begin every `width` floats, that wide (c times a power of two).
    private static void repeat(float[] k, int count, int c, int width) {
        for (int at = 0; at < count * width; at += width)
            for (int done = c; done < width; done *= 2) System.arraycopy(k, at, k, at + done, done);
    }

    /// Folds `n` sums onto the first c of them, in halves.
    private static void fold(double[] sums, int at, int n, int c) {
        for (int half = n / 2; half >= c; half /= 2)
            for (int j = 0; j < half; j++) sums[at + j] += sums[at + half + j];
    }

    /// The blocks' means and squared deviations, put together; returns the means, which may lie between two floats.
    private double[] statistics(Cut cut, float[] partial, FloatStorage x, double epsilon, FloatStorage mean, FloatStorage variance, FloatStorage inverse) {
        int c = cut.c, width = cut.width(), rest = x.offset() + cut.wide() * width;
        double[] all = zeros(2 * width);
        for (int b = 0; b < cut.full(); b++) addSums(width, cut.height(b), partial, b * 3 * width, all);
        fold(all, 0, width, c);
        for (int i = 0; i < cut.rest(); i++) all[i % c] += x.array()[rest + i];
        for (int j = 0; j < c; j++) all[j] /= cut.rows;
        for (int done = c; done < width; done *= 2) System.arraycopy(all, 0, all, done, done);
        for (int b = 0; b < cut.full(); b++) addSquares(width, cut.height(b), partial, b * 3 * width, all);
        fold(all, width, width, c);
        for (int i = 0; i < cut.rest(); i++) {
            double apart = x.array()[rest + i] - all[i % c];
            all[width + i % c] += apart * apart;
        }
        for (int j = 0; j < c; j++) {
            double v = Math.max(0, all[width + j] / cut.rows);
            mean.array()[mean.offset() + j] = (float) all[j];
            variance.array()[variance.offset() + j] = (float) v;
            inverse.array()[inverse.offset() + j] = (float) (1 / Math.sqrt(v + epsilon));
        }
        return all;
    }

    /// Adds a block's sums, `n · p + Σ (x − p)`. Apart from its caller, so that the JIT sees a plain loop.
    private static void addSums(int width, int n, float[] partial, int at, double[] all) {
        for (int j = 0; j < width; j++) all[j] += n * (double) partial[at + j] + partial[at + width + j];
    }

    /// Adds a block's squared distances from the mean, `Σ (x − p)² + (p − μ) · (2 Σ (x − p) + n (p − μ))`.
    private static void addSquares(int width, int n, float[] partial, int at, double[] all) {
        for (int j = 0; j < width; j++) {
            double apart = partial[at + j] - all[j];
            all[width + j] += partial[at + 2 * width + j] + apart * (2.0 * partial[at + width + j] + n * apart);
        }
    }

    void gradient(int rows, Activation act, FloatStorage x, FloatStorage y, FloatStorage dy, FloatStorage gamma, FloatStorage mean,
            FloatStorage inverse, FloatStorage dx, FloatStorage dgamma, FloatStorage dbeta) {
        int c = gamma.length();
        var cut = new Cut(rows, c);
        int width = cut.width(), last = cut.blocks() - 1;
        float[] xs = x.array(), ys = y.array(), dys = dy.array(), dxs = dx.array(), partial = team.partial((last + 1) * 2 * width);
        long work = (long) rows * c;
        BatchNormLoops.Gradient loop = BatchNormLoops.gradient(act);
        float p = act == null ? 0 : Loops.first(act.gradient());
        float[] k = coefficients = Worker.atLeast(coefficients, 4 * width);
        System.arraycopy(mean.array(), mean.offset(), k, 0, c);
        repeat(k, 1, c, width);
        team.run(last + 1, work, (b, _) -> {
            int at = cut.at(b);
            loop.sums(xs, x.offset() + at, ys, y.offset() + at, dys, dy.offset() + at, cut.height(b), width, b == last ? cut.rest() : 0, k, partial,
                    b * 2 * width, p);
        });
        double[] all = zeros(2 * width);
        for (int b = 0; b <= last; b++) add(2 * width, partial, b * 2 * width, all);
        fold(all, 0, width, c);
        fold(all, width, width, c);
        for (int j = 0; j < c; j++) {
            double sum = all[j], product = all[width + j], scale = inverse.array()[inverse.offset() + j];
            dbeta.array()[dbeta.offset() + j] = (float) sum;
            dgamma.array()[dgamma.offset() + j] = (float) (product * scale);
            k[width + j] = (float) (gamma.array()[gamma.offset() + j] * scale);
            k[2 * width + j] = (float) (sum / rows);
            k[3 * width + j] = (float) (product * scale * scale / rows);
        }
        repeat(k, 4, c, width);
        team.run(last + 1, work, (part, _) -> {
            int b = last - part, at = cut.at(b);
            loop.run(xs, x.offset() + at, ys, y.offset() + at, dys, dy.offset() + at, cut.floats(b), width, k, dxs, dx.offset() + at, p);
        });
    }

    private static void add(int n, float[] from, int at, double[] to) {
        for (int j = 0; j < n; j++) to[j] += from[at + j];
    }

    private double[] zeros(int length) {
        if (sums.length < length) sums = new double[length];
        Arrays.fill(sums, 0, length, 0);
        return sums;
    }
}
