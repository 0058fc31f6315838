package gannet.kernel;

import java.util.Arrays;

/// Matrix products in plain loops, `c[m,n] (+)= a[m,k] · b[k,n]`, each matrix given by its strides.
///
/// Why it is fast for plain Java: HotSpot turns a loop into vector code only where it can tell that no store changes a later load.
/// `c[co + j] += x · b[bo + j]` it can't tell; `c[j] += x · b[j]`, with one index for every array, it can. So b is copied, a panel
/// at a time, to one array a row, and the result is made in four such arrays, four rows of a by two of b at once: 20–30 GFLOP/s on one core
/// where the plain form ran at 4–7. The copies also take care of strides and transposes.
final class ScalarProduct {
    /// A panel of b: 128 rows of up to 256 elements stay in the second-level cache, two of them and the four of the result in the first.
    private static final int DEPTH = 128, WIDTH = 256;
    /// Below this the rows are too short to vectorise, and one sum after the other is faster.
    private static final int NARROW = 8;

    private final float[][] panel = new float[DEPTH][WIDTH];
    private final float[][] tile = new float[4][WIDTH];
    private float[] column = new float[0];

    private float[] a;
    private int aOffset, aRow, aColumn;
    private float[] b;
    private int bOffset, bRow, bColumn;

    /// Sets the left operand: element (i, k) is `array[offset + i·row + k·column]`.
    ScalarProduct left(float[] array, int offset, int row, int column) {
        a = array;
        aOffset = offset;
        aRow = row;
        aColumn = column;
        return this;
    }

    /// Sets the right operand: element (k, j) is `array[offset + k·row + j·column]`.
    ScalarProduct right(float[] array, int offset, int row, int column) {
        b = array;
        bOffset = offset;
        bRow = row;
        bColumn = column;
        return this;
    }

    /// The product of [#left] and [#right] into `c`, whose rows lie one after the other, or added to it. The sum over k is made of the sums of
    /// blocks of [#DEPTH], a tree that depends on k only.
    void into(float[] c, int offset, int m, int k, int n, boolean add) {
        if (n < NARROW) narrow(c, offset, m, k, n, add);
        else for (int j = 0; j < n; j += WIDTH)
            for (int p = 0; p < k; p += DEPTH) {
                int depth = Math.min(DEPTH, k - p), width = Math.min(WIDTH, n - j);
                fillPanel(p, depth, j, width);
                for (int i = 0; i < m; i += 4) {
                    int rows = Math.min(4, m - i), at = aOffset + i * aRow + p * aColumn;
                    for (int r = 0; r < rows; r++) Arrays.fill(tile[r], 0, width, 0);
                    if (rows == 4) fourRows(at, depth, width);
                    else for (int r = 0; r < rows; r++) oneRow(at + r * aRow, tile[r], depth, width);
                    for (int r = 0; r < rows; r++) store(tile[r], c, offset + (i + r) * n + j, width, add || p > 0);
                }
            }
    }

    private void fillPanel(int k, int depth, int j, int width) {
        for (int p = 0; p < depth; p++) {
            float[] row = panel[p];
            int from = bOffset + (k + p) * bRow + j * bColumn;
            if (bColumn == 1) System.arraycopy(b, from, row, 0, width);
            else for (int i = 0; i < width; i++) row[i] = b[from + i * bColumn];
        }
    }

    private static void store(float[] row, float[] c, int at, int width, boolean add) {
        if (!add) System.arraycopy(row, 0, c, at, width);
        else for (int j = 0; j < width; j++) c[at + j] += row[j];
    }

    private void fourRows(int at, int depth, int width) {
        int at1 = at + aRow, at2 = at1 + aRow, at3 = at2 + aRow, k = 0;
        for (; k + 1 < depth; k += 2) {
            int p = k * aColumn, q = p + aColumn;
            fourByTwo(a[at + p], a[at + q], a[at1 + p], a[at1 + q], a[at2 + p], a[at2 + q], a[at3 + p], a[at3 + q], panel[k], panel[k + 1],
                    tile[0], tile[1], tile[2], tile[3], width);
        }
        if (k < depth)
            for (int r = 0; r < 4; r++) one(a[at + r * aRow + k * aColumn], panel[k], tile[r], width);
    }

    private static void fourByTwo(float a0, float b0, float a1, float b1, float a2, float b2, float a3, float b3, float[] p, float[] q,
                                  float[] c0, float[] c1, float[] c2, float[] c3, int width) {
        for (int j = 0; j < width; j++) {
            float x = p[j], y = q[j];
            c0[j] = c0[j] + a0 * x + b0 * y;
            c1[j] = c1[j] + a1 * x + b1 * y;
            c2[j] = c2[j] + a2 * x + b2 * y;
            c3[j] = c3[j] + a3 * x + b3 * y;
        }
    }

    private void oneRow(int at, float[] c, int depth, int width) {
        int k = 0;
        for (; k + 1 < depth; k += 2) {
            float x = a[at + k * aColumn], y = a[at + (k + 1) * aColumn];
            float[] p = panel[k], q = panel[k + 1];
            for (int j = 0; j < width; j++) c[j] = c[j] + x * p[j] + y * q[j];
        }
        if (k < depth) one(a[at + k * aColumn], panel[k], c, width);
    }

    private static void one(float x, float[] p, float[] c, int width) {
        for (int j = 0; j < width; j++) c[j] += x * p[j];
    }

    private void narrow(float[] c, int offset, int m, int k, int n, boolean add) {
        if (column.length < k) column = new float[k];
        for (int j = 0; j < n; j++) {
            for (int p = 0; p < k; p++) column[p] = b[bOffset + p * bRow + j * bColumn];
            for (int i = 0; i < m; i++) {
                int at = offset + i * n + j;
                float sum = dot(aOffset + i * aRow, k);
                c[at] = add ? c[at] + sum : sum;
            }
        }
    }

    /// Four sums side by side, of every fourth product each, in blocks of [#DEPTH].
    private float dot(int at, int k) {
        float total = 0;
        for (int from = 0; from < k; from += DEPTH) {
            int to = Math.min(from + DEPTH, k), p = from;
            float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            for (; p + 3 < to; p += 4) {
                int q = at + p * aColumn;
                s0 += a[q] * column[p];
                s1 += a[q + aColumn] * column[p + 1];
                s2 += a[q + 2 * aColumn] * column[p + 2];
                s3 += a[q + 3 * aColumn] * column[p + 3];
            }
            for (; p < to; p++) s0 += a[at + p * aColumn] * column[p];
            total += (s0 + s1) + (s2 + s3);
        }
        return total;
    }
}
