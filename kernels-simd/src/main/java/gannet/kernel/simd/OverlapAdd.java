package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;
import static gannet.kernel.simd.MicroKernel.ROWS;
import static gannet.kernel.simd.Width.LANES;

import gannet.kernel.ConvShape;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// `y[n,oh,ow,o], w[kh,kw,c,o] → x[n,h,w,c]` as a product `[pixels of y, o] · [o, kh·kw·c]`, each row of which is what one pixel of y adds
/// to its window of x, `[kh,kw,c]`. For a few channels c, of which [Phases] would fill a small part of each vector, and where y is so
/// small that a phase would mostly read padding.
///
/// **Adding up.** A row of the window is a run of kw·c floats of the padded image, and the runs of neighbours overlap. Adding them pixel
/// by pixel makes each load wait for a store that it half covers. So the
/// pixels are taken in *laps*, every ceil(kw / stride)-th of a row: within a lap runs are disjoint, so one kernel row of a whole block of
/// pixels is added in a loop of independent vectors of 8 or 4 floats. The product's rows are written in the order of the laps, by the
/// table that the micro-kernel takes anyway. Where columns are dilated, the runs are single pixels, and one lap is enough.
///
/// **Measured**, batch 64, one thread of a busy machine, in GFLOP/s, scalar adding and this: 1×28×28 ← 64 (4 × 4, stride 2) 26 and 64, 3×64×64 ←
/// 64 38 and 60. Blocks of 8 to 64 KB of results are alike.
///
/// **Columns.** A last panel of at most one vector of columns goes by half tiles. (Tiles of 6 rows and two vectors of half the width were faster, 98 GFLOP/s instead of 77, but see [MicroKernel] for what vectors of
/// several widths do to each other.)
final class OverlapAdd {
    private static final int RESULT_FLOATS = 1 << 12, PARTS = 32, EIGHT = 8, FOUR = 4;
    /// What adding one element of a window costs, in multiplications.
    private static final int ADD_COST = 5;
    private static final VectorSpecies<Float> EIGHTS = FloatVector.SPECIES_256, FOURS = FloatVector.SPECIES_128;

    private final Team team;

    OverlapAdd(Team team) {
        this.team = team;
    }

    /// Multiplications, and additions in terms of them, that a call takes.
    static double cost(ConvShape s) {
        var plan = Plan.of(s);
        double columns = COLUMNS * (plan.panels + (plan.narrow ? MicroKernel.HALF_COST : 0));
        return (double) s.n() * s.oh() * s.ow() * (s.o() * columns + (double) s.kh() * s.kw() * s.c() * ADD_COST);
    }

    /// The product's columns lie in `panels` whole panels, then (if `narrow`) in the left half of one; its rows are `pitch` long. A block has `rows`
    /// rows of y, a padded image `height` lines of `line` floats, a window `across` runs of `run` floats a row.
    private record Plan(ConvShape shape, int panels, boolean narrow, int pitch, int rows, int height, int line, int across, int run, int laps) {
        static Plan of(ConvShape s) {
            int k = s.kh() * s.kw() * s.c(), rest = k % COLUMNS;
            boolean narrow = rest > 0 && rest <= LANES, joined = s.dilationW() == 1;
            int panels = narrow ? k / COLUMNS : Packing.panels(k), pitch = panels * COLUMNS + (narrow ? LANES : 0);
            int height = Math.max(s.top() + s.h(), (s.oh() - 1) * s.strideH() + (s.kh() - 1) * s.dilationH() + 1);
            int width = Math.max(s.left() + s.w(), (s.ow() - 1) * s.strideW() + (s.kw() - 1) * s.dilationW() + 1);
            return new Plan(s, panels, narrow, pitch, Math.clamp(RESULT_FLOATS / (pitch * s.ow()), 1, s.oh()), height, width * s.c(),
                    joined ? 1 : s.kw(), joined ? s.kw() * s.c() : s.c(), joined ? (s.kw() + s.strideW() - 1) / s.strideW() : 1);
        }

        int terms() {
            return shape.kh() * shape.kw() * shape.c();
        }

        /// Pixels of a row of y that lap `lap` takes.
        int each(int lap) {
            return Math.max(0, (shape.ow() - lap + laps - 1) / laps);
        }
    }

