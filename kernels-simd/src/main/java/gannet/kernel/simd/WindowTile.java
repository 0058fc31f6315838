package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;
import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import jdk.incubator.vector.FloatVector;

/// The innermost loop of convolutions of a few channels: `c[m, 2·lanes] = start + Σ a[rows[i] + steps[k]] · b[k, 2·lanes]`, or c += the sum.
///
/// **Two tables.** The element of a in row i and step k lies where one table says for the row and another for the step. Of a padded image
/// that is all windows: rows are pixels and steps are taps, or rows are taps and steps are pixels. The second table, and an a that the
/// JIT can't know to be in bounds, cost an index, an addition and a check for each broadcast: instructions for which there is room beside
/// 12 multiplications.
///
/// **b in place.** Its rows lie o apart, as do those of c: weights or results, as they are.
///
/// **Measured** on a core whose FMA peak is 118 GFLOP/s, beside [MicroKernel] on rows gathered beforehand: with 16 steps 99 against 92,
/// with 48 109 against 108, with 192 112 each; four rows 76 to 89, as their 6 loads for 8 multiplications are the limit (one 512-bit load
/// a cycle).
///
/// Every sum runs over k in order in one chain.
final class WindowTile {
    private static final int SIX = 6, FOUR = 4;

    private WindowTile() {}

    /// All o columns, whole panels, of the rows 0 … m − 1 of c. In sixes, and at the end one or two fours where fewer rows are wasted so; a
    /// row beyond the last is the last once more, so `rows` must be filled up to whole tiles. A tile's rows get all their columns before
    /// the next tile begins, so that c is written line after line (panel by panel is no slower beyond the noise).
    static void rows(int kc, float[] a, int[] rows, int[] steps, float[] b, int bAt, float[] start, float[] c, int cAt, int m, int o,
            boolean accumulate) {
        for (int i = 0; i < m; ) {
            int left = m - i;
            if (left <= FOUR || left > SIX && left <= 2 * FOUR) {
                for (int j = 0; j < o; j += COLUMNS) four(kc, a, rows, i, steps, b, bAt + j, start, j, c, cAt + j, m, o, accumulate);
                i += FOUR;
            } else {
                for (int j = 0; j < o; j += COLUMNS) six(kc, a, rows, i, steps, b, bAt + j, start, j, c, cAt + j, m, o, accumulate);
                i += SIX;
            }
        }
    }

