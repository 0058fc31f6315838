package gannet.kernel.simd;

import gannet.kernel.ConvShape;
import java.util.Arrays;

/// The three convolutions where both sides have few channels: filters over [Planes].
///
/// A tile of the [MicroKernel] is 2·lanes result channels wide, and mostly empty with 2 to 16 of them; here the vectors run along the pixels.
/// A block of images is turned into planes, one for each channel and phase of the stride. In these every tap (kernel row, kernel column,
/// channel) of a result pixel lies at one distance from it, so a convolution is `y_o[i] = Σ_t w[t,o] · x[i + offset_t]`, with a broadcast weight for each
/// tap; so is each phase of its transpose ([Phases]). The weights' gradient is `w[t,o] = Σ_i x[i + offset_t] · y_o[i]`, where y is zero at the ends of rows.
///
/// Turning pixels into planes and back takes a few vector operations a channel and pixel, multiplying `taps · channels / lanes`: that, and
/// what the ends of rows waste, is weighed in [PlanarRule].
///
/// Blocks of images are the parts of a region. The gradient's parts are groups of blocks, whose sums are added up in order: their number is a
/// function of the shape.
final class Planar {
    private static final int BLOCK_FLOATS = 1 << 14, PARTS = 8;

    private final Team team;
    private final ConvShape s;

    Planar(Team team, ConvShape s) {
        this.team = team;
        this.s = s;
    }

    /// Images of a block: planes that stay in the cache, and some blocks for each thread.
    private int images(Planes a, Planes b) {
        return Math.clamp(BLOCK_FLOATS / ((long) a.area() * (a.count() + b.count())), 1, Math.max(1, s.n() / PARTS));
    }

    /// Where tap (p, q, c) of a window reads.
    private int offset(Planes x, int stride, int position, int c) {
        int row = position / s.kw() * s.dilationH(), column = position % s.kw() * s.dilationW();
        int plane = (row % s.strideH() * s.strideW() + column % s.strideW()) * s.c() + c;
        return plane * stride + row / s.strideH() * x.pitch() + column / s.strideW();
    }

    /// The elements of a plane up to the last result of `images` images.
    private static int reach(Planes p, int images, int rows, int columns) {
        return ((images - 1) * p.rows() + rows - 1) * p.pitch() + columns;
    }

    private long work() {
        return 2L * s.n() * s.oh() * s.ow() * s.weightLength();
    }

    void conv(float[] x, int xAt, float[] w, int wAt, float[] y, int yAt, Finish finish) {
        Planes from = Planes.windows(s), to = Planes.results(s);
        int o = s.o(), wide = PlanarKernel.padded(o), taps = s.kh() * s.kw() * s.c(), images = images(from, to), pixels = s.oh() * s.ow();
        float[] packed = team.packed(taps * wide);
        for (int t = 0; t < taps; t++) for (int j = 0; j < wide; j++) packed[t * wide + j] = j < o ? w[wAt + t * o + j] : 0;
        int[] offsets = new int[taps];
        for (int t = 0; t < taps; t++) offsets[t] = offset(from, from.stride(images), t / s.c(), t % s.c());
        team.run((s.n() + images - 1) / images, work(), (part, index) -> {
            Worker worker = team.worker(index);
            int first = part * images, count = Math.min(images, s.n() - first), stride = to.stride(images);
            float[] planes = worker.panels(from.planesLength(images)), results = worker.result(wide * stride);
            from.split(x, xAt, first, count, images, worker, planes);
            PlanarKernel.filter(planes, offsets, taps, packed, 0, wide, results, 0, stride, reach(from, count, s.oh(), s.ow()));
            to.join(results, worker, y, yAt, first, count, images);
            finish.rows(y, yAt + first * pixels * o, count * pixels, o);
        });
    }