    void run(ConvShape s, float[] y, int yAt, float[] w, int wAt, float[] x, int xAt, Finish finish) {
        var plan = Plan.of(s);
        int k = plan.terms(), panels = Packing.panels(k);
        float[] packed = team.packed(panels * COLUMNS * s.o());
        team.run(panels, (long) k * s.o(), (j, _) -> Packing.packTransposed(w, wAt, s.o(), s.o(), k, packed, 0, s.o() * COLUMNS, j, j + 1));
        int parts = Math.min(s.n(), PARTS), capacity = Product.wholeTiles(plan.rows * s.ow()), length = s.oh() * s.ow() * s.o();
        team.run(parts, 2L * s.n() * length * plan.terms(), (part, index) -> {
            Worker worker = team.worker(index);
            worker.rows(capacity);
            int[] to = worker.sources(capacity);
            tables(plan, worker, to);
            float[] image = worker.image(plan.height * plan.line), result = worker.result(capacity * plan.pitch);
            for (int n = part * s.n() / parts; n < (part + 1) * s.n() / parts; n++) {
                Arrays.fill(image, 0, plan.height * plan.line, 0);
                for (int first = 0; first < s.oh(); first += plan.rows) {
                    int rows = Math.min(plan.rows, s.oh() - first);
                    product(plan, worker, y, yAt + n * length + first * s.ow() * s.o(), rows * s.ow(), packed, result);
                    add(plan, result, image, first * s.strideH() * plan.line, to, rows);
                }
                int at = xAt + n * s.h() * s.w() * s.c(), row = s.w() * s.c();
                for (int i = 0; i < s.h(); i++) System.arraycopy(image, (i + s.top()) * plan.line + s.left() * s.c(), x, at + i * row, row);
                finish.rows(x, at, s.h() * s.w(), s.c());
            }
        });
    }

    /// Where in the result each pixel of a block has its row, lap after lap; and, in that order, where its window begins.
    private static void tables(Plan plan, Worker worker, int[] to) {
        ConvShape s = plan.shape;
        int m = 0;
        for (int lap = 0; lap < plan.laps; lap++) {
            for (int i = 0; i < plan.rows; i++) {
                for (int j = lap; j < s.ow(); j += plan.laps) {
                    worker.cRows[i * s.ow() + j] = m * plan.pitch;
                    to[m++] = i * s.strideH() * plan.line + j * s.strideW() * s.c();
                }
            }
        }
        Product.repeatLast(worker.cRows, m);
    }

    private static void product(Plan plan, Worker worker, float[] y, int yAt, int m, float[] packed, float[] result) {
        int o = plan.shape.o();
        for (int i = 0; i < m; i++) worker.aRows[i] = yAt + i * o;
        Product.repeatLast(worker.aRows, m);
        for (int j = 0; j < plan.panels; j++)
            for (int i = 0; i < m; i += ROWS)
                MicroKernel.tile(o, y, worker.aRows, i, 0, packed, j * o * COLUMNS, result, worker.cRows, i, j * COLUMNS, false);
        if (!plan.narrow) return;
        for (int i = 0; i < m; i += ROWS)
            MicroKernel.half(o, y, worker.aRows, i, 0, packed, plan.panels * o * COLUMNS, result, worker.cRows, i, plan.panels * COLUMNS, false);
    }

    /// Adds the first `rows` rows of a block to its windows, whose first begins at `at`.
    private static void add(Plan plan, float[] result, float[] image, int at, int[] to, int rows) {
        ConvShape s = plan.shape;
        int first = 0;
        for (int lap = 0; lap < plan.laps; lap++) {
            int each = plan.each(lap);
            for (int tap = 0; tap < s.kh() * plan.across; tap++) {
                int p = tap / plan.across, q = tap % plan.across, shift = at + p * s.dilationH() * plan.line + q * s.dilationW() * s.c();
                runs(result, first * plan.pitch + tap * plan.run, plan.pitch, plan.run, image, shift, to, first, rows * each);
            }
            first += plan.rows * each;
        }
    }

    /// `image[to[first + i] + shift + …] += result[at + i · pitch + …]`, runs of `run` floats, for i < count.
    private static void runs(float[] result, int at, int pitch, int run, float[] image, int shift, int[] to, int first, int count) {
        int done = 0;
        if (LANES >= EIGHT)
            for (; done + EIGHT <= run; done += EIGHT) eights(result, at + done, pitch, image, shift + done, to, first, count);
        for (; done + FOUR <= run; done += FOUR) fours(result, at + done, pitch, image, shift + done, to, first, count);
        if (done < run) rest(result, at + done, pitch, image, shift + done, to, first, count, FOURS.indexInRange(0, run - done));
    }

    private static void eights(float[] result, int at, int pitch, float[] image, int shift, int[] to, int first, int count) {
        for (int i = 0; i < count; i++) {
            int target = to[first + i] + shift;
            FloatVector.fromArray(EIGHTS, image, target).add(FloatVector.fromArray(EIGHTS, result, at + i * pitch)).intoArray(image, target);
        }
    }

    private static void fours(float[] result, int at, int pitch, float[] image, int shift, int[] to, int first, int count) {
        for (int i = 0; i < count; i++) {
            int target = to[first + i] + shift;
            FloatVector.fromArray(FOURS, image, target).add(FloatVector.fromArray(FOURS, result, at + i * pitch)).intoArray(image, target);
        }
    }

    private static void rest(float[] result, int at, int pitch, float[] image, int shift, int[] to, int first, int count,
            VectorMask<Float> mask) {
        for (int i = 0; i < count; i++) {
            int target = to[first + i] + shift;
            FloatVector.fromArray(FOURS, image, target, mask).add(FloatVector.fromArray(FOURS, result, at + i * pitch, mask))
                    .intoArray(image, target, mask);
        }
    }
}