    /// Six rows from `row` on, two vectors of columns from `cAt` on.
    static void six(int kc, float[] a, int[] rows, int row, int[] steps, float[] b, int bAt, float[] start, int startAt, float[] c, int cAt,
            int m, int o, boolean accumulate) {
        int a0 = rows[row], a1 = rows[row + 1], a2 = rows[row + 2];
        int a3 = rows[row + 3], a4 = rows[row + 4], a5 = rows[row + 5];
        int last = cAt + (m - 1) * o;
        int c0 = cAt + row * o, c1 = Math.min(last, c0 + o), c2 = Math.min(last, c1 + o);
        int c3 = Math.min(last, c2 + o), c4 = Math.min(last, c3 + o), c5 = Math.min(last, c4 + o);
        FloatVector l0 = FloatVector.fromArray(SPECIES, start, startAt), l1 = l0, l2 = l0, l3 = l0, l4 = l0, l5 = l0;
        FloatVector r0 = FloatVector.fromArray(SPECIES, start, startAt + LANES), r1 = r0, r2 = r0, r3 = r0, r4 = r0, r5 = r0;
        if (accumulate) {
            l0 = FloatVector.fromArray(SPECIES, c, c0);
            r0 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
            l1 = FloatVector.fromArray(SPECIES, c, c1);
            r1 = FloatVector.fromArray(SPECIES, c, c1 + LANES);
            l2 = FloatVector.fromArray(SPECIES, c, c2);
            r2 = FloatVector.fromArray(SPECIES, c, c2 + LANES);
            l3 = FloatVector.fromArray(SPECIES, c, c3);
            r3 = FloatVector.fromArray(SPECIES, c, c3 + LANES);
            l4 = FloatVector.fromArray(SPECIES, c, c4);
            r4 = FloatVector.fromArray(SPECIES, c, c4 + LANES);
            l5 = FloatVector.fromArray(SPECIES, c, c5);
            r5 = FloatVector.fromArray(SPECIES, c, c5 + LANES);
        }
        for (int k = 0; k < kc; k++) {
            int step = steps[k], at = bAt + k * o;
            FloatVector left = FloatVector.fromArray(SPECIES, b, at), right = FloatVector.fromArray(SPECIES, b, at + LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + step]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            x = FloatVector.broadcast(SPECIES, a[a1 + step]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(SPECIES, a[a2 + step]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            x = FloatVector.broadcast(SPECIES, a[a3 + step]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
            x = FloatVector.broadcast(SPECIES, a[a4 + step]);
            l4 = x.fma(left, l4);
            r4 = x.fma(right, r4);
            x = FloatVector.broadcast(SPECIES, a[a5 + step]);
            l5 = x.fma(left, l5);
            r5 = x.fma(right, r5);
        }
        l0.intoArray(c, c0);
        r0.intoArray(c, c0 + LANES);
        l1.intoArray(c, c1);
        r1.intoArray(c, c1 + LANES);
        l2.intoArray(c, c2);
        r2.intoArray(c, c2 + LANES);
        l3.intoArray(c, c3);
        r3.intoArray(c, c3 + LANES);
        l4.intoArray(c, c4);
        r4.intoArray(c, c4 + LANES);
        l5.intoArray(c, c5);
        r5.intoArray(c, c5 + LANES);
    }

    /// Four rows.
    static void four(int kc, float[] a, int[] rows, int row, int[] steps, float[] b, int bAt, float[] start, int startAt, float[] c, int cAt,
            int m, int o, boolean accumulate) {
        int a0 = rows[row], a1 = rows[row + 1], a2 = rows[row + 2];
        int a3 = rows[row + 3];
        int last = cAt + (m - 1) * o;
        int c0 = cAt + row * o, c1 = Math.min(last, c0 + o), c2 = Math.min(last, c1 + o);
        int c3 = Math.min(last, c2 + o);
        FloatVector l0 = FloatVector.fromArray(SPECIES, start, startAt), l1 = l0, l2 = l0, l3 = l0;
        FloatVector r0 = FloatVector.fromArray(SPECIES, start, startAt + LANES), r1 = r0, r2 = r0, r3 = r0;
        if (accumulate) {
            l0 = FloatVector.fromArray(SPECIES, c, c0);
            r0 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
            l1 = FloatVector.fromArray(SPECIES, c, c1);
            r1 = FloatVector.fromArray(SPECIES, c, c1 + LANES);
            l2 = FloatVector.fromArray(SPECIES, c, c2);
            r2 = FloatVector.fromArray(SPECIES, c, c2 + LANES);
            l3 = FloatVector.fromArray(SPECIES, c, c3);
            r3 = FloatVector.fromArray(SPECIES, c, c3 + LANES);
        }
        for (int k = 0; k < kc; k++) {
            int step = steps[k], at = bAt + k * o;
            FloatVector left = FloatVector.fromArray(SPECIES, b, at), right = FloatVector.fromArray(SPECIES, b, at + LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + step]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            x = FloatVector.broadcast(SPECIES, a[a1 + step]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(SPECIES, a[a2 + step]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            x = FloatVector.broadcast(SPECIES, a[a3 + step]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
        }
        l0.intoArray(c, c0);
        r0.intoArray(c, c0 + LANES);
        l1.intoArray(c, c1);
        r1.intoArray(c, c1 + LANES);
        l2.intoArray(c, c2);
        r2.intoArray(c, c2 + LANES);
        l3.intoArray(c, c3);
        r3.intoArray(c, c3 + LANES);
    }
}
