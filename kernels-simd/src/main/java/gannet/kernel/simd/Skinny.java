package gannet.kernel.simd;

import static gannet.kernel.simd.SkinnyKernel.EIGHT;
import static gannet.kernel.simd.SkinnyKernel.FOUR;
import static gannet.kernel.simd.Width.LANES;

import gannet.kernel.MatrixShape;
import java.util.Arrays;

/// Matrix products with few rows or few columns, such as a discriminator's last layer and its gradients: `d[f, w] = x[f, k] · y[k, w]` with f at
/// most [#FEW], or [#FEW_ROWS], where a tile of the [MicroKernel] would be mostly empty and packing would cost more than the product.
///
/// A product with few columns is the transposed one: `cᵀ = bᵀ · aᵀ`. The operand with few rows is brought into rows of its own (it is small);
/// the other is read once for each of them, where it lies: if it is stored `[k, w]`, a row of vectors of sums goes down it; if `[w, k]`,
/// its rows are dot products with x. Every sum is made in an order that depends on the shape alone.
final class Skinny {
    private static final int FEW = 8, FEW_ROWS = 3, PIECE = EIGHT * LANES, DEPTH = 48, PARTS = 16;

    private final Team team;

    Skinny(Team team) {
        this.team = team;
    }

    /// A dot product of k elements costs k / lanes steps and about 12 for adding its lanes up; a tile takes k steps whatever it holds. Sums down the columns of an untransposed b run at 30 to 36 GFLOP/s (every
    /// multiply-add reads a vector of it), tiles at 36 with 4 rows, which fill two thirds of one, and at 55 with 6. Where it is a that is read down its columns, tiles would have to turn it over, and lose.
    static boolean fits(MatrixShape s) {
        int few = Math.min(s.m(), s.n());
        if (s.batch() > 1 || few > FEW) return false;
        if (dots(s)) return few * (s.k() + 12 * LANES) <= LANES * s.k();
        return fewColumns(s) || few <= FEW_ROWS;
    }

    private static boolean fewColumns(MatrixShape s) {
        return s.n() <= s.m();
    }

    /// Whether the larger operand's rows run along k.
    private static boolean dots(MatrixShape s) {
        return fewColumns(s) ? !s.transposeA() : s.transposeB();
    }

    void matmul(MatrixShape s, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, Finish finish) {
        boolean columns = fewColumns(s);
        int few = columns ? s.n() : s.m(), wide = columns ? s.m() : s.n(), pitch = s.k() / LANES * LANES + LANES;
        float[] x = team.packed(few * pitch);
        if (columns) rows(b, bAt, few, s.k(), s.transposeB(), x, pitch);
        else rows(a, aAt, few, s.k(), !s.transposeA(), x, pitch);
        int unit = dots(s) ? EIGHT : PIECE, units = (wide + unit - 1) / unit, step = (units + PARTS - 1) / PARTS * unit;
        team.run((wide + step - 1) / step, 2L * s.m() * s.k() * s.n(), (part, worker) -> {
            Worker w = team.worker(worker);
            int from = part * step, to = Math.min(wide, from + step);
            float[] y = columns ? a : b;
            int yAt = columns ? aAt : bAt;
            if (dots(s)) dots(w, s.k(), few, x, pitch, y, yAt, from, to, c, cAt, columns ? 1 : wide, columns ? few : 1);
            else sums(w, s.k(), few, x, pitch, y, yAt, wide, from, to, c, cAt, columns);
            if (columns) finish.rows(c, cAt + from * few, to - from, few);
            else {
                w.rows(few);
                for (int i = 0; i < few; i++) w.cRows[i] = cAt + i * wide;
                finish.apply(c, w.cRows, few, 0, from, to);
            }
        });
    }

    /// The smaller operand as rows of k elements, filled up with zeros to one vector more than there are whole ones.
    private static void rows(float[] from, int at, int few, int k, boolean rowsOfK, float[] x, int pitch) {
        for (int i = 0; i < few; i++) {
            if (rowsOfK) System.arraycopy(from, at + i * k, x, i * pitch, k);
            else for (int j = 0; j < k; j++) x[i * pitch + j] = from[at + j * few + i];
            Arrays.fill(x, i * pitch + k, (i + 1) * pitch, 0);
        }
    }

    /// y is stored `[w, k]`.
    private static void dots(Worker w, int k, int few, float[] x, int pitch, float[] y, int yAt, int from, int to, float[] c, int cAt,
            int fewStride, int wideStride) {
        int kc = k / LANES * LANES;
        float[] tails = w.panels(EIGHT * LANES), sums = w.gathered(EIGHT * LANES), totals = w.result(EIGHT);
        int[] starts = w.sources(EIGHT);
        for (int j = from; j < to; j += EIGHT) {
            int count = Math.min(EIGHT, to - j);
            for (int i = 0; i < EIGHT; i++) starts[i] = yAt + (j + Math.min(i, count - 1)) * k;
            SkinnyKernel.tails(y, starts, kc, k - kc, tails);
            for (int f = 0; f < few; f++) {
                SkinnyKernel.dots(kc, x, f * pitch, y, starts, tails, sums);
                SkinnyKernel.fold(sums, totals);
                for (int i = 0; i < count; i++) c[cAt + (j + i) * wideStride + f * fewStride] = totals[i];
            }
        }
    }

    /// y is stored `[k, w]`. A piece of eight vectors of columns at a time, in strips of k that stay in L1 while the rows of x go by.
    private static void sums(Worker w, int k, int few, float[] x, int pitch, float[] y, int yAt, int wide, int from, int to, float[] c,
            int cAt, boolean columns) {
        float[] sums = w.result(few * PIECE);
        int strip = few == 1 ? k : DEPTH;
        for (int j = from, width; j < to; j += width) {
            int left = to - j;
            width = left >= PIECE ? PIECE : Math.min(left, FOUR * LANES);
            for (int done = 0; done < k; done += strip) {
                int kc = Math.min(strip, k - done), at = yAt + done * wide + j;
                for (int f = 0; f < few; f++) {
                    if (width == PIECE) SkinnyKernel.eight(kc, x, f * pitch + done, y, at, wide, sums, f * PIECE, done > 0);
                    else if (width > 2 * LANES) SkinnyKernel.four(kc, x, f * pitch + done, y, at, width - LANES, wide, sums, f * PIECE, done > 0);
                    else if (width > LANES) SkinnyKernel.two(kc, x, f * pitch + done, y, at, width - LANES, wide, sums, f * PIECE, done > 0);
                    else SkinnyKernel.narrow(kc, x, f * pitch + done, y, at, width, wide, sums, f * PIECE, done > 0);
                }
            }
            for (int f = 0; f < few; f++) write(sums, f * PIECE, width, c, columns ? cAt + j * few + f : cAt + f * wide + j, columns ? few : 1);
        }
    }

    /// Writes a piece's vectors of sums to its columns; the last vectors may overlap, see [SkinnyKernel#four].
    private static void write(float[] sums, int at, int width, float[] c, int cAt, int stride) {
        for (int v = 0; v * LANES < width; v++) {
            int column = Math.clamp(width - LANES, 0, v * LANES), count = Math.min(LANES, width);
            if (stride == 1) System.arraycopy(sums, at + v * LANES, c, cAt + column, count);
            else for (int i = 0; i < count; i++) c[cAt + (column + i) * stride] = sums[at + v * LANES + i];
        }
    }
}
