package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;
import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import gannet.kernel.MatrixShape;
import jdk.incubator.vector.FloatVector;

/// Matrix products whose sums have a few terms, such as the outer product that is the gradient of a discriminator's last layer by its input: `c[i, j] = a[i, 0] · b[0, j] + …`.
///
/// Writing c is the work; where the last columns fill no vector, it overlaps the one before. (A tile of the [MicroKernel] has six chains of multiply-adds to wait for, b to be packed and a transposed a to be turned over,
/// and the last columns beside c.)
/// - Short rows, up to eight terms, or sixteen where tiles would have to turn a over: two vectors of columns of b's rows stay in registers while the rows of c go by. There is a method for each number of terms, as C2
///   makes of plain chains what is meant; more than four are added to c in further rounds.
/// - Long rows, one or two terms: row by row, so that memory is written in order.
///
/// **Measured** on one core, µs, m × n × k as tiles and so: 64 × 6272 × 1 53 and 29, 1024 × 1024 × 1 143 and 85, 700 × 700 × 2 73 and 45, 1 × 10000 × 1 4.6 and 1.2; 128 × 33 × 3 1.6 and 0.8, 4096 × 64 × 4 47 and 26,
/// 100 × 100 × 8 3.9 and 2.7, 31 × 119 × 16 with a transposed a 2.7 and 1.5. With vectors of 256 and 128 bits the short rows gain as much. One and two terms take nearly the same time, so one runs at half the rate of
/// two. Long rows in columns: 64 × 6272 × 4 in 37 µs instead of a tile's 67, but 1024 × 1024 × 1 in 200 and × 8 in 500 instead of 240, as pieces of rows that lie a power of two apart crowd into a few sets of the caches;
/// in blocks of 8 rows no better. Long rows of four terms row by row: 64 × 6272 × 4 in 78.
final class ShortSums {
    /// The most terms of short rows, of those whose a would have to be turned over, of one round, and of long rows.
    private static final int LONGEST = 8, LONGEST_TURNED = 16, MOST = 4, FEW = 2;
    /// Rows from this length on are written one by one.
    private static final int LONG = 8 * LANES;
    /// `HEIGHT` rows are a block, which is finished while it is in cache.
    private static final int PARTS = 16, HEIGHT = 32;

    private final Team team;

    ShortSums(Team team) {
        this.team = team;
    }

    static boolean fits(MatrixShape s) {
        return s.batch() == 1 && s.k() > 0 && s.n() >= LANES && s.k() <= (s.n() >= LONG ? FEW : s.transposeA() ? LONGEST_TURNED : LONGEST);
    }

    /// `c = finish(a · b)`
    void matmul(MatrixShape s, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, Finish finish) {
        int m = s.m(), k = s.k(), n = s.n();
        int blocks = Math.ceilDiv(m, HEIGHT), down = Math.clamp(blocks, 1, PARTS), across = Math.clamp(n / COLUMNS, 1, PARTS / down);
        boolean turned = s.transposeB() && k > 1;
        float[] rows = turned ? team.packed(k * n) : b;
        int rowsAt = turned ? 0 : bAt;
        if (turned) team.run(across, (long) k * n, (part, _) -> {
            int from = start(n, across, part), to = start(n, across, part + 1);
            Packing.transpose(b, bAt + from * k, k, to - from, k, rows, from, n);
        });
        team.run(across * down, 2L * m * k * n, (part, worker) -> {
            int column = part % across, row = part / across, from = start(n, across, column), to = start(n, across, column + 1);
            for (int block = blocks * row / down; block < blocks * (row + 1) / down; block++)
                block(s, a, aAt, rows, rowsAt, c, cAt, block * HEIGHT, Math.min(m, (block + 1) * HEIGHT), from, to, team.worker(worker), finish);
        });
    }

    /// Where the columns of part `part` of `across` begin. Each part is at least a vector wide, so that vectors overlap within it only.
    private static int start(int n, int across, int part) {
        return part == across ? n : (int) ((long) (n / COLUMNS) * part / across) * COLUMNS;
    }

