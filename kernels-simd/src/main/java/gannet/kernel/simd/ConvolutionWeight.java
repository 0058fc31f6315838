package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;

import gannet.kernel.ConvShape;
import gannet.kernel.MatrixShape;

/// `x[n,h,w,c], y[n,oh,ow,o] → w[kh,kw,c,o]`, a sum over every pixel of the batch; in general, where no other [Way] suits, computed as its
/// transpose `[o, pixels] · [pixels, kh·kw·c]`.
///
/// One of the two operands has to be turned over, and y is the smaller: it has o elements a pixel, the windows of x have kh·kw·c, but of
/// those each panel is a plain copy of runs of the padded image ([Blocks]). The other way round, with windows turned over by 8 × 8
/// transposes, took 1.3 times as long on 64 → 128 channels. A block of pixels is one chunk of the sum, at most [Product#DEPTH] or, of rows that are longer, a row; a last pass
/// turns the small result over into w.
///
/// Parts own blocks of w. Where w is too small to give every thread a block, the batch is cut into groups as well,
/// whose results the last pass adds up in order. The number of groups is a function of the shape, never of the number of threads, so the
/// bits stay the same on any number.
final class ConvolutionWeight {
    private static final int BLOCK_ROWS = 192, BLOCK_PANELS = 16, PARTS = 16, PARTIAL_FLOATS = 1 << 20;

    private final Team team;
    private final Remembered<ConvShape, Way> ways = new Remembered<>(Way::convWeight);
    private final Gemm gemm;
    private final FewChannels few;
    private final WinogradWeight winograd;

    ConvolutionWeight(Team team, Gemm gemm) {
        this.team = team;
        this.gemm = gemm;
        few = new FewChannels(team);
        winograd = new WinogradWeight(team);
    }

    void run(ConvShape s, float[] x, int xAt, float[] y, int yAt, float[] w, int wAt) {
        switch (ways.of(s)) {
            case PRODUCT -> product(Convolution.product(s), x, xAt, y, yAt, w, wAt);
            case FEW_CHANNELS -> few.convWeight(s, x, xAt, y, yAt, w, wAt);
            case PLANAR -> new Planar(team, s).convWeight(x, xAt, y, yAt, w, wAt);
            case WINOGRAD -> {
                float[] turned = team.partial(s.weightLength());
                winograd.run(s, x, xAt, y, yAt, turned);
                turnOver(turned, 1, s.o(), s.weightLength() / s.o(), w, wAt);
            }
            case OVERLAP_ADD, TILES -> tiles(s, x, xAt, y, yAt, w, wAt);
        }
    }

    private void product(MatrixShape p, float[] x, int xAt, float[] y, int yAt, float[] w, int wAt) {
        gemm.matmul(new MatrixShape(1, p.k(), p.m(), p.n(), true, false), x, xAt, y, yAt, w, wAt, Finish.NONE);
    }

    private void tiles(ConvShape s, float[] x, int xAt, float[] y, int yAt, float[] w, int wAt) {
        int o = s.o(), n = s.kh() * s.kw() * s.c();
        var blocks = new Blocks(s, Product.DEPTH);
        int length = n * o, panels = Packing.panels(n);
        int down = (o + BLOCK_ROWS - 1) / BLOCK_ROWS, height = Product.wholeTiles((o + down - 1) / down);
        int across = (panels + BLOCK_PANELS - 1) / BLOCK_PANELS, wide = (panels + across - 1) / across;
        int groups = groups(blocks.count(), down * across, length), each = (blocks.count() + groups - 1) / groups;
        float[] turned = team.partial(groups * length);
        team.run(groups * down * across, 2L * s.n() * s.oh() * s.ow() * length, (part, index) -> {
            int group = part / (down * across), row = part / across % down * height, panel = part % across * wide, end = Math.min(panels,
                    panel + wide);
            if (row < o && panel < end)
                part(blocks, x, xAt, y, yAt, turned, group * length, group * each, Math.min(blocks.count(), (group + 1) * each), row,
                        Math.min(height, o - row), panel, end, team.worker(index));
        });
        turnOver(turned, groups, o, n, w, wAt);
    }

    /// Adds up the groups' `turned[o, n]` and turns the sum over to `w[n, o]`.
    private void turnOver(float[] turned, int groups, int o, int n, float[] w, int wAt) {
        int length = n * o, columns = Math.max(COLUMNS, (n + PARTS - 1) / PARTS), parts = (n + columns - 1) / columns;
        team.run(parts, (long) groups * length, (part, _) -> {
            int first = part * columns, count = Math.min(columns, n - first);
            for (int g = 1; g < groups; g++)
                for (int i = 0; i < o; i++) Elementwise.add(turned, i * n + first, turned, g * length + i * n + first, count);
            Packing.transpose(turned, first, n, o, count, w, wAt + first * o, o);
        });
    }

    private static int groups(int blocks, int parts, int length) {
        int wanted = Math.max(1, Math.min(Math.min(PARTS / parts, blocks / 2), PARTIAL_FLOATS / length));
        int each = (blocks + wanted - 1) / wanted;
        return (blocks + each - 1) / each;
    }

    /// Rows `row` to `row + height` and panels `from` to `to` of the transposed w, over the pixels of the blocks `first` to `end`.
    private static void part(Blocks blocks, float[] x, int xAt, float[] y, int yAt, float[] w, int wAt, int first, int end, int row,
            int height, int from, int to, Worker worker) {
        ConvShape s = blocks.shape;
        int o = s.o(), n = s.kh() * s.kw() * s.c(), capacity = blocks.capacity(), chunk = Product.chunk(capacity), stride = chunk * COLUMNS;
        int[] sources = worker.sources(capacity);
        float[] rows = worker.gathered(height * chunk), panels = worker.panels((to - from) * stride);
        worker.rows(height);
        for (int i = 0; i < height; i++) {
            worker.aRows[i] = i * chunk;
            worker.cRows[i] = wAt + (row + i) * n;
        }
        boolean started = false;
        for (int block = first; block < end; block++) {
            float[] image = blocks.prepare(block, x, xAt, worker, sources);
            int pixel = blocks.firstPixel(block), pixels = blocks.firstPixel(block + 1) - pixel;
            for (int done = 0; done < pixels; done += chunk, started = true) {
                int kc = Math.min(chunk, pixels - done);
                Packing.transpose(y, yAt + (pixel + done) * o + row, o, kc, height, rows, 0, chunk);
                for (int j = from; j < to; j++) windows(blocks, image, sources, done, kc, j * COLUMNS, Math.min(COLUMNS, n - j * COLUMNS),
                        panels, (j - from) * stride);
                Product.block(worker, height, kc, rows, 0, panels, -from * stride, stride, from, to, n, w, 0, started);
            }
        }
    }

    /// Elements `column` to `column + width` of the windows of `count` pixels as a panel.
    private static void windows(Blocks blocks, float[] image, int[] sources, int firstPixel, int count, int column, int width,
            float[] panel, int at) {
        for (int done = 0; done < width; ) {
            int segment = (column + done) / blocks.length, inside = (column + done) % blocks.length, run = Math.min(width - done,
                    blocks.length - inside);
            Packing.runs(image, sources, firstPixel, count, blocks.offsets[segment] + inside, run, panel, at + done);
            done += run;
        }
        if (width < COLUMNS) Packing.clear(panel, at + width, COLUMNS - width, count);
    }
}
