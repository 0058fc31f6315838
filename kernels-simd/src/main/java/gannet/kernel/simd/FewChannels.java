package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;

import gannet.kernel.ConvShape;
import java.util.Arrays;

/// `conv` and `convWeight` of a few channels c and many o, such as a discriminator's first layer or a generator's last, by [WindowTile]:
/// ```
/// y[pixel, o] = Σ over taps   x[pixel's place + tap's place] · w[tap, o]
/// w[tap, o]   = Σ over pixels x[tap's place + pixel's place] · y[pixel, o]
/// ```
/// A tap is here a kernel position *and* a channel, kh·kw·c of them. The two products differ only in which of the two tables of places
/// names the rows and which the steps of the sum. Nothing is gathered, packed or turned over; x alone is copied, into padded blocks
/// ([Blocks]), and it is the small operand. The general ways gather windows, or turn y over and fill
/// panels of taps in part.
///
/// **Measured**, batch 64, one thread of a busy machine, in GFLOP/s, before and after (general ways against this): 1×28×28 → 64 (4 × 4, stride 2)
/// 32 and 79, its weights 27 and 80; 3×64×64 → 64 50 and 75, its weights 41 and 73. Blocks of 48 to 192 pixels are alike within the noise.
///
/// `w` is a sum over the pixels of the whole batch. They are cut into groups of blocks, whose sums are added up in order; how many is a
/// function of the shape, so the bits stay the same on any number of threads.
final class FewChannels {
    private static final int MOST = 4, LEAST = 32, BLOCK_PIXELS = 96, PARTS = 16;

    private final Team team;
    private float[] start = new float[0];

    FewChannels(Team team) {
        this.team = team;
    }

    /// Whether c is so small that the general ways would spend their time on rearranging, and o fills whole tiles.
    static boolean suits(ConvShape s) {
        return s.c() <= MOST && s.o() >= LEAST && s.o() % COLUMNS == 0;
    }

    /// `x[n,h,w,c], w[kh,kw,c,o] → y[n,oh,ow,o]`
    void conv(ConvShape s, float[] x, int xAt, float[] w, int wAt, float[] y, int yAt, Finish finish) {
        var blocks = new Blocks(s, BLOCK_PIXELS);
        int[] taps = taps(blocks);
        int o = s.o(), count = s.weightLength() / o;
        float[] bias = start(o);
        finish.bias(bias, 0, 1, 0, o);
        team.run(blocks.count(), 2L * s.n() * s.oh() * s.ow() * s.weightLength(), (block, index) -> {
            Worker worker = team.worker(index);
            worker.rows(blocks.capacity());
            float[] image = blocks.prepare(block, x, xAt, worker, worker.aRows);
            int first = blocks.firstPixel(block), m = blocks.firstPixel(block + 1) - first, at = yAt + first * o;
            Product.repeatLast(worker.aRows, m);
            WindowTile.rows(count, image, worker.aRows, taps, w, wAt, bias, y, at, m, o, false);
            finish.activate(y, at, m * o);
        });
    }

    /// `x[n,h,w,c], y[n,oh,ow,o] → w[kh,kw,c,o]`
    void convWeight(ConvShape s, float[] x, int xAt, float[] y, int yAt, float[] w, int wAt) {
        var blocks = new Blocks(s, BLOCK_PIXELS);
        int[] taps = taps(blocks);
        int o = s.o(), length = s.weightLength(), count = length / o, groups = Math.clamp(blocks.count() / 2, 1, PARTS);
        float[] zero = start(o), partial = team.partial((groups - 1) * length);
        team.run(groups, 2L * s.n() * s.oh() * s.ow() * length, (group, index) -> {
            Worker worker = team.worker(index);
            int[] pixels = worker.sources(blocks.capacity());
            float[] sum = group == 0 ? w : partial;
            int at = group == 0 ? wAt : (group - 1) * length, begin = group * blocks.count() / groups;
            for (int block = begin; block < (group + 1) * blocks.count() / groups; block++) {
                float[] image = blocks.prepare(block, x, xAt, worker, pixels);
                int first = blocks.firstPixel(block), steps = blocks.firstPixel(block + 1) - first;
                WindowTile.rows(steps, image, taps, pixels, y, yAt + first * o, zero, sum, at, count, o, block > begin);
            }
        });
        for (int g = 1; g < groups; g++) Elementwise.add(w, wAt, partial, (g - 1) * length, length);
    }

    /// The place of each element of a window, relative to the window's first; in whole tiles.
    private static int[] taps(Blocks blocks) {
        int count = blocks.offsets.length * blocks.length;
        int[] taps = new int[Product.wholeTiles(count)];
        for (int i = 0; i < count; i++) taps[i] = blocks.offsets[i / blocks.length] + i % blocks.length;
        Product.repeatLast(taps, count);
        return taps;
    }

    /// What the sums of o columns begin with: zeros, to which `conv` adds its bias.
    private float[] start(int o) {
        start = Worker.atLeast(start, o);
        Arrays.fill(start, 0, o, 0);
        return start;
    }
}
