package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;

import gannet.kernel.ConvShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// `y[n,oh,ow,o], w[kh,kw,c,o] → x[n,h,w,c]` by strides' phases.
///
/// Row u = i + top of the padded image gets a term from kernel row p where `(u − p·dilation) mod stride = 0`, and then from row `(u −
/// p·dilation) / stride` of y. So the rows with one `u mod stride` all use the same kernel rows: they are a small convolution of y, of
/// stride 1, with those. The same holds for columns. The strideH · strideW phases cover x, each pixel once: nothing has to be added up in
/// x, nothing is multiplied by inserted zeros, and bias and activation can be fused. A 4 × 4 kernel of stride 2 makes four phases of 2 ×
/// 2.
///
/// A phase's kernel columns are taken from the last to the first, which makes the pixels of y that they read ascend: one run of
/// contiguous floats.
record Phases(ConvShape shape, List<Phase> all) {
    /// The pixels (stride·a + row − top, stride·b + column − left) for which they lie in the image, their kernel positions (in the order
    /// of the sum), and how far back of (a, b) in y each reads.
    record Phase(int row, int column, int[] taps, int[] backRows, int[] backColumns, boolean joined, int joinedTaps, int packedAt) {
        /// Terms of each sum.
        int depth(ConvShape s) {
            return taps.length * s.o();
        }
    }

    static Phases of(ConvShape s) {
        var all = new ArrayList<Phase>();
        int packedAt = 0;
        for (int row = 0; row < s.strideH(); row++) {
            for (int column = 0; column < s.strideW(); column++) {
                Phase phase = phase(s, row, column, packedAt);
                packedAt += Packing.panels(s.c()) * COLUMNS * phase.depth(s);
                all.add(phase);
            }
        }
        return new Phases(s, List.copyOf(all));
    }

    private static Phase phase(ConvShape s, int row, int column, int packedAt) {
        int[] ps = positions(s.kh(), s.dilationH(), s.strideH(), row), qs = positions(s.kw(), s.dilationW(), s.strideW(), column);
        int[] taps = new int[ps.length * qs.length], backRows = new int[taps.length], backColumns = new int[taps.length];
        boolean joined = true;
        for (int i = 0; i < taps.length; i++) {
            int p = ps[i / qs.length], q = qs[i % qs.length];
            taps[i] = p * s.kw() + q;
            backRows[i] = (p * s.dilationH() - row) / s.strideH();
            backColumns[i] = (q * s.dilationW() - column) / s.strideW();
            if (i % qs.length > 0) joined &= backColumns[i - 1] == backColumns[i] + 1;
        }
        return new Phase(row, column, taps, backRows, backColumns, joined, joined ? qs.length : 1, packedAt);
    }

    /// The kernel positions of a phase, last first.
    private static int[] positions(int size, int dilation, int stride, int phase) {
        int[] found = new int[size];
        int count = 0;
        for (int p = size - 1; p >= 0; p--) if (Math.floorMod(p * dilation - phase, stride) == 0) found[count++] = p;
        return Arrays.copyOf(found, count);
    }

    /// How many rows and columns before its own a pixel may read in y.
    int reachRows() {
        return (shape.kh() - 1) * shape.dilationH() / shape.strideH();
    }

    int reachColumns() {
        return (shape.kw() - 1) * shape.dilationW() / shape.strideW();
    }

    /// Floats of all phases' packed weights.
    int packedLength() {
        return Packing.panels(shape.c()) * COLUMNS * shape.o() * shape.kh() * shape.kw();
    }

    /// Panel `j` of every phase's weights: `w[tap,c,o]` turned over to `[o,c]`, tap after tap.
    void pack(float[] w, int wAt, float[] packed, int j) {
        int c = shape.c(), o = shape.o();
        for (Phase phase : all)
            for (int t = 0; t < phase.taps.length; t++)
                Packing.packTransposed(w, wAt + phase.taps[t] * c * o, o, o, c, packed, phase.packedAt + t * o * COLUMNS,
                        phase.depth(shape) * COLUMNS, j, j + 1);
    }

    /// For each phase, where a pixel's runs begin relative to its own place in a window of y whose rows are `pitch` pixels long.
    int[][] offsets(int pitch) {
        int[][] all = new int[this.all.size()][];
        for (int i = 0; i < all.length; i++) all[i] = offsets(this.all.get(i), pitch);
        return all;
    }

    private int[] offsets(Phase phase, int pitch) {
        int[] offsets = new int[phase.joinedTaps == 0 ? 0 : phase.taps.length / phase.joinedTaps];
        for (int i = 0; i < offsets.length; i++) {
            int t = i * phase.joinedTaps;
            offsets[i] = -(phase.backRows[t] * pitch + phase.backColumns[t]) * shape.o();
        }
        return offsets;
    }
}
