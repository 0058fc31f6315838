package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;
import static gannet.kernel.simd.MicroKernel.ROWS;

import java.util.Arrays;

/// One block of a matrix product: the loops around the [MicroKernel], from which [Gemm] and the convolutions are built.
///
/// **Blocking.** A block is up to a few hundred rows of c, all or some of its columns, and a chunk of at most [#DEPTH] of the sum. For
/// each panel of b (DEPTH · COLUMNS floats, 32 KB with AVX-512: it stays in L1) all rows of a go by (rows · DEPTH floats, about 200 KB:
/// L2). So b is read from L2 or L3 once a block and a from L2 once a panel, and per step of k a tile needs 24 bytes of a in 12 cycles.
///
/// **Measured** on one core of a busy machine, in GFLOP/s of processor time (FMA peak 118): squares of 512 to 2048: 77 to 88; 16384 × 256
/// × 2048: 86; the convolutions of 64 ↔ 128 channels 94 to 98, of 128 → 256 104, their weights' gradients 78 to 87; 3 → 64 channels 58.
final class Product {
    /// The longest piece of a sum between two visits to c.
    static final int DEPTH = 256;

    private static final int[] TILE_ROWS = {0, COLUMNS, 2 * COLUMNS, 3 * COLUMNS, 4 * COLUMNS, 5 * COLUMNS};

    static final int[] IN_PLACE = {0};
    private static final int SHORT = 48;

    private Product() {}

    /// `m` rounded up to whole tiles.
    static int wholeTiles(int m) {
        return (m + ROWS - 1) / ROWS * ROWS;
    }

    /// The number of chunks that a sum of `k` terms is cut into, and the length of all but the last: a function of k alone.
    static int chunk(int k) {
        int chunks = (k + DEPTH - 1) / DEPTH;
        return (k + chunks - 1) / chunks;
    }

    /// Lets the rows of `table` from m to the end of the last tile repeat row m − 1, so that a tile may read them.
    static void repeatLast(int[] table, int m) {
        for (int i = m; i < wholeTiles(m); i++) table[i] = table[m - 1];
    }

    /// `c[m, n] (+)= a[m, kc] · b[kc, n]` for the panels `from` to `to` of b. Row i of a starts at `w.aRows[i] + aShift` (whole tiles of
    /// the table must be filled), row i of c at `w.cRows[i] + cShift`, panel j of b at `bAt + j · panelStride`.
    static void block(Worker w, int m, int kc, float[] a, int aShift, float[] b, int bAt, int panelStride, int from, int to, int n,
            float[] c, int cShift, boolean accumulate) {
        for (int j = from; j < to; j++) {
            int column = j * COLUMNS, width = Math.min(COLUMNS, n - column), panel = bAt + j * panelStride;
            int whole = width == COLUMNS ? m / ROWS * ROWS : 0;
            for (int i = 0; i < whole; i += ROWS) MicroKernel.tile(kc, a, w.aRows, i, aShift, b, panel, c, w.cRows, i, cShift + column,
                    accumulate);
            for (int i = whole; i < m; i += ROWS)
                edge(w, i, Math.min(ROWS, m - i), width, kc, a, aShift, b, panel, c, cShift + column, accumulate);
        }
    }

    /// `c[m, n] = Σ a[m, segment] · b[segment, n]`: row i of a is the run of `length` floats at `w.aRows[i] + offset`, for each of the
    /// `offsets` in turn. Short runs are first gathered into rows of their own, so that the micro-kernel always has something to do.
    static void segments(Worker w, int m, float[] a, int[] offsets, int length, float[] b, int bAt, int from, int to, int n, float[] c) {
        int k = offsets.length * length;
        if (k == 0) {
            for (int i = 0; i < m; i++) Arrays.fill(c, w.cRows[i] + from * COLUMNS, w.cRows[i] + Math.min(n, to * COLUMNS), 0);
        } else if (length < SHORT && offsets.length > 1) {
            float[] rows = gather(w, m, a, offsets, length);
            sum(w, m, rows, IN_PLACE, k, b, bAt, from, to, n, c);
        } else {
            repeatLast(w.aRows, m);
            sum(w, m, a, offsets, length, b, bAt, from, to, n, c);
        }
    }

    private static void sum(Worker w, int m, float[] a, int[] offsets, int length, float[] b, int bAt, int from, int to, int n, float[] c) {
        int chunk = chunk(length), panelStride = offsets.length * length * COLUMNS;
        for (int s = 0; s < offsets.length; s++) {
            for (int done = 0; done < length; done += chunk) {
                int k = s * length + done;
                block(w, m, Math.min(chunk, length - done), a, offsets[s] + done, b, bAt + k * COLUMNS, panelStride, from, to, n, c, 0,
                        k > 0);
            }
        }
    }

    private static float[] gather(Worker w, int m, float[] a, int[] offsets, int length) {
        int k = offsets.length * length;
        float[] rows = w.gathered(m * k);
        for (int i = 0; i < m; i++) {
            for (int s = 0; s < offsets.length; s++) {
                int source = w.aRows[i] + offsets[s], target = i * k + s * length;
                for (int j = 0; j < length; j++) rows[target + j] = a[source + j];
            }
            w.aRows[i] = i * k;
        }
        repeatLast(w.aRows, m);
        return rows;
    }

    /// A tile of which only `height` rows and `width` columns lie in c is computed beside it.
    private static void edge(Worker w, int row, int height, int width, int kc, float[] a, int aShift, float[] b, int panel, float[] c,
            int cShift, boolean accumulate) {
        float[] tile = w.tile;
        if (accumulate) for (int i = 0; i < height; i++) System.arraycopy(c, w.cRows[row + i] + cShift, tile, TILE_ROWS[i], width);
        MicroKernel.tile(kc, a, w.aRows, row, aShift, b, panel, tile, TILE_ROWS, 0, 0, accumulate);
        for (int i = 0; i < height; i++) System.arraycopy(tile, TILE_ROWS[i], c, w.cRows[row + i] + cShift, width);
    }
}
