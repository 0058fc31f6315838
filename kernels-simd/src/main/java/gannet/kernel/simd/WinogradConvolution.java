package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;
import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;
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
        int splits = Math.min(each, (PARTS + panels - 1) / panels), height = (each + splits - 1) / splits, block = Math.max(1, TILES / c.across());
        float[] v = team.packed(POINTS * POINTS * step);
        for (int first = 0; first < bands; first += each) {
            int start = first, count = Math.min(each, bands - first);
            team.run(count, (long) count * c.across() * depth * POINTS * POINTS, (band, worker) ->
                    c.data(source, sourceAt, start + band, team.worker(worker), v, band * c.across() * depth, step, depth, c.source().channels(), c.source().channels()));
            team.run(panels * splits, 2L * count * c.across() * depth * panels * COLUMNS * POINTS * POINTS, (part, index) -> {
                Correlation which = same.get(part / splits % same.size());
                int panel = part / splits / same.size(), end = Math.min(count, (part % splits + 1) * height);
                Worker worker = team.worker(index);
                float[] u = weights(s, which, w, wAt, panel, worker);
                for (int band = part % splits * height; band < end; band += block) {
                    int high = Math.min(block, end - band);
                    float[] m = products(which, v, band * c.across() * depth, step, high * c.across(), u, worker, panel, finish);
                    interpolate(which, m, start + band, high, panel, result, resultAt, finish);
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

    /// `[25, tiles, 32]`, in whole tiles of the micro-kernel.
    private static float[] products(Correlation c, float[] v, int vAt, int vStep, int tiles, float[] u, Worker worker, int panel, Finish finish) {
        int depth = c.depth(), uStep = Winograd.spread(depth * COLUMNS), piece = Math.clamp(depth / 2, SHORTEST, LONGEST), whole = Product.wholeTiles(tiles), size = whole * COLUMNS;
        float[] m = worker.result(POINTS * POINTS * size);
        worker.rows(tiles);
        for (int i = 0; i < whole; i++) {
            worker.aRows[i] = vAt + Math.min(i, tiles - 1) * depth;
            worker.cRows[i] = i * COLUMNS;
        }
        for (int t = 0; t < POINTS * POINTS; t++)
            for (int done = 0; done < depth; done += piece)
                Product.block(worker, whole, Math.min(piece, depth - done), v, t * vStep + done, u, t * uStep + done * COLUMNS, 0, 0, 1, COLUMNS, m, t * size, done > 0);
        finish.bias(m, (Winograd.ONE * POINTS + Winograd.ONE) * size, tiles, panel * COLUMNS, COLUMNS);
        return m;
    }

    /// `Aᵀ M A`, the activation, and each valid result to its place.
    private static void interpolate(Correlation c, float[] m, int firstBand, int bands, int panel, float[] result, int resultAt, Finish finish) {
        Correlation.Grid grid = c.grid();
        int tiles = bands * c.across(), size = Product.wholeTiles(tiles) * COLUMNS;
        for (int j = 0; j < POINTS; j++) Winograd.result(c.taps().high(), m, j * size, POINTS * size, size);
        for (int i = 0; i < c.tileRows(); i++) {
            Winograd.result(c.taps().wide(), m, i * POINTS * size, size, size);
            for (int j = 0; j < c.tileColumns(); j++) finish.activate(m, (i * POINTS + j) * size, tiles * COLUMNS);
        }
        for (int tile = 0; tile < tiles; tile++) {
            int band = firstBand + tile / c.across(), row = band % c.bands() * c.tileRows(), column = tile % c.across() * c.tileColumns();
            int to = resultAt + grid.at() + band / c.bands() * grid.imageStep() + row * grid.rowStep() + column * grid.columnStep() + panel * COLUMNS;
            int endRow = Math.min(c.tileRows(), grid.endRow() - row), fromColumn = Math.max(0, grid.fromColumn() - column);
            int endColumn = Math.min(c.tileColumns(), grid.endColumn() - column);
            for (int i = Math.max(0, grid.fromRow() - row); i < endRow; i++)
                for (int j = fromColumn; j < endColumn; j++)
                    copy(m, (i * POINTS + c.tileColumns() - 1 - j) * size + tile * COLUMNS, result, to + i * grid.rowStep() + j * grid.columnStep());
        }
    }

    /// One pixel of a panel.
    private static void copy(float[] m, int from, float[] result, int to) {
        FloatVector.fromArray(SPECIES, m, from).intoArray(result, to);
        FloatVector.fromArray(SPECIES, m, from + LANES).intoArray(result, to + LANES);
    }
}
