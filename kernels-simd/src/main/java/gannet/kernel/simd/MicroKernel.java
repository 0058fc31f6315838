package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import jdk.incubator.vector.FloatVector;

/// The innermost loop of most matrix products and convolutions: `c[6, 2·lanes] (+)= a[6, kc] · b[kc, 2·lanes]`.
///
/// **Registers.** Six rows times two vectors are 12 accumulators; with two vectors of b and one broadcast element of a that makes 15,
/// which fits the 16 registers of AVX2 as well as the 32 of AVX-512. Each step of k loads 2 vectors and 6 scalars for 12 fused
/// multiply-adds, so the FMA units are the limit, not the loads.
///
/// **No packing of a.** The six rows are read where they lie, each from its own entry of an offset table. A matrix is a table with a
/// constant stride; a convolution is a table of pixels in a padded image, and c may be scattered the same way. Only b is packed, into
/// panels of 2·lanes columns, so that its address is `start + k · constant`: the JIT can then move every bounds check out of the loop. (A
/// row of b at a variable stride costs those checks.)
///
/// **Measured** (one core of a Zen 4 whose FMA peak is 118 GFLOP/s at 256 and at 512 bits alike; kc = 192, b in L1 or L2), an early version's, which chose the tile:
///
/// | tile, a | 512 bits | 256 bits | 256 bits, 16 registers |
/// |---|---|---|---|
/// | 6 rows in place, from a table | **113** | **111** | **111** |
/// | 8 rows in place | 108 | 110 | 61 (spills) |
/// | 4 rows in place | 105 | 77 | 77 |
/// | 8 rows packed | 114 | 98 | 61 |
/// | 6 rows packed | 111 | – | 48 (the JIT loads all six first, and spills) |
/// | 4 rows packed | 104 | 103 | 103 |
///
/// Packing a would gain nothing, so one kernel serves most; and one hot method is also what a cold JVM compiles soonest.
///
/// **What C2 makes of the loop** decides, and small things decide that. With AVX-512 the address of a, for which no general register was left, went to a vector register and back in each step
/// (`UseFPUForSpilling`): 103 of 118 GFLOP/s, and 90 in a product of 256³. So there (and in [#half], whose few sums don't spill) k runs over b's rows, whereby the panel's start is k itself, and the rows of c are looked up after the loop: 116, and 110 in a product of
/// 256³. With 16 registers (AVX2) each of these two lets C2 load six elements of a at once and spill sums, at 50; k from 0 and c looked up first run at 114. The launcher switches the option off, with which both forms are alike with AVX-512; a program of one's own, or JMH, need not. Before touching this, time both (`MicroKernelTest`, `-XX:UseAVX=2`) and read
/// the code (`-XX:CompileCommand=print`). A tile of 6 rows and 4 vectors was as fast in quiet minutes; with its right half from a second panel it spills.
///
/// **One width.** A multiply-add's inlining goes by the classes that [FloatVector#fma] has met in the whole program. A kernel with vectors of half the width, rehearsed in turn with this one, left it with two; C2 then made every vector
/// of this loop an object, and products ran at 10 GFLOP/s until the end of the process: in at least 12 starts of 60 with two threads of C2 (which a JVM has from four cores on), in none of 60 with one; without that
/// kernel in none of 60 with two. So all multiply-adds
/// are of [Width#SPECIES].
///
/// Masked loads and stores of a narrower c are no way for edges: with twelve of them C1 gives the method up ("out of virtual registers") and it stays in the interpreter.
///
/// Every sum runs over k in order, in one chain per element: `fma(a, b, c)` with c first 0; to which what c holds is added at the end if
/// `accumulate`. So the bits depend neither on how rows and columns were cut into blocks nor on what has been compiled, and a long sum that
/// is cut into pieces (of a length that depends on its own alone) has smaller errors than one chain would.
final class MicroKernel {
    /// Rows of a tile.
    static final int ROWS = 6;
    /// Columns of a tile and of a packed panel.
    static final int COLUMNS = 2 * LANES;

    /// What [#half] costs, of [#tile].
    static final double HALF_COST = 0.7;
    /// Whether k runs over b's rows and c is looked up last, see above.
    private static final boolean WIDE = LANES == 16;

    private MicroKernel() {}

