package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;
import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import gannet.kernel.MatrixShape;
import jdk.incubator.vector.FloatVector;

/// Matrix products whose sums have a few terms, such as the outer product that is the gradient of a discriminator's last layer by its input: `c[i, j] = a[i, 0] · b[0, j] + …`.
///
/// Writing c is the work. Two vectors of columns of b stay in registers while the rows go by; where the last columns fill no vector, it overlaps the one before. (A tile of the [MicroKernel] has six chains of
/// multiply-adds to wait for, b to be packed and a transposed a to be turned over, and the last columns beside c.) There is a method for each number of terms, as C2 makes of plain chains what is meant; more than four
/// are added to c in a second round, which pays where c's rows are short or a would have to be turned over.
///
/// **Measured** on one core, µs, m × n × k as tiles and so: 64 × 6272 × 1 50 and 34, × 4 67 and 37; 128 × 512 × 1 11 and 8, × 5 15 and 19 (left to tiles); 128 × 33 × 3 1.6 and 0.8; 100 × 100 × 8 3.8 and 2.7. With
/// vectors of 256 and 128 bits it is twice as fast as tiles, too. One and two terms take the same time, so one runs at half the rate of two. Row by row, one vector of each after the other: 64 × 6272 × 1 in 28, but × 4 in
/// 78, and 128 × 32 × 3 in 1.9 instead of 0.4.
final class ShortSums {
    /// The most terms of all, and of one round.
    private static final int LONGEST = 8, MOST = 4;
    private static final int NARROW = 8 * LANES, PARTS = 16, LEAST_ROWS = 32;

    private final Team team;

    ShortSums(Team team) {
        this.team = team;
    }

    static boolean fits(MatrixShape s) {
        return s.batch() == 1 && s.k() > 0 && s.n() >= LANES && s.k() <= (s.transposeA() || s.n() < NARROW ? LONGEST : MOST);
    }

    /// `c = finish(a · b)`
    void matmul(MatrixShape s, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, Finish finish) {
        int m = s.m(), k = s.k(), n = s.n();
        boolean turned = s.transposeB() && k > 1;
        float[] rows = turned ? team.packed(k * n) : b;
        int rowsAt = turned ? 0 : bAt;
        if (turned) Packing.transpose(b, bAt, k, n, k, rows, 0, n);
        int pairs = Math.max(1, n / COLUMNS), across = Math.min(PARTS, pairs), down = Math.clamp(m / LEAST_ROWS, 1, PARTS / across);
        int aRow = s.transposeA() ? 1 : k, aStride = s.transposeA() ? m : 1;
        team.run(across * down, 2L * m * k * n, (part, worker) -> {
            int column = part % across, from = pairs * column / across * COLUMNS, to = column == across - 1 ? n : pairs * (column + 1) / across * COLUMNS;
            int first = m * (part / across) / down, last = m * (part / across + 1) / down;
            for (int j = from; j < to; j += COLUMNS) { // a part is at least a vector wide, so it overlaps itself only
                int left = Math.min(j, to - LANES), right = Math.min(j + LANES, to - LANES) - left;
                columns(k, last - first, a, aAt + first * aRow, aRow, aStride, rows, rowsAt + left, right, n, c, cAt + first * n + left);
            }
            Worker w = team.worker(worker);
            w.rows(last - first);
            for (int i = first; i < last; i++) w.cRows[i - first] = cAt + i * n;
            finish.apply(c, w.cRows, last - first, 0, from, to);
        });
    }

    /// Two vectors of columns of m rows, the second `right` after the first. Row i of a begins at `aAt + i · aRow`, its terms lie `aStride` apart; rows of b and c are n long. Up to four terms at a time, then added to
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
