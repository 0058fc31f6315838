package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;
import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;
import static gannet.kernel.simd.Winograd.INFINITY;
import static gannet.kernel.simd.Winograd.POINTS;

import gannet.kernel.ConvShape;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/// Convolutions and their input gradients by [Winograd]'s algorithm: 25 matrix products `[tiles, channels of all phases] · [channels, results]`, one a point, with 0.39 of
/// the direct way's multiplications for 4 × 4 kernels of stride 2 (whose phases are 2 × 2) and 0.31 for 3 × 3 of stride 1.
///
/// The batch is done in chunks whose transformed data fit the third cache: first the data of a chunk are transformed, a part a band of tiles; then each part computes some tiles'
/// results of one panel of 32 channels, wholly: it transforms the panel's weights, and for a few dozen tiles at a time multiplies, adds the bias (at the point 1, which is in every
/// result), transforms back, and writes the results. No transformed weights are kept, and what lies between products and results stays in the second cache.
final class WinogradConvolution {
    private static final int CHUNK_FLOATS = 1 << 20, LEAST_TILES = 64, TILES = 66, PARTS = 4;

    /// Pieces of a sum, shorter than they would have to be: that halves the error, which here is several times a direct sum's.
    private static final int SHORTEST = 64, LONGEST = 256;

    /// The transformed data of a chunk, `v[25, tiles, depth]`, the points `step` apart, the tiles in an order.
    private record Data(float[] v, int step, int depth, TileOrder order) {}

    /// `count` tiles of a chunk from place `from` of their order on, and a panel of result channels. The chunk begins with band `start` of the batch.
    private record Block(Correlation correlation, TileOrder order, int start, int from, int count, int panel) {
        /// Floats of one point's products, in whole tiles of the micro-kernel.
        int size() {
            return Product.wholeTiles(count) * COLUMNS;
        }

        /// Where the rows of data and products begin that are needed at point (i, j): how many there are, in whole tiles of the micro-kernel, in the last of which the last row is repeated.
        int table(Data data, int i, int j, Worker worker) {
            int first = Math.max(from, order.from(i, j)), rows = Math.min(from + count, order.to(i, j)) - first;
            if (rows <= 0) return 0;
            for (int k = 0; k < Product.wholeTiles(rows); k++) {
                int place = first + Math.min(k, rows - 1);
                worker.aRows[k] = data.order.place(order.tile(place)) * data.depth;
                worker.cRows[k] = (place - from) * COLUMNS;
            }
            return Product.wholeTiles(rows);
        }
    }

    private final Team team;

    WinogradConvolution(Team team) {
        this.team = team;
    }

    /// Whether [#run] does a shape, and sooner than the direct way.
    static boolean suits(ConvShape s) {
        return Winograd.suits(s) && pays(Correlation.of(s));
    }

    /// Whether [#input] does.
    static boolean suitsInput(ConvShape s) {
        if (!Winograd.suits(s)) return false;
        for (List<Correlation> each : Correlation.ofInput(s)) if (!pays(each.getFirst())) return false;
        return true;
    }

    private static boolean pays(Correlation c) {
        int perChunk = bandsPerChunk(c), bands = c.source().images() * c.bands();
        return c.depth() >= Winograd.leastTerms(c.taps().high(), c.taps().wide()) && c.cost((bands + perChunk - 1) / perChunk) < c.directCost();
    }

    private static int bandsPerChunk(Correlation c) {
        return Math.ceilDiv(Math.max(LEAST_TILES, CHUNK_FLOATS / (POINTS * POINTS * c.depth())), c.across());
    }

    void run(ConvShape s, float[] x, int xAt, float[] w, int wAt, float[] y, int yAt, Finish finish) {
        correlate(s, List.of(Correlation.of(s)), x, xAt, w, wAt, y, yAt, finish);
    }

    void input(ConvShape s, float[] y, int yAt, float[] w, int wAt, float[] x, int xAt, Finish finish) {
        for (List<Correlation> each : Correlation.ofInput(s)) correlate(s, each, y, yAt, w, wAt, x, xAt, finish);
    }

    /// All of `same`, which have the same data.
    private void correlate(ConvShape s, List<Correlation> same, float[] source, int sourceAt, float[] w, int wAt, float[] result, int resultAt, Finish finish) {
        Correlation c = same.getFirst();
        int bands = c.source().images() * c.bands(), most = bandsPerChunk(c), chunks = (bands + most - 1) / most, each = (bands + chunks - 1) / chunks;
        int depth = c.depth(), panels = c.grid().channels() / COLUMNS * same.size(), step = Winograd.spread(each * c.across() * depth);
        int splits = Math.min(each, (PARTS + panels - 1) / panels), height = Product.wholeTiles((each * c.across() + splits - 1) / splits);
        float[] v = team.packed(POINTS * POINTS * step);
        for (int first = 0; first < bands; first += each) {
            int start = first, count = Math.min(each, bands - first);
            List<TileOrder> orders = same.stream().map(one -> new TileOrder(one, start, count)).toList();
            var data = new Data(v, step, depth, orders.getFirst());
            team.run(count, (long) count * c.across() * depth * POINTS * POINTS, (band, worker) ->
                    c.data(source, sourceAt, start, band, team.worker(worker), data.order, v, step, depth, c.source().channels(), c.source().channels()));
            team.run(panels * splits, 2L * count * c.across() * depth * panels * COLUMNS * POINTS * POINTS, (part, index) -> {
                int phase = part / splits % same.size(), panel = part / splits / same.size(), end = Math.min(count * c.across(), (part % splits + 1) * height);
                Worker worker = team.worker(index);
                float[] u = weights(s, same.get(phase), w, wAt, panel, worker);
                for (int from = part % splits * height; from < end; from += TILES) {
                    var block = new Block(same.get(phase), orders.get(phase), start, from, Math.min(TILES, end - from), panel);
                    float[] m = products(data, block, u, worker, finish);
                    interpolate(block, m, result, resultAt, finish);
                }
            });
        }
    }

