package gannet.kernel.simd;

import gannet.kernel.Binary;
import gannet.kernel.Reduction;

/// `x[outer, axis, inner] → y[outer, inner]`. The axis is cut into blocks whose size depends on the shape; each is folded in 32-bit
/// floats ([ReduceLoop]), the blocks' results in double and in order. So rounding errors grow with a block's length, not with the axis',
/// and the tree is the same on any number of threads.
///
/// A long axis with a short `inner` is read as `x[outer, axis/g, g·inner]` with g·inner whole vectors, as in [BatchNorm]: the g parts of a result are put
/// together like the blocks, and the rows that fill no wide one are a last block of their own.
final class Reductions {
    static final BinaryLanes SUM = BinaryLanes.of(Binary.Function.ADD), MAX = BinaryLanes.of(Binary.Function.MAXIMUM);
    private static final Loops.Fold SUM_LOOP = Template.of(ReduceLoop.class, Loops.Fold.class, SUM);
    private static final Loops.Fold MAX_LOOP = Template.of(ReduceLoop.class, Loops.Fold.class, MAX);
    /// A block of a run is so long that its call and its four streams' beginnings don't count; one of rows between `LEAST` (what the threads share has to be split) and `MOST` floats, no higher than float
    /// sums should be.
    private static final int BLOCK = 4096, LEAST = 1 << 14, MOST = 1 << 16, HIGHEST = 256, STRIP = 1024, PARTS = 16;

    private final Team team;

    Reductions(Team team) {
        this.team = team;
    }

    /// The rows of `inner` that are read as one: enough for whole vectors, several of them, if the axis is long enough; else 1.
    private static int group(int axis, int inner) {
        if (inner == 1) return 1;
        int group = 1;
        while (group * inner < 16 * Width.LANES || group * inner % Width.LANES != 0) group *= 2;
        return group * 4 <= axis ? group : 1;
    }

    /// Rows of a block of `columns` columns, where there are `all` elements.
    private static int height(long all, int columns) {
        return Math.clamp(Math.clamp(all / PARTS, LEAST, MOST) / columns, 16, HIGHEST);
    }

    void reduce(Reduction r, int outer, int axis, int inner, float[] x, int xAt, float[] y, int yAt) {
        int group = group(axis, inner), width = group * inner, wide = axis / group, rest = axis % group;
        int height = inner == 1 ? BLOCK : height((long) outer * axis * inner, Math.min(width, STRIP)), blocks = Math.ceilDiv(wide, height);
        boolean direct = blocks == 1 && group == 1;
        int pitch = blocks * width + (rest == 0 ? 0 : inner), strips = (width + STRIP - 1) / STRIP, units = outer * blocks * strips;
        float[] folded = direct ? y : team.partial(outer * pitch);
        int foldedAt = direct ? yAt : 0, each = (units + PARTS - 1) / PARTS;
        team.run((units + each - 1) / each, (long) outer * axis * inner, (part, worker) -> {
            for (int unit = part * each; unit < Math.min(units, (part + 1) * each); unit++) {
                int strip = unit % strips * STRIP, block = unit / strips % blocks, o = unit / strips / blocks, row = block * height;
                int at = xAt + o * axis * inner + row * width + strip, to = foldedAt + o * pitch + block * width + strip;
                fold(r, x, at, Math.min(height, wide - row), width, Math.min(STRIP, width - strip), folded, to, team.worker(worker));
            }
        });
        if (direct) return;
        for (int o = 0; o < outer; o++) {
            int at = o * pitch, last = at + blocks * width;
            if (rest > 0) fold(r, x, xAt + (o * axis + wide * group) * inner, rest, inner, inner, folded, last, team.worker(0));
            for (int j = 0; j < inner; j++) y[yAt + o * inner + j] = (float) combine(r, folded, at + j, pitch / inner, inner);
        }
    }

    private static void fold(Reduction r, float[] x, int at, int rows, int pitch, int columns, float[] to, int toAt, Worker worker) {
        Loops.Fold loop = switch (r) {
            case SUM -> SUM_LOOP;
            case MAX -> MAX_LOOP;
        };
        float identity = switch (r) {
            case SUM -> 0;
            case MAX -> Float.NEGATIVE_INFINITY;
        };
        if (pitch == 1) to[toAt] = loop.run(x, at, rows, identity, worker.chunk(0));
        else loop.columns(x, at, rows, pitch, columns, identity, to, toAt);
    }

    private static double combine(Reduction r, float[] folded, int at, int count, int stride) {
        double all = folded[at];
        for (int b = 1; b < count; b++) {
            float next = folded[at + b * stride];
            all = switch (r) {
                case SUM -> all + next;
                case MAX -> Math.max(all, next);
            };
        }
        return all;
    }
}
