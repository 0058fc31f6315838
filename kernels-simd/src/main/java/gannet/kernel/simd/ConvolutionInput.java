package gannet.kernel.simd;

import gannet.kernel.ConvShape;
import gannet.kernel.MatrixShape;

/// `y[n,oh,ow,o], w[kh,kw,c,o] → x[n,h,w,c]`: transposed convolution, and the gradient of a convolution's input.
///
/// In general, where no other [Way] suits, by [Phases]: implicit products that write each pixel of x once.
final class ConvolutionInput {
    private static final int BLOCK_PIXELS = 256, IMAGE_FLOATS = 1 << 17;

    private final Team team;
    private final Remembered<ConvShape, Way> ways = new Remembered<>(Way::convInput);
    private final Gemm gemm;
    private final OverlapAdd overlapAdd;
    private final WinogradConvolution winograd;

    ConvolutionInput(Team team, Gemm gemm) {
        this.team = team;
        this.gemm = gemm;
        overlapAdd = new OverlapAdd(team);
        winograd = new WinogradConvolution(team);
    }

    void run(ConvShape s, float[] y, int yAt, float[] w, int wAt, float[] x, int xAt, Finish finish) {
        switch (ways.of(s)) {
            case PRODUCT -> product(s, y, yAt, w, wAt, x, xAt, finish);
            case PLANAR -> new Planar(team, s).convInput(y, yAt, w, wAt, x, xAt, finish);
            case WINOGRAD -> winograd.input(s, y, yAt, w, wAt, x, xAt, finish);
            case FEW_CHANNELS, OVERLAP_ADD -> overlapAdd.run(s, y, yAt, w, wAt, x, xAt, finish);
            case TILES -> phases(s, y, yAt, w, wAt, x, xAt, finish);
        }
    }

    private void product(ConvShape s, float[] y, int yAt, float[] w, int wAt, float[] x, int xAt, Finish finish) {
        MatrixShape p = Convolution.product(s);
        gemm.matmul(new MatrixShape(1, p.m(), p.n(), p.k(), false, true), y, yAt, w, wAt, x, xAt, Finish.NONE);
        int pixels = s.h() * s.w();
        team.run(s.n(), s.inputLength(), (n, _) -> finish.rows(x, xAt + n * pixels * s.c(), pixels, s.c()));
    }

    private void phases(ConvShape s, float[] y, int yAt, float[] w, int wAt, float[] x, int xAt, Finish finish) {
        Phases phases = Phases.of(s);
        int panels = Packing.panels(s.c());
        float[] packed = team.packed(phases.packedLength());
        team.run(panels, s.weightLength(), (j, _) -> phases.pack(w, wAt, packed, j));
        int firstRow = s.top() / s.strideH(), rowCount = (s.top() + s.h() - 1) / s.strideH() + 1 - firstRow;
        int firstColumn = s.left() / s.strideW(), columnCount = (s.left() + s.w() - 1) / s.strideW() + 1 - firstColumn;
        int pitch = columnCount + phases.reachColumns(), line = pitch * s.o(), fit = Math.max(1, IMAGE_FLOATS / line - phases.reachRows());
        int rows = Math.max(1, Math.min(Math.min(rowCount, fit), BLOCK_PIXELS / columnCount)), perImage = (rowCount + rows - 1) / rows;
        int size = (rows + phases.reachRows()) * line;
        int images = perImage > 1 ? 1 : Math.max(1, Math.min(Math.min(s.n(), BLOCK_PIXELS / (rows * columnCount)), IMAGE_FLOATS / size));
        int parts = (s.n() + images - 1) / images * perImage;
        int[][] offsets = phases.offsets(pitch);
        long work = 2L * s.n() * s.oh() * s.ow() * s.weightLength();
        team.run(parts, work, (part, index) -> {
            int image = part / perImage * images, end = Math.min(s.n(), image + images), a = firstRow + part % perImage * rows;
            int last = Math.min(firstRow + rowCount, a + rows);
            Worker worker = team.worker(index);
            float[] window = worker.image(images * size);
            for (int n = image; n < end; n++)
                Padding.window(y, yAt + n * s.oh() * s.ow() * s.o(), s.oh(), s.ow(), s.o(), a - phases.reachRows(),
                        firstColumn - phases.reachColumns(), last - a + phases.reachRows(), pitch, window, (n - image) * size);
            worker.rows(images * rows * columnCount);
            for (int i = 0; i < offsets.length; i++) {
                Phases.Phase phase = phases.all().get(i);
                int m = 0;
                for (int n = image; n < end; n++) {
                    int start = ((n - image) * size) + (phases.reachRows() * pitch + phases.reachColumns()) * s.o();
                    m = pixels(phases, phase, worker, m, n, a, last, firstColumn, columnCount, start, line, xAt);
                }
                Product.segments(worker, m, window, offsets[i], phase.joinedTaps() * s.o(), packed, phase.packedAt(), 0,
                        panels, s.c(), x);
                finish.apply(x, worker.cRows, m, 0, 0, s.c());
            }
        });
    }

    /// Appends image n's pixels of a phase, rows `a` to `last` of it, to the worker's tables; returns the new length.
    private static int pixels(Phases phases, Phases.Phase phase, Worker worker, int m, int n, int a, int last, int firstColumn,
            int columnCount, int start, int line, int xAt) {
        ConvShape s = phases.shape();
        for (int i = a; i < last; i++) {
            int row = i * s.strideH() + phase.row() - s.top();
            if (row < 0 || row >= s.h()) continue;
            for (int j = 0; j < columnCount; j++) {
                int column = (firstColumn + j) * s.strideW() + phase.column() - s.left();
                if (column < 0 || column >= s.w()) continue;
                worker.aRows[m] = start + (i - a) * line + j * s.o();
                worker.cRows[m++] = xAt + ((n * s.h() + row) * s.w() + column) * s.c();
            }
        }
        return m;
    }
}
