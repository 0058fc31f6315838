package gannet.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [MicroKernel] with 256-bit vectors, for a last panel of at most 16 columns where vectors have 512 bits: a tile of 6 × 16 instead of 6 × 32
/// of which half is thrown away. (12 rows of one 512-bit vector are 13 loads for 12 multiplications; at one 512-bit load a cycle that
/// ran at 82 GFLOP/s, this at 98.)
final class NarrowTile {
    private static final VectorSpecies<Float> HALF = FloatVector.SPECIES_256;
    private static final int LANES = HALF.length();
    static final int COLUMNS = 2 * LANES;

    private NarrowTile() {}

    /// `c[6, 16] = a[6, kc] · b[kc, 16]`, b's panel at `bAt`, a multiple of [#COLUMNS]; see [MicroKernel#tile].
    static void tile(int kc, float[] a, int[] aRows, int row, float[] b, int bAt, float[] c, int[] cRows, int cShift) {
        int from = bAt / COLUMNS, to = from + kc;
        int a0 = aRows[row] - from, a1 = aRows[row + 1] - from, a2 = aRows[row + 2] - from;
        int a3 = aRows[row + 3] - from, a4 = aRows[row + 4] - from, a5 = aRows[row + 5] - from;
        FloatVector l0 = FloatVector.zero(HALF), l1 = l0, l2 = l0, l3 = l0, l4 = l0, l5 = l0, r0 = l0, r1 = l0, r2 = l0, r3 = l0, r4 = l0, r5 = l0;
        for (int k = from; k < to; k++) {
            FloatVector left = FloatVector.fromArray(HALF, b, k * COLUMNS), right = FloatVector.fromArray(HALF, b, k * COLUMNS + LANES);
            FloatVector x = FloatVector.broadcast(HALF, a[a0 + k]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            x = FloatVector.broadcast(HALF, a[a1 + k]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(HALF, a[a2 + k]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            x = FloatVector.broadcast(HALF, a[a3 + k]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
            x = FloatVector.broadcast(HALF, a[a4 + k]);
            l4 = x.fma(left, l4);
            r4 = x.fma(right, r4);
            x = FloatVector.broadcast(HALF, a[a5 + k]);
            l5 = x.fma(left, l5);
            r5 = x.fma(right, r5);
        }
        int c0 = cRows[row] + cShift, c1 = cRows[row + 1] + cShift, c2 = cRows[row + 2] + cShift;
        int c3 = cRows[row + 3] + cShift, c4 = cRows[row + 4] + cShift, c5 = cRows[row + 5] + cShift;
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
}
