package gannet.kernel;

import java.util.Arrays;

/// Reductions over an axis, accumulated in double. Rows of `inner` elements are added up column by column; short rows are first joined to long
/// ones of about [#LANES], whose columns are folded at the end: the tree of additions is fixed by the shape.
final class ScalarReduction {
    private static final int LANES = 64, BLOCK = 1024;

    private final double[] sums = new double[BLOCK];

    /// `x[outer, axis, inner] → y[outer, inner]`
    void reduce(Reduction r, int outer, int axis, int inner, float[] x, int xo, float[] y, int yo) {
        for (int i = 0; i < outer; i++) {
            int from = xo + i * axis * inner, to = yo + i * inner;
            if (inner < LANES) joined(r, axis, inner, x, from, y, to);
            else for (int j = 0; j < inner; j += BLOCK) {
                int width = Math.min(BLOCK, inner - j);
                clear(r, width);
                for (int a = 0; a < axis; a++) combine(r, x, from + a * inner + j, width);
                for (int l = 0; l < width; l++) y[to + j + l] = (float) sums[l];
            }
        }
    }

    private void joined(Reduction r, int axis, int inner, float[] x, int from, float[] y, int to) {
        int lanes = LANES / inner * inner, length = axis * inner;
        clear(r, lanes);
        for (int at = 0; at < length; at += lanes) combine(r, x, from + at, Math.min(lanes, length - at));
        for (int rows = LANES / inner; rows > 1; rows = (rows + 1) / 2)
            for (int l = (rows + 1) / 2 * inner; l < rows * inner; l++) {
                int onto = l - (rows + 1) / 2 * inner;
                sums[onto] = switch (r) {
                    case SUM -> sums[onto] + sums[l];
                    case MAX -> Math.max(sums[onto], sums[l]);
                };
            }
        for (int j = 0; j < inner; j++) y[to + j] = (float) sums[j];
    }

    private void clear(Reduction r, int width) {
        Arrays.fill(sums, 0, width, switch (r) {
            case SUM -> 0;
            case MAX -> Double.NEGATIVE_INFINITY;
        });
    }

    private void combine(Reduction r, float[] x, int from, int width) {
        switch (r) {
            case SUM -> {
                for (int l = 0; l < width; l++) sums[l] += x[from + l];
            }
            case MAX -> {
                for (int l = 0; l < width; l++) sums[l] = Math.max(sums[l], x[from + l]);
            }
        }
    }
}
