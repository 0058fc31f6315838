package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;

import gannet.kernel.ConvShape;
import gannet.kernel.MatrixShape;

/// `x[n,h,w,c], w[kh,kw,c,o] → y[n,oh,ow,o]`; in general, where no other [Way] suits, as one implicit matrix product `[pixels, kh·kw·c] · [kh·kw·c,
/// o]`: the rows of its left operand are windows of the padded image, read where they lie ([Blocks]), a kernel row at a time ([Product#segments]).
final class Convolution {
    private static final int BLOCK_PIXELS = 256, PARTS = 8;

    private final Team team;
    private final Remembered<ConvShape, Way> ways = new Remembered<>(Way::conv);
    private final Gemm gemm;
    private final FewChannels few;
    private final WinogradConvolution winograd;

    Convolution(Team team, Gemm gemm) {
        this.team = team;
        this.gemm = gemm;
        few = new FewChannels(team);
        winograd = new WinogradConvolution(team);
    }

    /// The convolution as a plain product `x[m,k] · w[k,o]` if each window is the whole image or one pixel, else null.
    static MatrixShape product(ConvShape s) {
        boolean unpadded = s.top() == 0 && s.left() == 0;
        boolean wholeImage = s.oh() == 1 && s.ow() == 1 && s.kh() == s.h() && s.kw() == s.w() && s.dilationH() == 1 && s.dilationW() == 1;
        boolean pixel = s.kh() == 1 && s.kw() == 1 && s.strideH() == 1 && s.strideW() == 1 && s.oh() == s.h() && s.ow() == s.w();
        if (!unpadded || !wholeImage && !pixel) return null;
        return pixel ? MatrixShape.of(s.n() * s.h() * s.w(), s.c(), s.o()) : MatrixShape.of(s.n(), s.h() * s.w() * s.c(), s.o());
    }

    void run(ConvShape s, float[] x, int xAt, float[] w, int wAt, float[] y, int yAt, Finish finish) {
        switch (ways.of(s)) {
            case PRODUCT -> gemm.matmul(product(s), x, xAt, w, wAt, y, yAt, finish);
            case FEW_CHANNELS -> few.conv(s, x, xAt, w, wAt, y, yAt, finish);
            case PLANAR -> new Planar(team, s).conv(x, xAt, w, wAt, y, yAt, finish);
            case WINOGRAD -> winograd.run(s, x, xAt, w, wAt, y, yAt, finish);
            case OVERLAP_ADD, TILES -> tiles(s, x, xAt, w, wAt, y, yAt, finish);
        }
    }

    private void tiles(ConvShape s, float[] x, int xAt, float[] w, int wAt, float[] y, int yAt, Finish finish) {
        int k = s.kh() * s.kw() * s.c(), o = s.o(), panels = Packing.panels(o);
        long work = 2L * s.n() * s.oh() * s.ow() * k * o;
        float[] packed = team.packed(panels * k * COLUMNS);
        team.run(panels, (long) k * o, (j, _) -> Packing.pack(w, wAt, o, k, o, packed, 0, k * COLUMNS, j, j + 1));
        var blocks = new Blocks(s, BLOCK_PIXELS);
        int across = Math.min(panels, Math.max(1, PARTS / blocks.count())), wide = (panels + across - 1) / across,
                columns = (panels + wide - 1) / wide;
        team.run(blocks.count() * columns, work, (part, index) -> {
            int block = part / columns, panel = part % columns * wide, first = blocks.firstPixel(block),
                    m = blocks.firstPixel(block + 1) - first;
            Worker worker = team.worker(index);
            worker.rows(blocks.capacity());
            float[] image = blocks.prepare(block, x, xAt, worker, worker.aRows);
            for (int i = 0; i < m; i++) worker.cRows[i] = yAt + (first + i) * o;
            int end = Math.min(panels, panel + wide);
            Product.segments(worker, m, image, blocks.offsets, blocks.length, packed, 0, panel, end, o, y);
            if (columns == 1) finish.rows(y, yAt + first * o, m, o); // whole pixels: few channels don't fill a vector, several pixels do
            else finish.apply(y, worker.cRows, m, 0, panel * COLUMNS, Math.min(o, end * COLUMNS));
        });
    }
}