    /// Rows `first` to `last` of c, columns `from` to `to`.
    private static void block(MatrixShape s, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int first, int last, int from, int to, Worker w, Finish finish) {
        int n = s.n(), aRow = s.transposeA() ? 1 : s.k(), aStride = s.transposeA() ? s.m() : 1;
        if (n >= LONG) {
            for (int i = first; i < last; i++) row(s.k(), a, aAt + i * aRow, aStride, b, bAt + from, n, to - from, c, cAt + i * n + from);
        } else {
            for (int j = from; j < to; j += COLUMNS) {
                int left = Math.min(j, to - LANES), right = Math.min(j + LANES, to - LANES) - left;
                columns(s.k(), last - first, a, aAt + first * aRow, aRow, aStride, b, bAt + left, right, n, c, cAt + first * n + left);
            }
        }
        w.rows(last - first);
        for (int i = first; i < last; i++) w.cRows[i - first] = cAt + i * n;
        finish.apply(c, w.cRows, last - first, 0, from, to);
    }

    /// `width` elements of a row of c, whose one or two terms lie `aStride` apart in a and `n` apart in b.
    private static void row(int k, float[] a, int aAt, int aStride, float[] b, int bAt, int n, int width, float[] c, int cAt) {
        int last = width - LANES;
        float x0 = a[aAt];
        if (k == 1) {
            for (int j = 0; j < last; j += LANES) term(x0, b, bAt + j).intoArray(c, cAt + j);
            term(x0, b, bAt + last).intoArray(c, cAt + last);
        } else {
            float x1 = a[aAt + aStride];
            for (int j = 0; j < last; j += LANES) terms(x0, x1, b, bAt + j, n).intoArray(c, cAt + j);
            terms(x0, x1, b, bAt + last, n).intoArray(c, cAt + last);
        }
    }

    private static FloatVector term(float x, float[] b, int at) {
        return FloatVector.broadcast(SPECIES, x).mul(FloatVector.fromArray(SPECIES, b, at));
    }

    private static FloatVector terms(float x0, float x1, float[] b, int at, int n) {
        return FloatVector.broadcast(SPECIES, x1).fma(FloatVector.fromArray(SPECIES, b, at + n), term(x0, b, at));
    }

    /// Two vectors of columns of m short rows, the second `right` after the first. Row i of a begins at `aAt + i · aRow`, its terms lie `aStride` apart; rows of b and c are n long. Up to four terms at a time, then added to
    /// what c holds.
    private static void columns(int k, int m, float[] a, int aAt, int aRow, int aStride, float[] b, int bAt, int right, int n, float[] c, int cAt) {
        for (int done = 0; done < k; done += MOST) {
            int at = aAt + done * aStride, from = bAt + done * n;
            switch (Math.min(MOST, k - done)) {
                case 1 -> one(m, a, at, aRow, b, from, right, c, cAt, n, done > 0);
                case 2 -> two(m, a, at, aRow, aStride, b, from, right, c, cAt, n, done > 0);
                case 3 -> three(m, a, at, aRow, aStride, b, from, right, c, cAt, n, done > 0);
                default -> four(m, a, at, aRow, aStride, b, from, right, c, cAt, n, done > 0);
            }
        }
    }