    /// Row i of a starts at `aRows[row + i] + aShift`, row i of c at `cRows[cRow + i] + cShift`, b's panel at `bAt`, a multiple of [#COLUMNS].
    static void tile(int kc, float[] a, int[] aRows, int row, int aShift, float[] b, int bAt, float[] c, int[] cRows, int cRow, int cShift,
            boolean accumulate) {
        int from = WIDE ? bAt / COLUMNS : 0, to = from + kc, start = WIDE ? 0 : bAt, shift = aShift - from;
        int a0 = aRows[row] + shift, a1 = aRows[row + 1] + shift, a2 = aRows[row + 2] + shift;
        int a3 = aRows[row + 3] + shift, a4 = aRows[row + 4] + shift, a5 = aRows[row + 5] + shift;
        int c0 = WIDE ? 0 : cRows[cRow] + cShift, c1 = WIDE ? 0 : cRows[cRow + 1] + cShift, c2 = WIDE ? 0 : cRows[cRow + 2] + cShift;
        int c3 = WIDE ? 0 : cRows[cRow + 3] + cShift, c4 = WIDE ? 0 : cRows[cRow + 4] + cShift, c5 = WIDE ? 0 : cRows[cRow + 5] + cShift;
        FloatVector l0 = FloatVector.zero(SPECIES), l1 = l0, l2 = l0, l3 = l0, l4 = l0, l5 = l0, r0 = l0, r1 = l0, r2 = l0, r3 = l0,
                r4 = l0, r5 = l0;
        for (int k = from; k < to; k++) {
            FloatVector left = FloatVector.fromArray(SPECIES, b, start + k * COLUMNS), right = FloatVector.fromArray(SPECIES, b, start + k * COLUMNS + LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + k]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            x = FloatVector.broadcast(SPECIES, a[a1 + k]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(SPECIES, a[a2 + k]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            x = FloatVector.broadcast(SPECIES, a[a3 + k]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
            x = FloatVector.broadcast(SPECIES, a[a4 + k]);
            l4 = x.fma(left, l4);
            r4 = x.fma(right, r4);
            x = FloatVector.broadcast(SPECIES, a[a5 + k]);
            l5 = x.fma(left, l5);
            r5 = x.fma(right, r5);
        }
        if (WIDE) {
            c0 = cRows[cRow] + cShift;
            c1 = cRows[cRow + 1] + cShift;
            c2 = cRows[cRow + 2] + cShift;
            c3 = cRows[cRow + 3] + cShift;
            c4 = cRows[cRow + 4] + cShift;
            c5 = cRows[cRow + 5] + cShift;
        }
        if (accumulate) {
            l0 = l0.add(FloatVector.fromArray(SPECIES, c, c0));
            r0 = r0.add(FloatVector.fromArray(SPECIES, c, c0 + LANES));
            l1 = l1.add(FloatVector.fromArray(SPECIES, c, c1));
            r1 = r1.add(FloatVector.fromArray(SPECIES, c, c1 + LANES));
            l2 = l2.add(FloatVector.fromArray(SPECIES, c, c2));
            r2 = r2.add(FloatVector.fromArray(SPECIES, c, c2 + LANES));
            l3 = l3.add(FloatVector.fromArray(SPECIES, c, c3));
            r3 = r3.add(FloatVector.fromArray(SPECIES, c, c3 + LANES));
            l4 = l4.add(FloatVector.fromArray(SPECIES, c, c4));
            r4 = r4.add(FloatVector.fromArray(SPECIES, c, c4 + LANES));
            l5 = l5.add(FloatVector.fromArray(SPECIES, c, c5));
            r5 = r5.add(FloatVector.fromArray(SPECIES, c, c5 + LANES));
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

    /// The same for the left half of a panel, one vector wide: 7 loads for 6 multiply-adds, 77 GFLOP/s, in 0.7 of the time of a whole tile.
    static void half(int kc, float[] a, int[] aRows, int row, int aShift, float[] b, int bAt, float[] c, int[] cRows, int cRow, int cShift,
            boolean accumulate) {
        int from = bAt / COLUMNS, to = from + kc, shift = aShift - from;
        int a0 = aRows[row] + shift, a1 = aRows[row + 1] + shift, a2 = aRows[row + 2] + shift;
        int a3 = aRows[row + 3] + shift, a4 = aRows[row + 4] + shift, a5 = aRows[row + 5] + shift;
        FloatVector s0 = FloatVector.zero(SPECIES), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0;
        for (int k = from; k < to; k++) {
            FloatVector x = FloatVector.fromArray(SPECIES, b, k * COLUMNS);
            s0 = FloatVector.broadcast(SPECIES, a[a0 + k]).fma(x, s0);
            s1 = FloatVector.broadcast(SPECIES, a[a1 + k]).fma(x, s1);
            s2 = FloatVector.broadcast(SPECIES, a[a2 + k]).fma(x, s2);
            s3 = FloatVector.broadcast(SPECIES, a[a3 + k]).fma(x, s3);
            s4 = FloatVector.broadcast(SPECIES, a[a4 + k]).fma(x, s4);
            s5 = FloatVector.broadcast(SPECIES, a[a5 + k]).fma(x, s5);
        }
        int c0 = cRows[cRow] + cShift, c1 = cRows[cRow + 1] + cShift, c2 = cRows[cRow + 2] + cShift;
        int c3 = cRows[cRow + 3] + cShift, c4 = cRows[cRow + 4] + cShift, c5 = cRows[cRow + 5] + cShift;
        if (accumulate) {
            s0 = s0.add(FloatVector.fromArray(SPECIES, c, c0));
            s1 = s1.add(FloatVector.fromArray(SPECIES, c, c1));
            s2 = s2.add(FloatVector.fromArray(SPECIES, c, c2));
            s3 = s3.add(FloatVector.fromArray(SPECIES, c, c3));
            s4 = s4.add(FloatVector.fromArray(SPECIES, c, c4));
            s5 = s5.add(FloatVector.fromArray(SPECIES, c, c5));
        }
        s0.intoArray(c, c0);
        s1.intoArray(c, c1);
        s2.intoArray(c, c2);
        s3.intoArray(c, c3);
        s4.intoArray(c, c4);
        s5.intoArray(c, c5);
    }
}
