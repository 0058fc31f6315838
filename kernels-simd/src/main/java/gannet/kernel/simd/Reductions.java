package gannet.kernel.simd;

import gannet.kernel.Binary;
import gannet.kernel.Reduction;

/// `x[outer, axis, inner] → y[outer, inner]`. The axis is cut into blocks whose size depends on the shape; each is folded in 32-bit
/// floats ([ReduceLoop]), the blocks' results in double and in order. So rounding errors grow with a block's length, not with the axis',
/// and the tree is the same on any number of threads.
final class Reductions {
    static final BinaryLanes SUM = BinaryLanes.of(Binary.Function.ADD), MAX = BinaryLanes.of(Binary.Function.MAXIMUM);
    private static final Loops.Fold SUM_LOOP = Template.of(ReduceLoop.class, Loops.Fold.class, SUM);
    private static final Loops.Fold MAX_LOOP = Template.of(ReduceLoop.class, Loops.Fold.class, MAX);
    private static final int BLOCK = 4096, STRIP = 1024, PARTS = 16;

    private final Team team;

    Reductions(Team team) {
        this.team = team;
    }

    void reduce(Reduction r, int outer, int axis, int inner, float[] x, int xAt, float[] y, int yAt) {
        int height = inner == 1 ? BLOCK : Math.max(16, BLOCK / Math.min(inner, STRIP) * 4), blocks = (axis + height - 1) / height;
        float[] folded = blocks == 1 ? y : team.partial(outer * blocks * inner);
        int foldedAt = blocks == 1 ? yAt : 0, strips = (inner + STRIP - 1) / STRIP, units = outer * blocks * strips;
        int each = (units + PARTS - 1) / PARTS;
        team.run((units + each - 1) / each, (long) outer * axis * inner, (part, worker) -> {
            for (int unit = part * each; unit < Math.min(units, (part + 1) * each); unit++) {
                int strip = unit % strips * STRIP, block = unit / strips % blocks, o = unit / strips / blocks, row = block * height;
                int at = xAt + (o * axis + row) * inner + strip, to = foldedAt + (o * blocks + block) * inner + strip,
                        rows = Math.min(height, axis - row);
                fold(r, x, at, rows, inner, Math.min(STRIP, inner - strip), folded, to, team.worker(worker));
            }
        });
        if (blocks == 1) return;
        for (int o = 0; o < outer; o++)
            for (int j = 0; j < inner; j++) y[yAt + o * inner + j] = (float) combine(r, folded, o * blocks * inner + j, blocks, inner);
    }

    private static void fold(Reduction r, float[] x, int at, int rows, int inner, int columns, float[] to, int toAt, Worker worker) {
        Loops.Fold loop = switch (r) {
            case SUM -> SUM_LOOP;
            case MAX -> MAX_LOOP;
        };
        float identity = switch (r) {
            case SUM -> 0;
            case MAX -> Float.NEGATIVE_INFINITY;
        };
        if (inner == 1) to[toAt] = loop.run(x, at, rows, identity, worker.chunk(0));
        else loop.columns(x, at, rows, inner, columns, identity, to, toAt);
    }

    private static double combine(Reduction r, float[] folded, int at, int blocks, int stride) {
        double all = folded[at];
        for (int b = 1; b < blocks; b++) {
            float next = folded[at + b * stride];
            all = switch (r) {
                case SUM -> all + next;
                case MAX -> Math.max(all, next);
            };
        }
        return all;
    }
}