    private static void one(int m, float[] a, int aAt, int aRow, float[] b, int bAt, int right, float[] c, int cAt, int n, boolean accumulate) {
        FloatVector l0 = FloatVector.fromArray(SPECIES, b, bAt), r0 = FloatVector.fromArray(SPECIES, b, bAt + right);
        for (int i = 0; i < m; i++) {
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[aAt + i * aRow]);
            FloatVector l = x0.mul(l0), r = x0.mul(r0);
            if (accumulate) {
                l = l.add(FloatVector.fromArray(SPECIES, c, cAt + i * n));
                r = r.add(FloatVector.fromArray(SPECIES, c, cAt + i * n + right));
            }
            l.intoArray(c, cAt + i * n);
            r.intoArray(c, cAt + i * n + right);
        }
    }

    private static void two(int m, float[] a, int aAt, int aRow, int aStride, float[] b, int bAt, int right, float[] c, int cAt, int n, boolean accumulate) {
        FloatVector l0 = FloatVector.fromArray(SPECIES, b, bAt), r0 = FloatVector.fromArray(SPECIES, b, bAt + right);
        FloatVector l1 = FloatVector.fromArray(SPECIES, b, bAt + n), r1 = FloatVector.fromArray(SPECIES, b, bAt + n + right);
        for (int i = 0; i < m; i++) {
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[aAt + i * aRow]);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[aAt + i * aRow + aStride]);
            FloatVector l = x1.fma(l1, x0.mul(l0)), r = x1.fma(r1, x0.mul(r0));
            if (accumulate) {
                l = l.add(FloatVector.fromArray(SPECIES, c, cAt + i * n));
                r = r.add(FloatVector.fromArray(SPECIES, c, cAt + i * n + right));
            }
            l.intoArray(c, cAt + i * n);
            r.intoArray(c, cAt + i * n + right);
        }
    }

    private static void three(int m, float[] a, int aAt, int aRow, int aStride, float[] b, int bAt, int right, float[] c, int cAt, int n, boolean accumulate) {
        FloatVector l0 = FloatVector.fromArray(SPECIES, b, bAt), r0 = FloatVector.fromArray(SPECIES, b, bAt + right);
        FloatVector l1 = FloatVector.fromArray(SPECIES, b, bAt + n), r1 = FloatVector.fromArray(SPECIES, b, bAt + n + right);
        FloatVector l2 = FloatVector.fromArray(SPECIES, b, bAt + 2 * n), r2 = FloatVector.fromArray(SPECIES, b, bAt + 2 * n + right);
        for (int i = 0; i < m; i++) {
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[aAt + i * aRow]);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[aAt + i * aRow + aStride]);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[aAt + i * aRow + 2 * aStride]);
            FloatVector l = x2.fma(l2, x1.fma(l1, x0.mul(l0))), r = x2.fma(r2, x1.fma(r1, x0.mul(r0)));
            if (accumulate) {
                l = l.add(FloatVector.fromArray(SPECIES, c, cAt + i * n));
                r = r.add(FloatVector.fromArray(SPECIES, c, cAt + i * n + right));
            }
            l.intoArray(c, cAt + i * n);
            r.intoArray(c, cAt + i * n + right);
        }
    }

    private static void four(int m, float[] a, int aAt, int aRow, int aStride, float[] b, int bAt, int right, float[] c, int cAt, int n, boolean accumulate) {
        FloatVector l0 = FloatVector.fromArray(SPECIES, b, bAt), r0 = FloatVector.fromArray(SPECIES, b, bAt + right);
        FloatVector l1 = FloatVector.fromArray(SPECIES, b, bAt + n), r1 = FloatVector.fromArray(SPECIES, b, bAt + n + right);
        FloatVector l2 = FloatVector.fromArray(SPECIES, b, bAt + 2 * n), r2 = FloatVector.fromArray(SPECIES, b, bAt + 2 * n + right);
        FloatVector l3 = FloatVector.fromArray(SPECIES, b, bAt + 3 * n), r3 = FloatVector.fromArray(SPECIES, b, bAt + 3 * n + right);
        for (int i = 0; i < m; i++) {
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[aAt + i * aRow]);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[aAt + i * aRow + aStride]);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[aAt + i * aRow + 2 * aStride]);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[aAt + i * aRow + 3 * aStride]);
            FloatVector l = x3.fma(l3, x2.fma(l2, x1.fma(l1, x0.mul(l0)))), r = x3.fma(r3, x2.fma(r2, x1.fma(r1, x0.mul(r0))));
            if (accumulate) {
                l = l.add(FloatVector.fromArray(SPECIES, c, cAt + i * n));
                r = r.add(FloatVector.fromArray(SPECIES, c, cAt + i * n + right));
            }
            l.intoArray(c, cAt + i * n);
            r.intoArray(c, cAt + i * n + right);
        }
    }
}
