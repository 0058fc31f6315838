package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;
import static gannet.kernel.simd.Winograd.POINTS;

import gannet.kernel.ConvShape;

/// Convolutions' weight gradients by [Winograd]'s algorithm, transposed: at each of 25 points `[o, tiles] · [tiles, channels of all phases]`, summed over all tiles of the
/// batch, and only then transformed back.
///
/// The batch is done in chunks of at most about [Product#DEPTH] tiles. First both x and dy of a chunk are transformed, x straight into panels of 32 columns, and dy is turned over; then each part
/// computes some of the result, wholly. Chunks are added up in order, so that the bits don't depend on the threads.
final class WinogradWeight {
    private static final int HEIGHT = 66, WIDE = 4;

    /// Sums over fewer tiles are too short for the errors of [Winograd#leastTerms]; here no corner makes it worse.
    private static final int LEAST_TILES = 64;

    private final Team team;

    WinogradWeight(Team team) {
        this.team = team;
    }

    /// Whether [#run] does a shape, and sooner than the direct way.
    static boolean suits(ConvShape s) {
        if (!Winograd.suits(s)) return false;
        Correlation c = Correlation.of(s);
        int bands = c.images() * c.bands();
        return bands * c.across() >= LEAST_TILES && c.cost(bands / (double) bandsPerChunk(c)) < c.directCost();
    }

    private static int bandsPerChunk(Correlation c) {
        return Math.max(1, Product.DEPTH / c.across());
    }

    /// `turned[o, kh·kw·c]`, the weights' gradient turned over.
    void run(ConvShape s, float[] x, int xAt, float[] y, int yAt, float[] turned) {
        Correlation c = Correlation.of(s);
        int bands = c.images() * c.bands(), most = bandsPerChunk(c), chunks = (bands + most - 1) / most, each = (bands + chunks - 1) / chunks;
        int tiles = each * c.across(), panels = c.depth() / COLUMNS, o = s.o(), plane = panels * tiles * COLUMNS;
        int down = (o + HEIGHT - 1) / HEIGHT, height = (o + down - 1) / down, across = (panels + WIDE - 1) / WIDE;
        float[] v = team.packed(POINTS * POINTS * plane), z = team.gradient(POINTS * POINTS * tiles * o);
        for (int first = 0; first < bands; first += each) {
            int start = first, count = Math.min(each, bands - first);
            team.run(count, (long) count * c.across() * c.depth() * POINTS * POINTS, (band, index) -> {
                Worker worker = team.worker(index);
                c.data(x, xAt, start + band, worker, v, band * c.across() * COLUMNS, plane, COLUMNS, COLUMNS, tiles * COLUMNS);
                c.gradient(y, yAt, start + band, worker, z, band * c.across() * o, tiles * o);
            });
            float[] rows = team.turned(POINTS * POINTS * tiles * o);
            team.run(POINTS * POINTS, (long) POINTS * POINTS * count * c.across() * o, (t, _) ->
                    Packing.transpose(z, t * tiles * o, o, count * c.across(), o, rows, t * tiles * o, tiles));
            team.run(down * across, 2L * POINTS * POINTS * count * c.across() * c.depth() * o, (part, index) -> {
                int row = part / across * height, panel = part % across * WIDE, high = Math.min(height, o - row), wide = Math.min(WIDE, panels - panel);
                Worker worker = team.worker(index);
                float[] sums = products(c, v, rows, tiles, count * c.across(), row, high, panel, wide, worker);
                add(s, c, sums, row, high, panel, wide, turned, start > 0);
            });
        }
    }

    /// `[25, rows, 32·wide]` in whole tiles of the micro-kernel.
    private static float[] products(Correlation c, float[] v, float[] gradients, int stride, int tiles, int row, int rows, int panel, int wide, Worker worker) {
        int whole = Product.wholeTiles(rows), columns = wide * COLUMNS, size = whole * columns, o = c.results(), panels = c.depth() / COLUMNS;
        float[] sums = worker.result(POINTS * POINTS * size);
        worker.rows(rows);
        for (int i = 0; i < whole; i++) {
            worker.aRows[i] = (row + Math.min(i, rows - 1)) * stride;
            worker.cRows[i] = i * columns;
        }
        for (int t = 0; t < POINTS * POINTS; t++)
            Product.block(worker, whole, tiles, gradients, t * stride * o, v, (t * panels + panel) * stride * COLUMNS, stride * COLUMNS, 0, wide, columns, sums, t * size, false);
        return sums;
    }

    /// `Gᵀ S G`, to its place in, or on top of, the turned weights.
    private static void add(ConvShape s, Correlation c, float[] sums, int row, int rows, int panel, int wide, float[] turned, boolean onTop) {
        int columns = wide * COLUMNS, size = Product.wholeTiles(rows) * columns, n = s.kh() * s.kw() * s.c();
        for (int j = 0; j < POINTS; j++) Winograd.filterGradient(c.tapsH(), sums, j * size, POINTS * size, size);
        for (int i = 0; i < c.tapsH(); i++) Winograd.filterGradient(c.tapsW(), sums, i * POINTS * size, size, size);
        for (int p = 0; p < wide; p++) {
            int k = (panel + p) * COLUMNS, phase = k / s.c(), channel = k % s.c();
            for (int i = 0; i < c.tapsH(); i++) {
                for (int j = 0; j < c.tapsW(); j++) {
                    int position = c.kernelRow(phase / s.strideW(), i) * s.kw() + c.kernelColumn(phase % s.strideW(), j);
                    int from = (i * POINTS + c.tapsW() - 1 - j) * size + p * COLUMNS, to = row * n + position * s.c() + channel;
                    for (int r = 0; r < rows; r++) {
                        if (onTop) Elementwise.add(turned, to + r * n, sums, from + r * columns, COLUMNS);
                        else System.arraycopy(sums, from + r * columns, turned, to + r * n, COLUMNS);
                    }
                }
            }
        }
    }
}