    void convInput(float[] y, int yAt, float[] w, int wAt, float[] x, int xAt, Finish finish) {
        Phases phases = Phases.of(s);
        Planes from = Planes.transposedResults(s), to = Planes.transposedWindows(s);
        int rowCount = from.rows() - phases.reachRows(), columnCount = from.pitch() - phases.reachColumns();
        int c = s.c(), wide = PlanarKernel.padded(c), images = images(from, to), pixels = s.h() * s.w(), count = phases.all().size();
        float[] packed = team.packed(s.kh() * s.kw() * s.o() * wide);
        int[][] offsets = new int[count][];
        int[] weights = new int[count];
        for (int i = 0, at = 0; i < count; at += offsets[i++].length * wide) {
            weights[i] = at;
            offsets[i] = phase(phases, phases.all().get(i), from, images, w, wAt, packed, at, wide);
        }
        team.run((s.n() + images - 1) / images, work(), (part, index) -> {
            Worker worker = team.worker(index);
            int first = part * images, have = Math.min(images, s.n() - first), stride = to.stride(images);
            float[] planes = worker.panels(from.planesLength(images)), results = worker.result((count * c + 1) * stride);
            from.split(y, yAt, first, have, images, worker, planes);
            for (int i = 0; i < count; i++)
                PlanarKernel.filter(planes, offsets[i], offsets[i].length, packed, weights[i], wide, results, i * c * stride, stride,
                        reach(from, have, rowCount, columnCount));
            to.join(results, worker, x, xAt, first, have, images);
            finish.rows(x, xAt + first * pixels * c, have * pixels, c);
        });
    }

    /// Where the taps (kernel position, o) of a phase read in the planes of y; their weights go to `packed[taps, wide]`.
    private int[] phase(Phases phases, Phases.Phase phase, Planes from, int images, float[] w, int wAt, float[] packed, int at, int wide) {
        int o = s.o(), c = s.c(), positions = phase.taps().length;
        int[] offsets = new int[positions * o];
        for (int i = 0; i < positions; i++) {
            int place = (phases.reachRows() - phase.backRows()[i]) * from.pitch() + phases.reachColumns() - phase.backColumns()[i];
            for (int k = 0; k < o; k++) {
                offsets[i * o + k] = k * from.stride(images) + place;
                for (int j = 0; j < wide; j++) packed[at + (i * o + k) * wide + j] = j < c ? w[wAt + (phase.taps()[i] * c + j) * o + k] : 0;
            }
        }
        return offsets;
    }

    void convWeight(float[] x, int xAt, float[] y, int yAt, float[] w, int wAt) {
        Planes from = Planes.windows(s), to = Planes.results(s);
        int o = s.o(), wide = PlanarKernel.padded(o), taps = s.kh() * s.kw() * s.c(), images = images(from, to);
        int blocks = (s.n() + images - 1) / images, groups = Math.min(PARTS, blocks), each = (blocks + groups - 1) / groups;
        int positions = s.kh() * s.kw();
        int[] offsets = new int[PlanarKernel.wholeTaps(taps)]; // channel by channel, as taps of one plane share what is in the cache
        for (int t = 0; t < offsets.length; t++)
            offsets[t] = offset(from, from.stride(images), Math.min(t, taps - 1) % positions, Math.min(t, taps - 1) / positions);
        int length = offsets.length * wide;
        float[] partial = team.partial(groups * length);
        team.run(groups, work(), (group, index) -> {
            Worker worker = team.worker(index);
            int stride = to.stride(images), sumsAt = wide * stride;
            float[] planes = worker.panels(from.planesLength(images)), results = worker.result(sumsAt + PlanarKernel.room(length));
            Arrays.fill(results, sumsAt, sumsAt + PlanarKernel.room(length), 0);
            for (int block = group * each; block < Math.min(blocks, (group + 1) * each); block++) {
                int first = block * images, count = Math.min(images, s.n() - first);
                from.split(x, xAt, first, count, images, worker, planes);
                to.split(y, yAt, first, count, images, worker, results);
                PlanarKernel.gradient(planes, offsets, results, stride, wide, reach(from, count, s.oh(), s.ow()), results, sumsAt);
            }
            PlanarKernel.fold(results, sumsAt, length, partial, group * length);
        });
        for (int g = 1; g < groups; g++) Elementwise.add(partial, 0, partial, g * length, length);
        for (int t = 0; t < taps; t++) System.arraycopy(partial, t * wide, w, wAt + (t % positions * s.c() + t / positions) * o, o);
    }
}
