package gannet.kernel.simd;

import gannet.kernel.FloatStorage;
import gannet.kernel.StridedCopy;
import java.util.Arrays;

/// Strided copies. No element is written twice, so the axes may be taken in any order: by falling target stride, so that results are written as they lie
/// in memory, and neighbours that are one run in both are joined. What is left ends in one of six loops: runs, repeated elements, repeated short rows (a
/// channel's value for every pixel, which is what a broadcast is; a call for each row of two floats was 13 % of an unrolled step), single elements with a stride,
/// the same backwards, and, where another axis than the last is contiguous in the source, tiles of a transposition: a line of the source is read once
/// while it is in L1, instead of once an element.
final class Copies {
    /// Floats of a cache line, and lines at a time: where rows of the source are a power of two apart, no more than eight of them fit L1. Rows are repeated until they are as long as
    /// `REPEATED` floats.
    private static final int LINE = 16, LINES = 8, PART = 1 << 14, REPEATED = 1024;

    private final Team team;

    Copies(Team team) {
        this.team = team;
    }

    void copy(StridedCopy c, FloatStorage x, FloatStorage y) {
        float[] xs = x.array(), ys = y.array();
        int count = c.count();
        if (count < y.length()) Arrays.fill(ys, y.offset(), y.offset() + y.length(), 0);
        var axes = new Axes(c);
        int from = x.offset() + c.fromOffset(), to = y.offset() + c.toOffset(), size = axes.sizes[0];
        int each = Math.max(1, (int) ((long) size * PART / count));
        team.run((size + each - 1) / each, count, (part, _) -> {
            int first = part * each, n = Math.min(each, size - first);
            axes.copy(0, n, xs, from + first * axes.from[0], ys, to + first * axes.to[0]);
        });
    }

    /// The axes in the order of the loops, at least one of them.
    private static final class Axes {
        final int[] sizes, from, to;
        private int rank;
        private boolean transposed;

        Axes(StridedCopy c) {
            int given = c.sizes().length;
            sizes = new int[Math.max(1, given)];
            from = new int[sizes.length];
            to = new int[sizes.length];
            sizes[0] = 1;
            for (int axis = 0; axis < given; axis++) if (c.sizes()[axis] != 1) insert(c.sizes()[axis], c.fromStrides()[axis], c.toStrides()[axis]);
            join();
            transpose();
            rank = Math.max(1, rank);
        }

        /// Keeps the target strides in falling order.
        private void insert(int size, int fromStride, int toStride) {
            int at = rank++;
            for (; at > 0 && Math.abs(to[at - 1]) < Math.abs(toStride); at--) move(at - 1, at);
            set(at, size, fromStride, toStride);
        }

        private void set(int at, int size, int fromStride, int toStride) {
            sizes[at] = size;
            from[at] = fromStride;
            to[at] = toStride;
        }

        private void move(int axis, int at) {
            set(at, sizes[axis], from[axis], to[axis]);
        }

        private void join() {
            int last = 0;
            for (int axis = 1; axis < rank; axis++) {
                if (from[last] == from[axis] * sizes[axis] && to[last] == to[axis] * sizes[axis]) set(last, sizes[last] * sizes[axis], from[axis], to[axis]);
                else move(axis, ++last);
            }
            rank = Math.min(rank, last + 1);
        }

        /// If the last axis jumps from line to line in the source and another one does not, that one goes next to it.
        private void transpose() {
            if (rank < 2 || Math.abs(from[rank - 1]) < LINE) return;
            for (int axis = 0; axis < rank - 1; axis++)
                if (from[axis] == 1) {
                    int size = sizes[axis], stride = to[axis];
                    for (int i = axis; i < rank - 2; i++) move(i + 1, i);
                    set(rank - 2, size, 1, stride);
                    transposed = true;
                    return;
                }
        }

        /// Whether the last axis is a short run that the one before it repeats without gaps.
        private boolean repeated() {
            int run = sizes[rank - 1];
            return run < REPEATED / 2 && from[rank - 1] == 1 && to[rank - 1] == 1 && from[rank - 2] == 0 && to[rank - 2] == run;
        }

        /// The first `n` of an axis, and all of those inside it.
        void copy(int axis, int n, float[] x, int xAt, float[] y, int yAt) {
            if (transposed && axis == rank - 2) tiles(n, to[axis], sizes[axis + 1], from[axis + 1], to[axis + 1], x, xAt, y, yAt);
            else if (axis == rank - 1) line(n, from[axis], to[axis], x, xAt, y, yAt);
            else if (axis == rank - 2 && repeated()) repeat(n, sizes[axis + 1], x, xAt, y, yAt);
            else for (int i = 0; i < n; i++) copy(axis + 1, sizes[axis + 1], x, xAt + i * from[axis], y, yAt + i * to[axis]);
        }
    }

    private static void line(int n, int from, int to, float[] x, int xAt, float[] y, int yAt) {
        if (to != 1) for (int i = 0; i < n; i++) y[yAt + i * to] = x[xAt + i * from];
        else if (from == 1) System.arraycopy(x, xAt, y, yAt, n);
        else if (from == 0) Arrays.fill(y, yAt, yAt + n, x[xAt]);
        else if (from == -1) for (int i = 0; i < n; i++) y[yAt + i] = x[xAt - i];
        else for (int i = 0; i < n; i++) y[yAt + i] = x[xAt + i * from];
    }

    /// `y[i · run + j] = x[j]` for i < n, j < run: what is there is copied behind itself, until it is long enough for an ordinary copy.
    private static void repeat(int n, int run, float[] x, int xAt, float[] y, int yAt) {
        int end = yAt + n * run, most = REPEATED / run * run;
        System.arraycopy(x, xAt, y, yAt, run);
        for (int at = yAt + run; at < end; ) {
            int length = Math.min(Math.min(at - yAt, most), end - at);
            System.arraycopy(y, yAt, y, at, length);
            at += length;
        }
    }

    /// `y[i · rowTo + j · to] = x[i + j · from]` for i < rows, j < columns.
    private static void tiles(int rows, int rowTo, int columns, int from, int to, float[] x, int xAt, float[] y, int yAt) {
        for (int i = 0; i < rows; i += LINE)
            for (int j = 0; j < columns; j += LINES)
                tile(Math.min(LINE, rows - i), rowTo, Math.min(LINES, columns - j), from, to, x, xAt + i + j * from, y, yAt + i * rowTo + j * to);
    }

    private static void tile(int rows, int rowTo, int columns, int from, int to, float[] x, int xAt, float[] y, int yAt) {
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) y[yAt + i * rowTo + j * to] = x[xAt + i + j * from];
    }
}
