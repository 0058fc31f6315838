package gannet.kernel.simd;

import gannet.kernel.ConvShape;
import java.util.ArrayList;
import java.util.List;

/// What [Winograd]'s algorithm is applied to: a filter of `taps.high × taps.wide` taps for each phase of a strided source. Result (i, j) of an image reads, of phase (a, b), the
/// source's pixels (`top` + strideH·(i + u) + a, `left` + strideW·(j + v) + b) for u < taps.high, v < taps.wide; outside of the source they are 0.
///
/// A convolution is one of these. A convolution's input gradient is one for each phase of its stride, of stride 1 over y, with the kernel's positions last first ([Phases]
/// tells why).
record Correlation(Source source, Taps taps, Grid grid) {
    private static final int TRANSFORMATION = 12;

    /// What is read: images of `height × width` pixels.
    record Source(int images, int height, int width, int channels, int strideH, int strideW, int top, int left) {}

    /// Which positions of the kernel the taps are: of phase (a, b) and tap (u, v) in a convolution (a + stepRows·u, b + stepColumns·v). Backwards, tap (u, v) is (row +
    /// stepRows·(high − 1 − u), …), and the kernel's channels are turned over.
    record Taps(int high, int wide, int stepRows, int stepColumns, boolean back, int row, int column) {
        int row(int phase, int tap) {
            return back ? row + stepRows * (high - 1 - tap) : phase + stepRows * tap;
        }

        int column(int phase, int tap) {
            return back ? column + stepColumns * (wide - 1 - tap) : phase + stepColumns * tap;
        }
    }

    /// Where results go: of a grid of `rows × columns`, cut into tiles, those from row `fromRow` to before `endRow` and column `fromColumn` to before
    /// `endColumn`; grid point (0, 0) of image 0 would lie at `at`, with the distances between images, rows and columns as given.
    record Grid(int rows, int columns, int fromRow, int endRow, int fromColumn, int endColumn, int channels, int at, int imageStep, int rowStep, int columnStep) {}

    /// `y = conv(x, w)`.
    static Correlation of(ConvShape s) {
        return new Correlation(new Source(s.n(), s.h(), s.w(), s.c(), s.strideH(), s.strideW(), -s.top(), -s.left()),
                new Taps(s.kh() / s.strideH(), s.kw() / s.strideW(), s.strideH(), s.strideW(), false, 0, 0),
                new Grid(s.oh(), s.ow(), 0, s.oh(), 0, s.ow(), s.o(), 0, s.oh() * s.ow() * s.o(), s.ow() * s.o(), s.o()));
    }

    /// `x = convInput(y, w)`, in lists of phases with the same source and the same grid, whose data need to be transformed only once: all in one if that takes no more tiles.
    static List<List<Correlation>> ofInput(ConvShape s) {
        int firstRow = first(s.top(), s.strideH(), s.strideH() - 1), endRow = end(s.top(), s.h(), s.strideH(), 0);
        int firstColumn = first(s.left(), s.strideW(), s.strideW() - 1), endColumn = end(s.left(), s.w(), s.strideW(), 0);
        var together = new ArrayList<Correlation>();
        var apart = new ArrayList<List<Correlation>>();
        for (int row = 0; row < s.strideH(); row++) {
            for (int column = 0; column < s.strideW(); column++) {
                int fromRow = first(s.top(), s.strideH(), row), toRow = end(s.top(), s.h(), s.strideH(), row);
                int fromColumn = first(s.left(), s.strideW(), column), toColumn = end(s.left(), s.w(), s.strideW(), column);
                if (fromRow >= toRow || fromColumn >= toColumn) continue;
                Correlation alone = phase(s, row, column, fromRow, toRow, fromColumn, toColumn);
                apart.add(List.of(alone));
                together.add(phase(s, row, column, firstRow, endRow, firstColumn, endColumn).keeping(fromRow - firstRow, toRow - firstRow, fromColumn - firstColumn,
                        toColumn - firstColumn));
            }
        }
        int most = apart.stream().mapToInt(each -> each.getFirst().tiles()).max().orElse(0);
        return together.getFirst().tiles() <= most ? List.of(List.copyOf(together)) : List.copyOf(apart);
    }

    /// The first row of phase `phase`, and the end of its rows, of an image that begins at row `before` of its padded self.
    private static int first(int before, int stride, int phase) {
        return Math.ceilDiv(before - phase, stride);
    }

    private static int end(int before, int size, int stride, int phase) {
        return Math.floorDiv(before + size - 1 - phase, stride) + 1;
    }

