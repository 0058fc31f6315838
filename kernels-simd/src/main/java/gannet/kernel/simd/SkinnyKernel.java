package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/// One row times a matrix, in both storage orders; see [Skinny]. Eight accumulators hide the latency of the multiply-add, and there is one
/// load for each, which is what limits it. What `sums` holds is added at the end: with sums that begin as zeros or as what is read, C2 made every vector of the loop an
/// object in some processes, and a product took three times as long.
final class SkinnyKernel {
    /// Vectors of a wide piece, and rows of a group of dot products.
    static final int EIGHT = 8, FOUR = 4;

    private static final VectorShuffle<Float> BY_8 = rotate(8), BY_4 = rotate(4), BY_2 = rotate(2), BY_1 = rotate(1);

    private SkinnyKernel() {}

    /// `sums[8 · lanes] (+)= x[kc] · b[kc, 8 · lanes]`, rows of b `stride` apart.
    static void eight(int kc, float[] x, int xAt, float[] b, int bAt, int stride, float[] sums, int at, boolean accumulate) {
        FloatVector s0 = FloatVector.zero(SPECIES), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        for (int k = 0; k < kc; k++) {
            FloatVector each = FloatVector.broadcast(SPECIES, x[xAt + k]);
            int row = bAt + k * stride;
            s0 = each.fma(FloatVector.fromArray(SPECIES, b, row), s0);
            s1 = each.fma(FloatVector.fromArray(SPECIES, b, row + LANES), s1);
            s2 = each.fma(FloatVector.fromArray(SPECIES, b, row + 2 * LANES), s2);
            s3 = each.fma(FloatVector.fromArray(SPECIES, b, row + 3 * LANES), s3);
            s4 = each.fma(FloatVector.fromArray(SPECIES, b, row + 4 * LANES), s4);
            s5 = each.fma(FloatVector.fromArray(SPECIES, b, row + 5 * LANES), s5);
            s6 = each.fma(FloatVector.fromArray(SPECIES, b, row + 6 * LANES), s6);
            s7 = each.fma(FloatVector.fromArray(SPECIES, b, row + 7 * LANES), s7);
        }
        if (accumulate) {
            s0 = s0.add(FloatVector.fromArray(SPECIES, sums, at));
            s1 = s1.add(FloatVector.fromArray(SPECIES, sums, at + LANES));
            s2 = s2.add(FloatVector.fromArray(SPECIES, sums, at + 2 * LANES));
            s3 = s3.add(FloatVector.fromArray(SPECIES, sums, at + 3 * LANES));
            s4 = s4.add(FloatVector.fromArray(SPECIES, sums, at + 4 * LANES));
            s5 = s5.add(FloatVector.fromArray(SPECIES, sums, at + 5 * LANES));
            s6 = s6.add(FloatVector.fromArray(SPECIES, sums, at + 6 * LANES));
            s7 = s7.add(FloatVector.fromArray(SPECIES, sums, at + 7 * LANES));
        }
        s0.intoArray(sums, at);
        s1.intoArray(sums, at + LANES);
        s2.intoArray(sums, at + 2 * LANES);
        s3.intoArray(sums, at + 3 * LANES);
        s4.intoArray(sums, at + 4 * LANES);
        s5.intoArray(sums, at + 5 * LANES);
        s6.intoArray(sums, at + 6 * LANES);
        s7.intoArray(sums, at + 7 * LANES);
    }

    /// The same for four vectors of columns that begin at `bAt`, `bAt + lanes`, … but not after `bAt + last`: they overlap where fewer columns
    /// are left.
    static void four(int kc, float[] x, int xAt, float[] b, int bAt, int last, int stride, float[] sums, int at, boolean accumulate) {
        int b1 = Math.min(LANES, last), b2 = Math.min(2 * LANES, last), b3 = Math.min(3 * LANES, last);
        FloatVector s0 = FloatVector.zero(SPECIES), s1 = s0, s2 = s0, s3 = s0;
        for (int k = 0; k < kc; k++) {
            FloatVector each = FloatVector.broadcast(SPECIES, x[xAt + k]);
            int row = bAt + k * stride;
            s0 = each.fma(FloatVector.fromArray(SPECIES, b, row), s0);
            s1 = each.fma(FloatVector.fromArray(SPECIES, b, row + b1), s1);
            s2 = each.fma(FloatVector.fromArray(SPECIES, b, row + b2), s2);
            s3 = each.fma(FloatVector.fromArray(SPECIES, b, row + b3), s3);
        }
        if (accumulate) {
            s0 = s0.add(FloatVector.fromArray(SPECIES, sums, at));
            s1 = s1.add(FloatVector.fromArray(SPECIES, sums, at + LANES));
            s2 = s2.add(FloatVector.fromArray(SPECIES, sums, at + 2 * LANES));
            s3 = s3.add(FloatVector.fromArray(SPECIES, sums, at + 3 * LANES));
        }
        s0.intoArray(sums, at);
        s1.intoArray(sums, at + LANES);
        s2.intoArray(sums, at + 2 * LANES);
        s3.intoArray(sums, at + 3 * LANES);
    }

