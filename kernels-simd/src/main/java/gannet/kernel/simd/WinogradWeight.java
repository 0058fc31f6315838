package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;
import static gannet.kernel.simd.Winograd.POINTS;

import gannet.kernel.ConvShape;

/// Convolutions' weight gradients by [Winograd]'s algorithm, transposed: at each of 25 points `[o, tiles] · [tiles, channels of all phases]`, summed over all tiles of the
/// batch, and only then transformed back.
///
/// The batch is done in chunks of a few tiles. First both x and dy of a chunk are transformed, x straight into panels of 32 columns, and dy is turned over; then each part
/// computes some of the result, wholly. Chunks are added up in order, so that the bits don't depend on the threads.
final class WinogradWeight {
    private static final int HEIGHT = 66, WIDE = 4;

    /// Sums over fewer tiles are too short for the errors of [Winograd#leastTerms]; here no corner makes it worse. Chunks of as many are best: what is transformed of them stays in the
    /// second cache, or near; 128 and 256 took 1.1 times as long.
    private static final int LEAST_TILES = 64;

    private final Team team;

    WinogradWeight(Team team) {
        this.team = team;
    }

    /// Whether [#run] does a shape, and sooner than the direct way.
    static boolean suits(ConvShape s) {
        if (!Winograd.suits(s)) return false;
        Correlation c = Correlation.of(s);
        return c.tiles() >= LEAST_TILES && c.cost(1) < c.directCost();
    }

    private static int bandsPerChunk(Correlation c) {
        return Math.max(1, LEAST_TILES / c.across());
    }

    /// `turned[o, kh·kw·c]`, the weights' gradient turned over.
    void run(ConvShape s, float[] x, int xAt, float[] y, int yAt, float[] turned) {
        Correlation c = Correlation.of(s);
        int bands = c.source().images() * c.bands(), most = bandsPerChunk(c), chunks = (bands + most - 1) / most, each = (bands + chunks - 1) / chunks;
        int tiles = each * c.across(), panels = c.depth() / COLUMNS, o = s.o(), plane = Winograd.spread(panels * tiles * COLUMNS), turnedPlane = Winograd.spread(tiles * o);
        int down = (o + HEIGHT - 1) / HEIGHT, height = (o + down - 1) / down, across = (panels + WIDE - 1) / WIDE;
        float[] v = team.packed(POINTS * POINTS * plane), z = team.gradient(POINTS * POINTS * turnedPlane), rows = team.turned(POINTS * POINTS * turnedPlane);
        for (int first = 0; first < bands; first += each) {
            int start = first, count = Math.min(each, bands - first);
            team.run(count, (long) count * c.across() * c.depth() * POINTS * POINTS, (band, index) -> {
                Worker worker = team.worker(index);
                c.data(x, xAt, start + band, worker, v, band * c.across() * COLUMNS, plane, COLUMNS, COLUMNS, tiles * COLUMNS);
                c.gradient(y, yAt, start + band, worker, z, band * c.across() * o, turnedPlane);
            });
            team.run(POINTS * POINTS, (long) POINTS * POINTS * count * c.across() * o, (t, _) ->
                    Packing.transpose(z, t * turnedPlane, o, count * c.across(), o, rows, t * turnedPlane, tiles));
            team.run(down * across, 2L * POINTS * POINTS * count * c.across() * c.depth() * o, (part, index) -> {
                int row = part / across * height, panel = part % across * WIDE, high = Math.min(height, o - row), wide = Math.min(WIDE, panels - panel);
                Worker worker = team.worker(index);
                float[] sums = products(c, v, plane, rows, turnedPlane, tiles, count * c.across(), row, high, panel, wide, worker);
                add(s, c, sums, row, high, panel, wide, turned, start > 0);
            });
        }
    }

    /// `[25, rows, 32·wide]` in whole tiles of the micro-kernel.
    private static float[] products(Correlation c, float[] v, int vStep, float[] gradients, int gradientStep, int stride, int tiles, int row, int rows, int panel, int wide, Worker worker) {
        int whole = Product.wholeTiles(rows), columns = wide * COLUMNS, size = whole * columns;
        float[] sums = worker.result(POINTS * POINTS * size);
        worker.rows(rows);
        for (int i = 0; i < whole; i++) {
            worker.aRows[i] = (row + Math.min(i, rows - 1)) * stride;
            worker.cRows[i] = i * columns;
        }
        for (int t = 0; t < POINTS * POINTS; t++)
            Product.block(worker, whole, tiles, gradients, t * gradientStep, v, t * vStep + panel * stride * COLUMNS, stride * COLUMNS, 0, wide, columns, sums, t * size, false);
        return sums;
    }

    /// `Gᵀ S G`, to its place in, or on top of, the turned weights.
    private static void add(ConvShape s, Correlation c, float[] sums, int row, int rows, int panel, int wide, float[] turned, boolean onTop) {
        int columns = wide * COLUMNS, size = Product.wholeTiles(rows) * columns, n = s.kh() * s.kw() * s.c();
        for (int j = 0; j < POINTS; j++) Winograd.filterGradient(c.taps().high(), sums, j * size, POINTS * size, size);
        for (int i = 0; i < c.taps().high(); i++) Winograd.filterGradient(c.taps().wide(), sums, i * POINTS * size, size, size);
        for (int p = 0; p < wide; p++) {
            int k = (panel + p) * COLUMNS, phase = k / s.c(), channel = k % s.c();
            for (int i = 0; i < c.taps().high(); i++) {
                for (int j = 0; j < c.taps().wide(); j++) {
                    int position = c.taps().row(phase / s.strideW(), i) * s.kw() + c.taps().column(phase % s.strideW(), j);
                    int from = (i * POINTS + c.taps().wide() - 1 - j) * size + p * COLUMNS, to = row * n + position * s.c() + channel;
                    for (int r = 0; r < rows; r++) {
                        if (onTop) Elementwise.add(turned, to + r * n, sums, from + r * columns, COLUMNS);
                        else System.arraycopy(sums, from + r * columns, turned, to + r * n, COLUMNS);
                    }
                }
            }
        }
    }
}
