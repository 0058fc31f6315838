package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;
import static gannet.kernel.simd.MicroKernel.ROWS;
import static gannet.kernel.simd.Width.LANES;

import java.util.Arrays;

/// One block of a matrix product: the loops around the [MicroKernel], from which [Gemm] and the convolutions are built.
///
/// **Blocking.** A block is up to a few hundred rows of c, some of its columns, and a chunk of at most [#LONGEST] of the sum. For six rows of a, which stay in L1, the panels of b go by,
/// for most callers in groups of 8 (8 · LONGEST · COLUMNS floats, half a megabyte with AVX-512: L2); all of o's at once were as fast. Per step of k a tile needs 128 bytes of b and 24 of a in 12 cycles, which L2 gives; what costs more is each
/// further visit to c. At 2048³ chunks of 128, 256, 512 and 768 ran at 89, 94, 105 and 107 GFLOP/s. The rows of c are written from left to right: panel by panel, 128 bytes of each of a few
/// hundred rows, short sums over a large c (the weight gradients of dense layers) ran at 74 GFLOP/s instead of 89, long ones alike.
///
/// Tiles that stick out of c: the last rows are computed several times over, to the same place; the last columns beside c, half a tile if that will do.
final class Product {
    /// The longest piece of a sum between two visits to c.
    private static final int LONGEST = 512;
    /// A good length of pieces where both operands are brought into scratch memory first.
    static final int DEPTH = 256;

    /// Where the rows of a tile begin that lies by itself.
    static final int[] TILE_ROWS = {0, COLUMNS, 2 * COLUMNS, 3 * COLUMNS, 4 * COLUMNS, 5 * COLUMNS};

    static final int[] IN_PLACE = {0};
    private static final int SHORT = 48;

    private Product() {}

    /// `m` rounded up to whole tiles.
    static int wholeTiles(int m) {
        return (m + ROWS - 1) / ROWS * ROWS;
    }

    /// The number of chunks that a sum of `k` terms is cut into, and the length of all but the last: a function of k alone.
    static int chunk(int k) {
        int chunks = (k + LONGEST - 1) / LONGEST;
        return (k + chunks - 1) / chunks;
    }

    /// Lets the rows of `table` from m to the end of the last tile repeat row m − 1, for those who call tiles themselves.
    static void repeatLast(int[] table, int m) {
        for (int i = m; i < wholeTiles(m); i++) table[i] = table[m - 1];
    }

    /// `c[m, n] (+)= a[m, kc] · b[kc, n]` for the panels `from` to `to` of b. Row i of a starts at `w.aRows[i] + aShift`, row
    /// i of c at `w.cRows[i] + cShift`, panel j of b at `bAt + j · panelStride`; `bAt` and `panelStride` are multiples of COLUMNS.
    static void block(Worker w, int m, int kc, float[] a, int aShift, float[] b, int bAt, int panelStride, int from, int to, int n,
            float[] c, int cShift, boolean accumulate) {
        assert bAt % COLUMNS == 0 && panelStride % COLUMNS == 0 : bAt + ", " + panelStride;
        int whole = m / ROWS * ROWS;
        for (int i = 0; i < whole; i += ROWS) row(w, w.aRows, w.cRows, i, kc, a, aShift, b, bAt, panelStride, from, to, n, c, cShift, accumulate);
        if (whole < m) {
            lastRows(w, whole, m);
            row(w, w.edgeA, w.edgeC, 0, kc, a, aShift, b, bAt, panelStride, from, to, n, c, cShift, accumulate);
        }
    }

    /// A row of tiles.
    private static void row(Worker w, int[] aRows, int[] cRows, int row, int kc, float[] a, int aShift, float[] b, int bAt, int panelStride, int from, int to, int n, float[] c,
            int cShift, boolean accumulate) {
        for (int j = from; j < to; j++) {
            int column = j * COLUMNS, width = Math.min(COLUMNS, n - column);
            if (width == COLUMNS) MicroKernel.tile(kc, a, aRows, row, aShift, b, bAt + j * panelStride, c, cRows, row, cShift + column, accumulate);
            else part(w, aRows, cRows, row, kc, a, aShift, b, bAt + j * panelStride, c, cShift + column, width, accumulate);
        }
    }

    /// The rows of a last, incomplete tile: row m − 1 is computed several times over, to the same place.
    private static void lastRows(Worker w, int row, int m) {
        for (int i = 0; i < ROWS; i++) {
            w.edgeA[i] = w.aRows[Math.min(row + i, m - 1)];
            w.edgeC[i] = w.cRows[Math.min(row + i, m - 1)];
        }
    }

    /// A tile of which only `width` columns lie in c: half of it if that will do, and beside c unless it fits.
    private static void part(Worker w, int[] aRows, int[] cRows, int row, int kc, float[] a, int aShift, float[] b, int panel, float[] c,
            int cShift, int width, boolean accumulate) {
        boolean fits = width == LANES;
        if (!fits && accumulate) Packing.rows(c, cRows, row, cShift, w.tile, TILE_ROWS, 0, 0, width);
        float[] to = fits ? c : w.tile;
        int[] rows = fits ? cRows : TILE_ROWS;
        int at = fits ? row : 0, shift = fits ? cShift : 0;
        if (width > LANES) MicroKernel.tile(kc, a, aRows, row, aShift, b, panel, to, rows, at, shift, accumulate);
        else MicroKernel.half(kc, a, aRows, row, aShift, b, panel, to, rows, at, shift, accumulate);
        if (!fits) Packing.tile(w.tile, c, cRows, row, cShift, width);
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
        return rows;
    }
}