    /// The same for two vectors, the second at `bAt + last`.
    static void two(int kc, float[] x, int xAt, float[] b, int bAt, int last, int stride, float[] sums, int at, boolean accumulate) {
        FloatVector s0 = FloatVector.zero(SPECIES), s1 = s0;
        for (int k = 0; k < kc; k++) {
            FloatVector each = FloatVector.broadcast(SPECIES, x[xAt + k]);
            int row = bAt + k * stride;
            s0 = each.fma(FloatVector.fromArray(SPECIES, b, row), s0);
            s1 = each.fma(FloatVector.fromArray(SPECIES, b, row + last), s1);
        }
        if (accumulate) {
            s0 = s0.add(FloatVector.fromArray(SPECIES, sums, at));
            s1 = s1.add(FloatVector.fromArray(SPECIES, sums, at + LANES));
        }
        s0.intoArray(sums, at);
        s1.intoArray(sums, at + LANES);
    }

    /// The same for at most one vector of columns.
    static void narrow(int kc, float[] x, int xAt, float[] b, int bAt, int width, int stride, float[] sums, int at, boolean accumulate) {
        VectorMask<Float> within = Width.first(width);
        FloatVector s = FloatVector.zero(SPECIES);
        for (int k = 0; k < kc; k++)
            s = FloatVector.broadcast(SPECIES, x[xAt + k]).fma(FloatVector.fromArray(SPECIES, b, bAt + k * stride, within), s);
        if (accumulate) s = s.add(FloatVector.fromArray(SPECIES, sums, at));
        s.intoArray(sums, at);
    }

    /// Eight dot products of x with the rows of b that begin at `rows[0 … 7]`: `kc` is a whole number of vectors, the rows' last elements lie in
    /// `tails`, filled up with zeros, as do x's at `x[xAt + kc]`. Each lane is one sum; [#fold] adds its lanes up.
    static void dots(int kc, float[] x, int xAt, float[] b, int[] rows, float[] tails, float[] sums) {
        int b0 = rows[0], b1 = rows[1], b2 = rows[2], b3 = rows[3], b4 = rows[4], b5 = rows[5], b6 = rows[6], b7 = rows[7];
        FloatVector tail = FloatVector.fromArray(SPECIES, x, xAt + kc);
        FloatVector s0 = tail.mul(FloatVector.fromArray(SPECIES, tails, 0)), s1 = tail.mul(FloatVector.fromArray(SPECIES, tails, LANES));
        FloatVector s2 = tail.mul(FloatVector.fromArray(SPECIES, tails, 2 * LANES)), s3 = tail.mul(FloatVector.fromArray(SPECIES, tails,
                3 * LANES));
        FloatVector s4 = tail.mul(FloatVector.fromArray(SPECIES, tails, 4 * LANES)), s5 = tail.mul(FloatVector.fromArray(SPECIES, tails,
                5 * LANES));
        FloatVector s6 = tail.mul(FloatVector.fromArray(SPECIES, tails, 6 * LANES)), s7 = tail.mul(FloatVector.fromArray(SPECIES, tails,
                7 * LANES));
        for (int k = 0; k < kc; k += LANES) {
            FloatVector each = FloatVector.fromArray(SPECIES, x, xAt + k);
            s0 = each.fma(FloatVector.fromArray(SPECIES, b, b0 + k), s0);
            s1 = each.fma(FloatVector.fromArray(SPECIES, b, b1 + k), s1);
            s2 = each.fma(FloatVector.fromArray(SPECIES, b, b2 + k), s2);
            s3 = each.fma(FloatVector.fromArray(SPECIES, b, b3 + k), s3);
            s4 = each.fma(FloatVector.fromArray(SPECIES, b, b4 + k), s4);
            s5 = each.fma(FloatVector.fromArray(SPECIES, b, b5 + k), s5);
            s6 = each.fma(FloatVector.fromArray(SPECIES, b, b6 + k), s6);
            s7 = each.fma(FloatVector.fromArray(SPECIES, b, b7 + k), s7);
        }
        s0.intoArray(sums, 0);
        s1.intoArray(sums, LANES);
        s2.intoArray(sums, 2 * LANES);
        s3.intoArray(sums, 3 * LANES);
        s4.intoArray(sums, 4 * LANES);
        s5.intoArray(sums, 5 * LANES);
        s6.intoArray(sums, 6 * LANES);
        s7.intoArray(sums, 7 * LANES);
    }

    /// The last elements of eight rows, from `kc` on.
    static void tails(float[] b, int[] rows, int kc, int count, float[] tails) {
        VectorMask<Float> rest = Width.first(count);
        for (int i = 0; i < EIGHT; i++) FloatVector.fromArray(SPECIES, b, rows[i] + kc, rest).intoArray(tails, i * LANES);
    }

    /// `totals[i] = Σ sums[i, lanes]`, each by adding halves to halves.
    static void fold(float[] sums, float[] totals) {
        for (int i = 0; i < EIGHT; i++) {
            FloatVector s = FloatVector.fromArray(SPECIES, sums, i * LANES);
            if (LANES > 8) s = s.add(s.rearrange(BY_8));
            if (LANES > 4) s = s.add(s.rearrange(BY_4));
            s = s.add(s.rearrange(BY_2));
            totals[i] = s.add(s.rearrange(BY_1)).lane(0);
        }
    }

    private static VectorShuffle<Float> rotate(int lanes) {
        return VectorShuffle.iota(SPECIES, lanes, 1, true);
    }
}
