package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;

import gannet.kernel.ConvShape;
import gannet.kernel.MatrixShape;

/// `x[n,h,w,c], y[n,oh,ow,o] → w[kh,kw,c,o]` as the product `[kh·kw·c, pixels] · [pixels, o]`, its sum running over every pixel of the batch.
///
/// The left operand is [Convolution]'s turned over, so a block of pixels (one chunk of the sum, at most [Product#DEPTH]) is taken from the padded image by
/// 8 × 8 transposes, the same pixels of y are packed into panels, and the product is added to w. Parts own blocks of w. Where w is too small to
/// give every thread a block (1 or 3 channels), the batch is cut into groups as well, whose results are added up in order. The number
/// of groups is a function of the shape, never of the number of threads, so the bits stay the same on any number.
final class ConvolutionWeight {
    private static final int BLOCK_ROWS = 256, BLOCK_PANELS = 8, PARTS = 16, PARTIAL_FLOATS = 1 << 20;

    private final Team team;
    private final Gemm gemm;

    ConvolutionWeight(Team team, Gemm gemm) {
        this.team = team;
        this.gemm = gemm;
    }

    void run(ConvShape s, float[] x, int xAt, float[] y, int yAt, float[] w, int wAt) {
        MatrixShape product = Convolution.product(s);
        if (product != null) {
            gemm.matmul(new MatrixShape(1, product.k(), product.m(), product.n(), true, false), x, xAt, y, yAt, w, wAt, Finish.NONE);
            return;
        }
        var blocks = new Blocks(s, Product.DEPTH);
        int rows = s.kh() * s.kw() * s.c(), o = s.o(), length = rows * o, panels = Packing.panels(o);
        int down = (rows + BLOCK_ROWS - 1) / BLOCK_ROWS, height = Product.wholeTiles((rows + down - 1) / down);
        int across = (panels + BLOCK_PANELS - 1) / BLOCK_PANELS, wide = (panels + across - 1) / across;
        int groups = groups(blocks.count(), down * across, length), each = (blocks.count() + groups - 1) / groups;
        long work = 2L * s.n() * s.oh() * s.ow() * length;
        float[] target = groups == 1 ? w : team.partial(groups * length);
        team.run(groups * down * across, work, (part, index) -> {
            int group = part / (down * across), row = part / across % down * height, panel = part % across * wide;
            if (row < rows)
                part(blocks, x, xAt, y, yAt, target, groups == 1 ? wAt : group * length, group * each, Math.min(blocks.count(), (group + 1) * each), row,
                        Math.min(height, rows - row), panel, Math.min(panels, panel + wide), team.worker(index));
        });
        if (groups > 1) addUp(target, groups, length, w, wAt);
    }

    private static int groups(int blocks, int parts, int length) {
        int wanted = Math.max(1, Math.min(Math.min(PARTS / parts, blocks / 2), PARTIAL_FLOATS / length));
        int each = (blocks + wanted - 1) / wanted;
        return (blocks + each - 1) / each;
    }

    /// Rows `row` to `row + height` and panels `from` to `to` of w, over the pixels of the blocks `first` to `end`.
    private static void part(Blocks blocks, float[] x, int xAt, float[] y, int yAt, float[] w, int wAt, int first, int end, int row, int height, int from, int to,
                             Worker worker) {
        int o = blocks.shape.o(), columns = Math.min(o, to * COLUMNS) - from * COLUMNS, capacity = blocks.capacity(), chunk = Product.chunk(capacity);
        int[] sources = worker.sources(capacity);
        float[] turned = worker.gathered(height * chunk), panels = worker.panels((to - from) * chunk * COLUMNS);
        worker.rows(height);
        for (int i = 0; i < height; i++) {
            worker.aRows[i] = i * chunk;
            worker.cRows[i] = wAt + (row + i) * o + from * COLUMNS;
        }
        Product.repeatLast(worker.aRows, height);
        boolean started = false;
        for (int block = first; block < end; block++) {
            float[] image = blocks.prepare(block, x, xAt, worker, sources);
            int pixel = blocks.firstPixel(block), pixels = blocks.firstPixel(block + 1) - pixel;
            for (int done = 0; done < pixels; done += chunk, started = true) {
                int kc = Math.min(chunk, pixels - done);
                Packing.pack(y, yAt + (pixel + done) * o + from * COLUMNS, o, kc, columns, panels, 0, chunk * COLUMNS, 0, to - from);
                turn(blocks, image, sources, done, kc, row, height, turned, chunk);
                Product.block(worker, height, kc, turned, 0, panels, 0, chunk * COLUMNS, 0, to - from, columns, w, 0, started);
            }
        }
    }

    /// `turned[i, pixel] = window element (row + i) of the pixel`.
    private static void turn(Blocks blocks, float[] image, int[] sources, int firstPixel, int pixels, int row, int height, float[] turned, int pitch) {
        for (int done = 0; done < height; ) {
            int segment = (row + done) / blocks.length, inside = (row + done) % blocks.length, run = Math.min(height - done, blocks.length - inside);
            Packing.transposeRows(image, sources, firstPixel, blocks.offsets[segment] + inside, pixels, run, turned, done * pitch, pitch);
            done += run;
        }
    }

    private void addUp(float[] partial, int groups, int length, float[] w, int wAt) {
        int size = Math.max(1024, (length + PARTS - 1) / PARTS), parts = (length + size - 1) / size;
        team.run(parts, (long) groups * length, (part, _) -> {
            int at = part * size, n = Math.min(size, length - at);
            System.arraycopy(partial, at, w, wAt + at, n);
            for (int g = 1; g < groups; g++) Elementwise.add(w, wAt + at, partial, g * length + at, n);
        });
    }
}