    /// `G g Gᵀ` of panel `panel`: `[25, depth, 32]`, the points [Winograd#spread].
    private static float[] weights(ConvShape s, Correlation c, float[] w, int wAt, int panel, Worker worker) {
        Correlation.Taps taps = c.taps();
        int phasesH = c.source().strideH(), phasesW = c.source().strideW(), run = c.source().channels() * COLUMNS, step = Winograd.spread(c.depth() * COLUMNS);
        int high = phasesH * taps.high(), wide = phasesW * taps.wide(), turned = high * wide * run;
        float[] packed = worker.gathered(turned + POINTS * wide * run), u = worker.panels(POINTS * POINTS * step);
        for (int i = 0; i < high; i++) {
            for (int j = 0; j < wide; j++) {
                int position = taps.row(i / taps.high(), i % taps.high()) * s.kw() + taps.column(j / taps.wide(), j % taps.wide());
                int from = wAt + position * s.c() * s.o(), to = (i * wide + j) * run;
                if (taps.back()) Packing.packTransposed(w, from, s.o(), s.o(), s.c(), packed, to, 0, panel, panel + 1);
                else Packing.pack(w, from, s.o(), s.c(), s.o(), packed, to, 0, panel, panel + 1);
            }
        }
        for (int a = 0; a < phasesH; a++) {
            Winograd.filter(taps.high(), packed, a * taps.high() * wide * run, wide * run, packed, turned, wide * run, wide * run);
            for (int b = 0; b < phasesW; b++)
                for (int i = 0; i < POINTS; i++)
                    Winograd.filter(taps.wide(), packed, turned + (i * wide + (b + 1) * taps.wide() - 1) * run, -run, u,
                            i * POINTS * step + (a * phasesW + b) * run, step, run);
        }
        return u;
    }

    /// `[25, count, 32]`, in whole tiles of the micro-kernel; at infinity only for the tiles that need it, and what is there already for the others.
    private static float[] products(Data data, Block block, float[] u, Worker worker, Finish finish) {
        int depth = data.depth, uStep = Winograd.spread(depth * COLUMNS), piece = Math.clamp(depth / 2, SHORTEST, LONGEST), size = block.size();
        float[] m = worker.result(POINTS * POINTS * size);
        worker.rows(block.count);
        for (int last = 0; last < 4; last++) { // first what is needed at points that are infinite in neither direction, then in one, in both: each has a table of its own
            int i = (last & 1) == 0 ? 0 : INFINITY, j = (last & 2) == 0 ? 0 : INFINITY, rows = block.table(data, i, j, worker);
            if (rows == 0) continue;
            for (int p = i; p <= (i == 0 ? INFINITY - 1 : INFINITY); p++)
                for (int q = j; q <= (j == 0 ? INFINITY - 1 : INFINITY); q++)
                    for (int t = p * POINTS + q, done = 0; done < depth; done += piece)
                        Product.block(worker, rows, Math.min(piece, depth - done), data.v, t * data.step + done, u, t * uStep + done * COLUMNS, 0, 0, 1, COLUMNS, m, t * size,
                                done > 0);
        }
        finish.bias(m, (Winograd.ONE * POINTS + Winograd.ONE) * size, block.count, block.panel * COLUMNS, COLUMNS);
        return m;
    }

    /// `Aᵀ M A`, the activation, and each valid result to its place.
    private static void interpolate(Block block, float[] m, float[] result, int resultAt, Finish finish) {
        Correlation c = block.correlation;
        Correlation.Grid grid = c.grid();
        int size = block.size();
        for (int j = 0; j < POINTS; j++) Winograd.result(c.taps().high(), m, j * size, POINTS * size, size);
        for (int i = 0; i < c.tileRows(); i++) {
            Winograd.result(c.taps().wide(), m, i * POINTS * size, size, size);
            for (int j = 0; j < c.tileColumns(); j++) finish.activate(m, (i * POINTS + j) * size, block.count * COLUMNS);
        }
        for (int k = 0; k < block.count; k++) {
            int tile = block.order.tile(block.from + k), band = block.start + tile / c.across(), inImage = band % c.bands(), inBand = tile % c.across();
            int row = c.row(inImage), column = c.column(inBand);
            int to = resultAt + grid.at() + band / c.bands() * grid.imageStep() + row * grid.rowStep() + column * grid.columnStep() + block.panel * COLUMNS;
            int endRow = Math.min(c.rowsOf(inImage), grid.endRow() - row), fromColumn = Math.max(c.firstColumnOf(inBand), grid.fromColumn() - column);
            int endColumn = Math.min(c.tileColumns(), grid.endColumn() - column);
            for (int i = Math.max(0, grid.fromRow() - row); i < endRow; i++)
                for (int j = fromColumn; j < endColumn; j++)
                    copy(m, (i * POINTS + c.tileColumns() - 1 - j) * size + k * COLUMNS, result, to + i * grid.rowStep() + j * grid.columnStep());
        }
    }

    /// One pixel of a panel.
    private static void copy(float[] m, int from, float[] result, int to) {
        FloatVector.fromArray(SPECIES, m, from).intoArray(result, to);
        FloatVector.fromArray(SPECIES, m, from + LANES).intoArray(result, to + LANES);
    }
}
