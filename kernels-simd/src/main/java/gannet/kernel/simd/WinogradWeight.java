package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;
import static gannet.kernel.simd.Winograd.POINTS;

import gannet.kernel.ConvShape;

/// Convolutions' weight gradients by [Winograd]'s algorithm, transposed: at each of 25 points `[o, tiles] · [tiles, channels of all phases]`, summed over the tiles of a
/// chunk of the batch, and only then transformed back.
///
/// The batch is done in chunks of a few tiles. First both x and dy of a chunk are transformed, x straight into panels of 32 columns, and dy is turned over; then each part
/// computes some of the result, wholly. Chunks are added up in order, so that the bits don't depend on the threads.
final class WinogradWeight {
    private static final int HEIGHT = 66, WIDE = 4, PARTS = 4;

    /// Sums over fewer tiles are too short for the errors of [Winograd#leastTerms]; here no corner makes it worse. Chunks of as many are best: what is
    /// transformed of them stays in the second cache, or near; 128 and 256 took 1.1 times as long.
    private static final int LEAST_TILES = 64;

    /// Transformed tiles in an order, in room for `room`: `v` in panels, `dy` turned over, and how far apart each one's points are.
    private record Chunk(float[] v, int vStep, float[] dy, int dyStep, int room, TileOrder order) {}

    /// Rows `row` to `row + rows` (channels of y) and panels `panel` to `panel + wide` (channels of x's phases) of the result.
    private record Part(int row, int rows, int panel, int wide) {
        /// Floats of one point's sums, in whole tiles of the micro-kernel.
        int size() {
            return Product.wholeTiles(rows) * wide * COLUMNS;
        }
    }

    private final Team team;

    WinogradWeight(Team team) {
        this.team = team;
    }

    /// Whether [#run] does a shape, and sooner than the direct way.
    static boolean suits(ConvShape s) {
        if (!Winograd.suits(s)) return false;
        Correlation c = Correlation.of(s);
        return c.tiles() >= LEAST_TILES && c.cost(Math.ceilDiv(c.source().images() * c.bands(), bandsPerChunk(c))) < c.directCost();
    }

    private static int bandsPerChunk(Correlation c) {
        return Math.max(PARTS, LEAST_TILES / c.across());
    }

    /// `turned[o, kh·kw·c]`, the weights' gradient turned over.
    void run(ConvShape s, float[] x, int xAt, float[] y, int yAt, float[] turned) {
        Correlation c = Correlation.of(s);
        int bands = c.source().images() * c.bands(), most = bandsPerChunk(c), chunks = (bands + most - 1) / most, each = (bands + chunks - 1) / chunks;
        int tiles = each * c.across(), panels = c.depth() / COLUMNS, o = s.o(), plane = Winograd.spread(panels * tiles * COLUMNS), turnedPlane = Winograd.spread(tiles * o);
        int across = Math.max(Math.ceilDiv(panels, WIDE), Math.min(panels, Math.ceilDiv(PARTS, Math.ceilDiv(o, HEIGHT)))), wide = Math.ceilDiv(panels, across);
        int down = Math.max(Math.ceilDiv(o, HEIGHT), Math.ceilDiv(PARTS, across)), height = Math.ceilDiv(o, down);
        float[] v = team.packed(POINTS * POINTS * plane), z = team.gradient(POINTS * POINTS * turnedPlane), rows = team.turned(POINTS * POINTS * turnedPlane);
        for (int first = 0; first < bands; first += each) {
            int start = first, count = Math.min(each, bands - first);
            var order = new TileOrder(c, start, count);
            team.run(count, (long) count * c.across() * c.depth() * POINTS * POINTS, (band, index) -> {
                Worker worker = team.worker(index);
                c.data(x, xAt, start, band, worker, order, v, plane, COLUMNS, COLUMNS, tiles * COLUMNS);
                c.gradient(y, yAt, start, band, worker, order, z, turnedPlane);
            });
            team.run(POINTS * POINTS, (long) POINTS * POINTS * count * c.across() * o, (t, _) ->
                    Packing.transpose(z, t * turnedPlane, o, count * c.across(), o, rows, t * turnedPlane, tiles));
            var chunk = new Chunk(v, plane, rows, turnedPlane, tiles, order);
            team.run(down * across, 2L * POINTS * POINTS * count * c.across() * c.depth() * o, (part, index) -> {
                int row = part / across * height, panel = part % across * wide;
                var which = new Part(row, Math.min(height, o - row), panel, Math.min(wide, panels - panel));
                if (which.rows > 0 && which.wide > 0) add(s, c, products(chunk, which, team.worker(index)), which, turned, start > 0);
            });
        }
    }

    /// `[25, rows, 32·wide]`, in whole tiles of the micro-kernel.
    private static float[] products(Chunk chunk, Part part, Worker worker) {
        int whole = Product.wholeTiles(part.rows), columns = part.wide * COLUMNS, panel = chunk.room * COLUMNS;
        float[] sums = worker.result(POINTS * POINTS * part.size());
        worker.rows(part.rows);
        for (int i = 0; i < whole; i++) {
            worker.aRows[i] = (part.row + Math.min(i, part.rows - 1)) * chunk.room;
            worker.cRows[i] = i * columns;
        }
        for (int t = 0; t < POINTS * POINTS; t++) {
            int from = chunk.order.from(t / POINTS, t % POINTS), count = chunk.order.to(t / POINTS, t % POINTS) - from;
            Product.block(worker, whole, count, chunk.dy, t * chunk.dyStep + from, chunk.v, t * chunk.vStep + part.panel * panel + from * COLUMNS, panel, 0, part.wide, columns,
                    sums, t * part.size(), false);
        }
        return sums;
    }

    /// `Gᵀ S G`, to its place in, or on top of, the turned weights.
    private static void add(ConvShape s, Correlation c, float[] sums, Part part, float[] turned, boolean onTop) {
        Correlation.Taps taps = c.taps();
        int columns = part.wide * COLUMNS, size = part.size(), n = s.kh() * s.kw() * s.c();
        for (int j = 0; j < POINTS; j++) Winograd.filterGradient(taps.high(), sums, j * size, POINTS * size, size);
        for (int i = 0; i < taps.high(); i++) Winograd.filterGradient(taps.wide(), sums, i * POINTS * size, size, size);
        for (int p = 0; p < part.wide; p++) {
            int k = (part.panel + p) * COLUMNS, phase = k / s.c(), channel = k % s.c();
            for (int i = 0; i < taps.high(); i++) {
                for (int j = 0; j < taps.wide(); j++) {
                    int position = taps.row(phase / s.strideW(), i) * s.kw() + taps.column(phase % s.strideW(), j);
                    int from = (i * POINTS + taps.wide() - 1 - j) * size + p * COLUMNS, to = part.row * n + position * s.c() + channel;
                    for (int r = 0; r < part.rows; r++) {
                        if (onTop) Elementwise.add(turned, to + r * n, sums, from + r * columns, COLUMNS);
                        else System.arraycopy(sums, from + r * columns, turned, to + r * n, COLUMNS);
                    }
                }
            }
        }
    }
}
