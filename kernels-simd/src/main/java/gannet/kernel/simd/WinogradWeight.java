package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;
import static gannet.kernel.simd.Winograd.POINTS;

import gannet.kernel.ConvShape;
import java.util.ArrayList;

/// Convolutions' weight gradients by [Winograd]'s algorithm, transposed: at each of 25 points `[o, tiles] · [tiles, channels of all phases]`, summed over the tiles of a
/// chunk of the batch, and only then transformed back.
///
/// The batch is done in chunks of a few tiles. First both x and dy of a chunk are transformed, x straight into panels of 32 columns, and dy is turned over; then each part
/// computes some of the result, wholly. Chunks are added up in order, so that the bits don't depend on the threads.
final class WinogradWeight {
    private static final int HEIGHT = 66, WIDE = 4, LEAST_BANDS = 4;

    /// Sums over fewer tiles are too short for the errors of [Winograd#leastTerms]; here no corner makes it worse. Chunks of as many are best: what is
    /// transformed of them stays in the second cache, or near; 128 and 256 took 1.1 times as long.
    private static final int LEAST_TILES = 64;

    /// How a shape is done, worked out once for it: chunks of `each` bands or fewer, and the parts of the result.
    private record Plan(Correlation c, int each, Chunk[] chunks, Part[] parts) {
        static Plan of(ConvShape s, int parts) {
            Correlation c = Correlation.of(s);
            int bands = c.source().images() * c.bands(), each = Math.ceilDiv(bands, Math.ceilDiv(bands, bandsPerChunk(c)));
            var chunks = new Chunk[Math.ceilDiv(bands, each)];
            for (int i = 0; i < chunks.length; i++) {
                int count = Math.min(each, bands - i * each);
                chunks[i] = new Chunk(i * each, count, new TileOrder(c, i * each, count));
            }
            return new Plan(c, each, chunks, parts(s.o(), c.depth() / COLUMNS, parts));
        }

        private static Part[] parts(int rows, int panels, int wanted) {
            int across = Math.max(Math.ceilDiv(panels, WIDE), Math.min(panels, Math.ceilDiv(wanted, Math.ceilDiv(rows, HEIGHT)))), wide = Math.ceilDiv(panels, across);
            int height = Math.ceilDiv(rows, Math.max(Math.ceilDiv(rows, HEIGHT), Math.ceilDiv(wanted, across)));
            var parts = new ArrayList<Part>();
            for (int row = 0; row < rows; row += height)
                for (int panel = 0; panel < panels; panel += wide) parts.add(new Part(row, Math.min(height, rows - row), panel, Math.min(wide, panels - panel)));
            return parts.toArray(new Part[0]);
        }

        /// The most tiles of a chunk.
        int room() {
            return each * c.across();
        }

        /// How far apart the points of x's tiles lie, in panels.
        int step() {
            return Winograd.spread(room() * c.depth());
        }

        /// And those of dy's.
        int gradientStep() {
            return Winograd.spread(room() * c.grid().channels());
        }
    }

    /// `count` bands from band `start` of the batch on, their tiles in an order.
    private record Chunk(int start, int count, TileOrder order) {}

    /// Rows `row` to `row + rows` (channels of y) and panels `panel` to `panel + wide` (channels of x's phases) of the result.
    private record Part(int row, int rows, int panel, int wide) {
        /// Floats of one point's sums, in whole tiles of the micro-kernel.
        int size() {
            return Product.wholeTiles(rows) * wide * COLUMNS;
        }
    }

    private final Team team;
    private final Remembered<ConvShape, Plan> plans;

    WinogradWeight(Team team) {
        this.team = team;
        int parts = team.fewParts();
        plans = new Remembered<>(s -> Plan.of(s, parts));
    }

    /// Whether [#run] does a shape, and sooner than the direct way.
    static boolean suits(ConvShape s) {
        if (!Winograd.suits(s)) return false;
        Correlation c = Correlation.of(s);
        return c.tiles() >= LEAST_TILES && c.cost(Math.ceilDiv(c.source().images() * c.bands(), bandsPerChunk(c))) < c.directCost();
    }

    private static int bandsPerChunk(Correlation c) {
        return Math.max(LEAST_BANDS, LEAST_TILES / c.across());
    }

    /// `turned[o, kh·kw·c]`, the weights' gradient turned over.
    void run(ConvShape s, float[] x, int xAt, float[] y, int yAt, float[] turned) {
        Plan plan = plans.of(s);
        Correlation c = plan.c;
        int room = plan.room(), o = s.o(), step = plan.step(), gradientStep = plan.gradientStep();
        float[] v = team.packed(POINTS * POINTS * step), z = team.gradient(POINTS * POINTS * gradientStep), rows = team.turned(POINTS * POINTS * gradientStep);
        for (Chunk chunk : plan.chunks) {
            int tiles = chunk.count * c.across();
            team.run(chunk.count, (long) tiles * c.depth() * POINTS * POINTS, (band, index) -> {
                Worker worker = team.worker(index);
                c.data(x, xAt, chunk.start, band, worker, chunk.order, v, step, COLUMNS, COLUMNS, room * COLUMNS);
                c.gradient(y, yAt, chunk.start, band, worker, chunk.order, z, gradientStep);
            });
            team.run(POINTS * POINTS, (long) POINTS * POINTS * tiles * o, (t, _) ->
                    Packing.transpose(z, t * gradientStep, o, tiles, o, rows, t * gradientStep, room));
            team.run(plan.parts.length, 2L * POINTS * POINTS * tiles * c.depth() * o, (part, index) -> {
                Part which = plan.parts[part];
                add(s, c, products(plan, chunk, which, v, rows, team.worker(index)), which, turned, chunk.start > 0);
            });
        }
    }

    /// `[25, rows, 32·wide]`, in whole tiles of the micro-kernel, of the transformed tiles `v`, in panels, and `dy`, turned over.
    private static float[] products(Plan plan, Chunk chunk, Part part, float[] v, float[] dy, Worker worker) {
        int whole = Product.wholeTiles(part.rows), columns = part.wide * COLUMNS, room = plan.room(), panel = room * COLUMNS, step = plan.step(), gradientStep = plan.gradientStep();
        float[] sums = worker.result(POINTS * POINTS * part.size());
        worker.rows(part.rows);
        for (int i = 0; i < whole; i++) {
            worker.aRows[i] = (part.row + Math.min(i, part.rows - 1)) * room;
            worker.cRows[i] = i * columns;
        }
        for (int t = 0; t < POINTS * POINTS; t++) {
            int from = chunk.order.from(t / POINTS, t % POINTS), count = chunk.order.to(t / POINTS, t % POINTS) - from, piece = Product.chunk(Math.max(1, count));
            int done = 0;
            do { // at least once: where no tile needs a point, its sums are zero
                Product.block(worker, whole, Math.min(piece, count - done), dy, t * gradientStep + from + done, v, t * step + part.panel * panel + (from + done) * COLUMNS, panel, 0,
                        part.wide, columns, sums, t * part.size(), done > 0);
                done += piece;
            } while (done < count);
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
