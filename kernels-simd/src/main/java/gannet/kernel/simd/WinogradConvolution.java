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
/// The batch is done in chunks whose transformed data fit the third cache ([WinogradPlan]): first the data of a chunk are transformed, a part a band of tiles; then each part computes some tiles'
/// results of one panel of 32 channels, wholly: it transforms the panel's weights, and for a few dozen tiles at a time multiplies, adds the bias (at the point 1, which is in every
/// result), transforms back, and writes the results. No transformed weights are kept, and what lies between products and results stays in the second cache.
final class WinogradConvolution {
    /// Pieces of a sum, shorter than they would have to be: that halves the error, which here is several times a direct sum's.
    private static final int SHORTEST = 64, LONGEST = 256;

    /// The transformed data of a chunk, `v[25, tiles, depth]`, the points `step` apart, the tiles in an order.
    private record Data(float[] v, int step, int depth, TileOrder order) {}

    private final Team team;
    private final Remembered<ConvShape, WinogradPlan> plans;
    private final Remembered<ConvShape, List<WinogradPlan>> inputPlans;

    WinogradConvolution(Team team) {
        this.team = team;
        int parts = team.fewParts();
        plans = new Remembered<>(s -> WinogradPlan.conv(s, parts));
        inputPlans = new Remembered<>(s -> WinogradPlan.convInput(s, parts));
    }

    /// Whether [#run] does a shape, and sooner than the direct way.
    static boolean suits(ConvShape s) {
        return Winograd.suits(s) && WinogradPlan.pays(Correlation.of(s));
    }

    /// Whether [#input] does.
    static boolean suitsInput(ConvShape s) {
        return Winograd.suits(s) && Correlation.ofInput(s).stream().allMatch(same -> WinogradPlan.pays(same.getFirst()));
    }

    void run(ConvShape s, float[] x, int xAt, float[] w, int wAt, float[] y, int yAt, Finish finish) {
        correlate(s, plans.of(s), x, xAt, w, wAt, y, yAt, finish);
    }

    void input(ConvShape s, float[] y, int yAt, float[] w, int wAt, float[] x, int xAt, Finish finish) {
        List<WinogradPlan> all = inputPlans.of(s);
        for (int i = 0; i < all.size(); i++) correlate(s, all.get(i), y, yAt, w, wAt, x, xAt, finish);
    }

    private void correlate(ConvShape s, WinogradPlan plan, float[] source, int sourceAt, float[] w, int wAt, float[] result, int resultAt, Finish finish) {
        Correlation c = plan.same().getFirst();
        int depth = c.depth(), step = plan.step(), phases = plan.same().size(), parts = phases * plan.splits(), panels = plan.panels() * phases;
        float[] v = team.packed(POINTS * POINTS * step);
        for (WinogradPlan.Chunk chunk : plan.chunks()) {
            var data = new Data(v, step, depth, chunk.order());
            long tiles = (long) chunk.count() * c.across();
            team.run(chunk.count(), tiles * depth * POINTS * POINTS, (band, worker) ->
                    c.data(source, sourceAt, chunk.start(), band, team.worker(worker), data.order, v, step, depth, c.source().channels(), c.source().channels()));
            team.run(plan.panels() * parts, 2 * tiles * depth * panels * COLUMNS * POINTS * POINTS, (part, index) -> {
                int panel = part / parts;
                WinogradPlan.Block[] blocks = chunk.blocks()[part % parts];
                if (blocks.length == 0) return;
                Worker worker = team.worker(index);
                float[] u = weights(s, blocks[0].correlation(), w, wAt, panel, worker);
                for (WinogradPlan.Block block : blocks) {
                    float[] m = products(data, block, panel, u, worker, finish);
                    interpolate(block, panel, m, result, resultAt, finish);
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
    private static float[] products(Data data, WinogradPlan.Block block, int panel, float[] u, Worker worker, Finish finish) {
        int depth = data.depth, uStep = Winograd.spread(depth * COLUMNS), piece = Math.clamp(depth / 2, SHORTEST, LONGEST), size = block.size();
        float[] m = worker.result(POINTS * POINTS * size);
        worker.rows(block.count());
        for (int last = 0; last < 4; last++) { // first what is needed at points that are infinite in neither direction, then in one, in both: each has a table of its own
            int i = (last & 1) == 0 ? 0 : INFINITY, j = (last & 2) == 0 ? 0 : INFINITY, rows = table(data, block, i, j, worker);
            if (rows == 0) continue;
            for (int p = i; p <= (i == 0 ? INFINITY - 1 : INFINITY); p++)
                for (int q = j; q <= (j == 0 ? INFINITY - 1 : INFINITY); q++)
                    for (int t = p * POINTS + q, done = 0; done < depth; done += piece)
                        Product.block(worker, rows, Math.min(piece, depth - done), data.v, t * data.step + done, u, t * uStep + done * COLUMNS, 0, 0, 1, COLUMNS, m, t * size,
                                done > 0);
        }
        finish.bias(m, (Winograd.ONE * POINTS + Winograd.ONE) * size, block.count(), panel * COLUMNS, COLUMNS);
        return m;
    }

    /// Where the rows of data and products begin that are needed at point (i, j): how many there are, in whole tiles of the micro-kernel, in the last of which the last row is repeated.
    private static int table(Data data, WinogradPlan.Block block, int i, int j, Worker worker) {
        TileOrder order = block.order();
        int first = Math.max(block.from(), order.from(i, j)), rows = Math.min(block.from() + block.count(), order.to(i, j)) - first;
        if (rows <= 0) return 0;
        for (int k = 0; k < Product.wholeTiles(rows); k++) {
            int place = first + Math.min(k, rows - 1);
            worker.aRows[k] = data.order.place(order.tile(place)) * data.depth;
            worker.cRows[k] = (place - block.from()) * COLUMNS;
        }
        return Product.wholeTiles(rows);
    }

    /// `Aᵀ M A`, the activation, and each valid result to its place.
    private static void interpolate(WinogradPlan.Block block, int panel, float[] m, float[] result, int resultAt, Finish finish) {
        Correlation c = block.correlation();
        Correlation.Grid grid = c.grid();
        int size = block.size();
        for (int j = 0; j < POINTS; j++) Winograd.result(c.taps().high(), m, j * size, POINTS * size, size);
        for (int i = 0; i < c.tileRows(); i++) {
            Winograd.result(c.taps().wide(), m, i * POINTS * size, size, size);
            for (int j = 0; j < c.tileColumns(); j++) finish.activate(m, (i * POINTS + j) * size, block.count() * COLUMNS);
        }
        for (int k = 0; k < block.count(); k++) {
            int tile = block.order().tile(block.from() + k), band = block.start() + tile / c.across(), inImage = band % c.bands(), inBand = tile % c.across();
            int row = c.row(inImage), column = c.column(inBand);
            int to = resultAt + grid.at() + band / c.bands() * grid.imageStep() + row * grid.rowStep() + column * grid.columnStep() + panel * COLUMNS;
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
