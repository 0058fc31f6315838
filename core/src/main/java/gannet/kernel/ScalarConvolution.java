package gannet.kernel;

import java.util.Arrays;

/// The three convolutions as matrix products with patches: `patches[pixel, kh·kw·c]` holds the window under each of a block of output pixels,
/// with zeros where it leaves the image; Chellapilla et al. 2006. The window of one pixel is kh runs of kw·c contiguous floats, so gathering it
/// is cheap beside the product.
///
/// - conv: `y[pixel, o] = patches · w`
/// - convInput: `patches = y[pixel, o] · wᵀ`, then added into x
/// - convWeight: `w += patchesᵀ · y[pixel, o]`, block after block
final class ScalarConvolution {
    private static final int PATCH_FLOATS = 1 << 17;

    private final ScalarProduct product;
    private float[] patches = new float[0];

    ScalarConvolution(ScalarProduct product) {
        this.product = product;
    }

    void conv(ConvShape s, float[] x, int xo, float[] w, int wo, float[] y, int yo) {
        int window = window(s), block = block(s), pixels = pixels(s);
        for (int first = 0; first < pixels; first += block) {
            int count = Math.min(block, pixels - first);
            gather(s, first, count, x, xo);
            product.left(patches, 0, window, 1).right(w, wo, s.o(), 1).into(y, yo + first * s.o(), count, window, s.o(), false);
        }
    }

    void convInput(ConvShape s, float[] y, int yo, float[] w, int wo, float[] x, int xo) {
        int window = window(s), block = block(s), pixels = pixels(s);
        Arrays.fill(x, xo, xo + s.inputLength(), 0);
        for (int first = 0; first < pixels; first += block) {
            int count = Math.min(block, pixels - first);
            product.left(y, yo + first * s.o(), s.o(), 1).right(w, wo, 1, s.o()).into(patches, 0, count, s.o(), window, false);
            scatter(s, first, count, x, xo);
        }
    }

    void convWeight(ConvShape s, float[] x, int xo, float[] y, int yo, float[] w, int wo) {
        int window = window(s), block = block(s), pixels = pixels(s);
        for (int first = 0; first < pixels; first += block) {
            int count = Math.min(block, pixels - first);
            gather(s, first, count, x, xo);
            product.left(patches, 0, 1, window).right(y, yo + first * s.o(), s.o(), 1).into(w, wo, window, count, s.o(), first > 0);
        }
    }

    private static int window(ConvShape s) {
        return s.kh() * s.kw() * s.c();
    }

    private static int pixels(ConvShape s) {
        return s.n() * s.oh() * s.ow();
    }

    /// How many output pixels to take at once, by the shape alone; makes room for their patches.
    private int block(ConvShape s) {
        int block = Math.min(pixels(s), Math.max(16, PATCH_FLOATS / window(s)));
        if (patches.length < block * window(s)) patches = new float[block * window(s)];
        return block;
    }

    private void gather(ConvShape s, int first, int count, float[] x, int xo) {
        int run = s.kw() * s.c();
        for (int i = 0; i < count; i++)
            for (int p = 0; p < s.kh(); p++) {
                int to = (i * s.kh() + p) * run, row = row(s, first + i, p), column = column(s, first + i);
                if (row < 0 || row >= s.h()) {
                    Arrays.fill(patches, to, to + run, 0);
                    continue;
                }
                int from = xo + imageRow(s, first + i, row);
                if (s.dilationW() == 1 && column >= 0 && column + s.kw() <= s.w()) System.arraycopy(x, from + column * s.c(), patches, to, run);
                else for (int q = 0; q < s.kw(); q++, to += s.c()) {
                    int at = column + q * s.dilationW();
                    if (at >= 0 && at < s.w()) System.arraycopy(x, from + at * s.c(), patches, to, s.c());
                    else Arrays.fill(patches, to, to + s.c(), 0);
                }
            }
    }

    private void scatter(ConvShape s, int first, int count, float[] x, int xo) {
        for (int i = 0; i < count; i++)
            for (int p = 0; p < s.kh(); p++) {
                int row = row(s, first + i, p), column = column(s, first + i);
                if (row < 0 || row >= s.h()) continue;
                int from = (i * s.kh() + p) * s.kw() * s.c(), to = xo + imageRow(s, first + i, row);
                for (int q = 0; q < s.kw(); q++) {
                    int at = column + q * s.dilationW();
                    if (at < 0 || at >= s.w()) continue;
                    for (int c = 0; c < s.c(); c++) x[to + at * s.c() + c] += patches[from + q * s.c() + c];
                }
            }
    }

    /// The image's row under row p of the window of an output pixel.
    private static int row(ConvShape s, int pixel, int p) {
        return pixel / s.ow() % s.oh() * s.strideH() + p * s.dilationH() - s.top();
    }

    /// The image's column under column 0 of the window of an output pixel.
    private static int column(ConvShape s, int pixel) {
        return pixel % s.ow() * s.strideW() - s.left();
    }

    /// Where a row of the image that an output pixel belongs to begins in x.
    private static int imageRow(ConvShape s, int pixel, int row) {
        return (pixel / (s.oh() * s.ow()) * s.h() + row) * s.w() * s.c();
    }
}