    private static Correlation phase(ConvShape s, int row, int column, int fromRow, int endRow, int fromColumn, int endColumn) {
        int high = s.kh() / s.strideH(), wide = s.kw() / s.strideW(), rows = endRow - fromRow, columns = endColumn - fromColumn;
        int at = ((fromRow * s.strideH() + row - s.top()) * s.w() + fromColumn * s.strideW() + column - s.left()) * s.c();
        return new Correlation(new Source(s.n(), s.oh(), s.ow(), s.o(), 1, 1, fromRow - high + 1, fromColumn - wide + 1),
                new Taps(high, wide, s.strideH(), s.strideW(), true, row, column),
                new Grid(rows, columns, 0, rows, 0, columns, s.c(), at, s.h() * s.w() * s.c(), s.strideH() * s.w() * s.c(), s.strideW() * s.c()));
    }

    private Correlation keeping(int fromRow, int endRow, int fromColumn, int endColumn) {
        return new Correlation(source, taps, new Grid(grid.rows, grid.columns, fromRow, endRow, fromColumn, endColumn, grid.channels, grid.at, grid.imageStep, grid.rowStep,
                grid.columnStep));
    }

    /// Terms of the sum at each of the points: the channels of every phase.
    int depth() {
        return source.strideH * source.strideW * source.channels;
    }

    /// Rows of results that a tile has.
    int tileRows() {
        return Winograd.results(taps.high);
    }

    int tileColumns() {
        return Winograd.results(taps.wide);
    }

    /// Rows of tiles of an image: each is a band of result rows.
    int bands() {
        return (grid.rows + tileRows() - 1) / tileRows();
    }

    /// Tiles of a band.
    int across() {
        return (grid.columns + tileColumns() - 1) / tileColumns();
    }

    /// Tiles of the whole batch.
    int tiles() {
        return source.images * bands() * across();
    }

    /// Multiplications of the direct way.
    double directCost() {
        return (double) source.images * (grid.endRow - grid.fromRow) * (grid.endColumn - grid.fromColumn) * taps.high * taps.wide * depth() * grid.channels;
    }

    /// What [Winograd]'s way costs in the same unit: a transformation takes as long as multiplying an element with [#TRANSFORMATION] others. The filter is
    /// transformed `times` times.
    double cost(int times) {
        double filter = (double) depth() * grid.channels;
        return Winograd.POINTS * Winograd.POINTS * (tiles() * (filter + TRANSFORMATION * (depth() + grid.channels)) + (double) TRANSFORMATION * times * filter);
    }

    /// Puts `Bᵀ d B` of band `band`, counted over the images, into `v`: element `k` of tile `tile` at point `t` goes to `at + t·step + tile·tileStep + …`, in blocks of
    /// `block` channels `blockStep` apart.
    void data(float[] from, int fromAt, int band, Worker worker, float[] v, int at, int step, int tileStep, int block, int blockStep) {
        int channels = source.channels, strideH = source.strideH, strideW = source.strideW;
        int high = Winograd.POINTS * strideH, wide = (across() * tileColumns() + taps.wide - 1) * strideW, pitch = wide * channels;
        int image = band / bands(), first = source.top + band % bands() * tileRows() * strideH;
        float[] window = worker.image((high + Winograd.POINTS) * pitch);
        int turned = high * pitch;
        Padding.window(from, fromAt + image * source.height * source.width * channels, source.height, source.width, channels, first, source.left, high, wide, window, 0);
        for (int a = 0; a < strideH; a++) {
            Winograd.data(window, a * pitch, strideH * pitch, window, turned, pitch, pitch);
            for (int tile = 0; tile < across(); tile++)
                for (int b = 0; b < strideW; b++)
                    for (int c = 0; c < channels; c += block)
                        for (int i = 0; i < Winograd.POINTS; i++) {
                            int k = (a * strideW + b) * channels + c;
                            int last = ((tile * tileColumns() + Winograd.POINTS - 1) * strideW + b) * channels + c;
                            Winograd.data(window, turned + i * pitch + last, -strideW * channels, v,
                                    at + i * Winograd.POINTS * step + tile * tileStep + k / block * blockStep, step, block);
                        }
        }
    }

    /// Puts `A dy Aᵀ` of the results' gradients in band `band` into `z`: the channels of tile `tile` at point `t` go to `at + t·step + tile·channels + …`.
    void gradient(float[] y, int yAt, int band, Worker worker, float[] z, int at, int step) {
        int channels = grid.channels, wide = across() * tileColumns(), pitch = wide * channels, turned = tileRows() * pitch;
        int image = band / bands(), first = band % bands() * tileRows();
        float[] window = worker.image((tileRows() + Winograd.POINTS) * pitch);
        Padding.window(y, yAt + image * grid.imageStep, grid.rows, grid.columns, channels, first, 0, tileRows(), wide, window, 0);
        Winograd.gradient(taps.high, window, 0, pitch, window, turned, pitch, pitch);
        for (int tile = 0; tile < across(); tile++)
            for (int i = 0; i < Winograd.POINTS; i++)
                Winograd.gradient(taps.wide, window, turned + i * pitch + ((tile + 1) * tileColumns() - 1) * channels, -channels, z,
                        at + i * Winograd.POINTS * step + tile * channels, step, channels);
    }
}
