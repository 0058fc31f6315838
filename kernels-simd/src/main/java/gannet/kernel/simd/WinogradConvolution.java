package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;
import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;
import static gannet.kernel.simd.Winograd.POINTS;

import gannet.kernel.ConvShape;
import jdk.incubator.vector.FloatVector;

/// Convolutions and their input gradients by [Winograd]'s algorithm: 25 matrix products `[tiles, channels of all phases] · [channels, results]`, one a point, with 0.39 of
/// the direct way's multiplications for 4 × 4 kernels of stride 2 (whose phases are 2 × 2) and 0.31 for 3 × 3 of stride 1.
///
/// The batch is done in chunks of about [#TILES] tiles: first the data of a chunk are transformed, a part a band of tiles; then each part computes some tiles' results of one panel of
/// 32 channels, wholly: it transforms the panel's weights, multiplies, adds the bias (at the point 1, which is in every result), transforms back, and writes the result. So no
/// transformed weights are kept, and what is in between stays in the second cache, or the third.
final class WinogradConvolution {
    private static final int TILES = 128, PARTS = 4;

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
        return Winograd.suits(s) && pays(Correlation.ofInput(s, s.strideH() - 1, s.strideW() - 1));
    }

    private static boolean pays(Correlation c) {
        return c.depth() >= Winograd.leastTerms(c.tapsH(), c.tapsW()) && c.cost(c.images() * c.bands() / (double) bandsPerChunk(c)) < c.directCost();
    }

    private static int bandsPerChunk(Correlation c) {
        return Math.max(1, TILES / c.across());
    }

    void run(ConvShape s, float[] x, int xAt, float[] w, int wAt, float[] y, int yAt, Finish finish) {
        correlate(s, Correlation.of(s), x, xAt, w, wAt, y, yAt, finish);
    }

    void input(ConvShape s, float[] y, int yAt, float[] w, int wAt, float[] x, int xAt, Finish finish) {
        for (int row = 0; row < s.strideH(); row++) {
            for (int column = 0; column < s.strideW(); column++) {
                Correlation each = Correlation.ofInput(s, row, column);
                if (each != null) correlate(s, each, y, yAt, w, wAt, x, xAt, finish);
            }
        }
    }

    private void correlate(ConvShape s, Correlation c, float[] source, int sourceAt, float[] w, int wAt, float[] result, int resultAt, Finish finish) {
        int bands = c.images() * c.bands(), most = bandsPerChunk(c), chunks = (bands + most - 1) / most, each = (bands + chunks - 1) / chunks;
        int tiles = each * c.across(), depth = c.depth(), panels = Packing.panels(c.results());
        int splits = Math.min(each, (PARTS + panels - 1) / panels), height = (each + splits - 1) / splits;
        float[] v = team.packed(POINTS * POINTS * tiles * depth);
        for (int first = 0; first < bands; first += each) {
            int start = first, count = Math.min(each, bands - first);
            team.run(count, (long) count * c.across() * depth * POINTS * POINTS, (band, worker) ->
                    c.data(source, sourceAt, start + band, team.worker(worker), v, band * c.across() * depth, tiles * depth, depth, c.channels(), c.channels()));
            team.run(panels * splits, 2L * count * c.across() * depth * c.results() * POINTS * POINTS, (part, index) -> {
                int panel = part / splits, from = part % splits * height, to = Math.min(count, from + height);
                if (from >= to) return;
                Worker worker = team.worker(index);
                float[] u = weights(s, c, w, wAt, panel, worker);
                float[] m = products(c, v, from * c.across() * depth, tiles * depth, (to - from) * c.across(), u, worker, panel, finish);
                interpolate(c, m, start + from, to - from, panel, result, resultAt, finish);
            });
        }
    }

    /// `G g Gᵀ` of panel `panel`: `[25, depth, 32]`.
    private static float[] weights(ConvShape s, Correlation c, float[] w, int wAt, int panel, Worker worker) {
        int run = c.channels() * COLUMNS, high = c.strideH() * c.tapsH(), wide = c.strideW() * c.tapsW(), turned = high * wide * run;
        float[] packed = worker.gathered(turned + POINTS * wide * run), u = worker.panels(POINTS * POINTS * c.depth() * COLUMNS);
        for (int i = 0; i < high; i++) {
            for (int j = 0; j < wide; j++) {
                int position = c.kernelRow(i / c.tapsH(), i % c.tapsH()) * s.kw() + c.kernelColumn(j / c.tapsW(), j % c.tapsW());
                int from = wAt + position * s.c() * s.o(), to = (i * wide + j) * run;
                if (c.back()) Packing.packTransposed(w, from, s.o(), s.o(), s.c(), packed, to, 0, panel, panel + 1);
                else Packing.pack(w, from, s.o(), s.c(), s.o(), packed, to, 0, panel, panel + 1);
            }
        }
        for (int a = 0; a < c.strideH(); a++) {
            Winograd.filter(c.tapsH(), packed, a * c.tapsH() * wide * run, wide * run, packed, turned, wide * run, wide * run);
            for (int b = 0; b < c.strideW(); b++)
                for (int i = 0; i < POINTS; i++)
                    Winograd.filter(c.tapsW(), packed, turned + (i * wide + (b + 1) * c.tapsW() - 1) * run, -run, u,
                            i * POINTS * c.depth() * COLUMNS + (a * c.strideW() + b) * run, c.depth() * COLUMNS, run);
        }
        return u;
    }

    /// `[25, tiles, 32]`, in whole tiles of the micro-kernel.
    private static float[] products(Correlation c, float[] v, int vAt, int vStep, int tiles, float[] u, Worker worker, int panel, Finish finish) {
        int depth = c.depth(), chunk = Product.chunk(depth), whole = Product.wholeTiles(tiles), size = whole * COLUMNS;
        float[] m = worker.result(POINTS * POINTS * size);
        worker.rows(tiles);
        for (int i = 0; i < whole; i++) {
            worker.aRows[i] = vAt + Math.min(i, tiles - 1) * depth;
            worker.cRows[i] = i * COLUMNS;
        }
        for (int t = 0; t < POINTS * POINTS; t++)
            for (int done = 0; done < depth; done += chunk)
                Product.block(worker, whole, Math.min(chunk, depth - done), v, t * vStep + done, u, (t * depth + done) * COLUMNS, 0, 0, 1, COLUMNS, m, t * size, done > 0);
        finish.bias(m, (Winograd.ONE * POINTS + Winograd.ONE) * size, tiles, panel * COLUMNS, COLUMNS);
        return m;
    }

    /// `Aᵀ M A`, the activation, and each valid pixel to its place.
    private static void interpolate(Correlation c, float[] m, int firstBand, int bands, int panel, float[] result, int resultAt, Finish finish) {
        int tiles = bands * c.across(), size = Product.wholeTiles(tiles) * COLUMNS;
        for (int j = 0; j < POINTS; j++) Winograd.result(c.tapsH(), m, j * size, POINTS * size, size);
        for (int i = 0; i < c.tileRows(); i++) {
            Winograd.result(c.tapsW(), m, i * POINTS * size, size, size);
            for (int j = 0; j < c.tileColumns(); j++) finish.activate(m, (i * POINTS + j) * size, tiles * COLUMNS);
        }
        for (int tile = 0; tile < tiles; tile++) {
            int band = firstBand + tile / c.across(), row = band % c.bands() * c.tileRows(), column = tile % c.across() * c.tileColumns();
            int to = resultAt + c.target() + band / c.bands() * c.imageStep() + row * c.rowStep() + column * c.columnStep() + panel * COLUMNS;
            int rows = Math.min(c.tileRows(), c.rows() - row), columns = Math.min(c.tileColumns(), c.columns() - column);
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < columns; j++)
                    copy(m, (i * POINTS + c.tileColumns() - 1 - j) * size + tile * COLUMNS, result, to + i * c.rowStep() + j * c.columnStep());
        }
    }

    /// One pixel of a panel.
    private static void copy(float[] m, int from, float[] result, int to) {
        FloatVector.fromArray(SPECIES, m, from).intoArray(result, to);
        FloatVector.fromArray(SPECIES, m, from + LANES).intoArray(result, to + LANES);
    }
}
