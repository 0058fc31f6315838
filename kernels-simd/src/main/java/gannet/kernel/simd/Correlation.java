package gannet.kernel.simd;

import gannet.kernel.ConvShape;
import java.util.ArrayList;
import java.util.Arrays;
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

    /// How many of `tiles` tiles are a result short, so that they cover `results` and no more, if they can.
    private static int tooShort(int tiles, int size, int results) {
        return Math.min(tiles, tiles * size - results);
    }

    /// The grid row at which band `band` of an image begins. The short ones are the last.
    int row(int band) {
        int full = bands() - tooShort(bands(), tileRows(), grid.rows);
        return band * tileRows() - Math.max(0, band - full);
    }

    /// The grid column at which tile `tile` of a band begins. The short ones come first; they lack their first column.
    int column(int tile) {
        int shorter = tooShort(across(), tileColumns(), grid.columns);
        return tile * tileColumns() - Math.min(tile + 1, shorter);
    }

    /// How many results a column of a tile of band `band` has.
    int rowsOf(int band) {
        return tileRows() - (band >= bands() - tooShort(bands(), tileRows(), grid.rows) ? 1 : 0);
    }

    /// The first valid column of a tile.
    int firstColumnOf(int tile) {
        return tile < tooShort(across(), tileColumns(), grid.columns) ? 1 : 0;
    }

    /// Whether band `band` needs its products at infinity: for its last row.
    boolean infiniteRows(int band) {
        int last = row(band) + tileRows() - 1;
        return rowsOf(band) == tileRows() && last >= grid.fromRow && last < grid.endRow;
    }

    /// Whether tile `tile` of a band does: for its first column.
    boolean infiniteColumns(int tile) {
        return firstColumnOf(tile) == 0 && column(tile) >= grid.fromColumn && column(tile) < grid.endColumn;
    }

    /// Products of all tiles: the points that each of them needs.
    private double products() {
        int rows = bands() * (Winograd.POINTS - 1), columns = across() * (Winograd.POINTS - 1);
        for (int band = 0; band < bands(); band++) if (infiniteRows(band)) rows++;
        for (int tile = 0; tile < across(); tile++) if (infiniteColumns(tile)) columns++;
        return (double) source.images * rows * columns;
    }

    /// Multiplications of the direct way.
    double directCost() {
        return (double) source.images * (grid.endRow - grid.fromRow) * (grid.endColumn - grid.fromColumn) * taps.high * taps.wide * depth() * grid.channels;
    }

    /// What [Winograd]'s way costs in the same unit: a transformation takes as long as multiplying an element with [#TRANSFORMATION] others. The filter is
    /// transformed `times` times.
    double cost(int times) {
        double filter = (double) depth() * grid.channels;
        return products() * filter + (double) Winograd.POINTS * Winograd.POINTS * TRANSFORMATION * ((double) tiles() * (depth() + grid.channels) + times * filter);
    }

    /// Puts `Bᵀ d B` of band `startBand + band`, counted over the images, into `v`: element `k` at point `t` of the tile at place p of `order`, whose first band is `startBand`, goes to
    /// `t·step + p·tileStep + …`, in blocks of `block` channels `blockStep` apart.
    void data(float[] from, int fromAt, int startBand, int band, Worker worker, TileOrder order, float[] v, int step, int tileStep, int block, int blockStep) {
        int channels = source.channels, strideH = source.strideH, strideW = source.strideW, firstColumn = column(0), across = across();
        int high = Winograd.POINTS * strideH, wide = (column(across - 1) - firstColumn + Winograd.POINTS) * strideW, pitch = wide * channels;
        int image = (startBand + band) / bands(), first = source.top + row((startBand + band) % bands()) * strideH;
        float[] window = worker.image((high + Winograd.POINTS) * pitch);
        int turned = high * pitch;
        Padding.window(from, fromAt + image * source.height * source.width * channels, source.height, source.width, channels, first, source.left + firstColumn * strideW, high, wide,
                window, 0);
        for (int a = 0; a < strideH; a++) {
            Winograd.data(window, a * pitch, strideH * pitch, window, turned, pitch, pitch);
            for (int tile = 0; tile < across; tile++) {
                int at = order.place(band * across + tile) * tileStep, lastColumn = column(tile) - firstColumn + Winograd.POINTS - 1;
                for (int b = 0; b < strideW; b++)
                    for (int c = 0; c < channels; c += block)
                        for (int i = 0; i < Winograd.POINTS; i++) {
                            int k = (a * strideW + b) * channels + c, last = (lastColumn * strideW + b) * channels + c;
                            Winograd.data(window, turned + i * pitch + last, -strideW * channels, v, i * Winograd.POINTS * step + at + k / block * blockStep, step, block);
                        }
            }
        }
    }

    /// Puts `A dy Aᵀ` of the results' gradients in band `startBand + band` into `z`: the channels at point `t` of the tile at place p of `order` go to `t·step + p·channels + …`. What a
    /// short tile lacks is zero.
    void gradient(float[] y, int yAt, int startBand, int band, Worker worker, TileOrder order, float[] z, int step) {
        int channels = grid.channels, across = across(), firstColumn = column(0), wide = column(across - 1) - firstColumn + tileColumns(), pitch = wide * channels;
        int turned = tileRows() * pitch, image = (startBand + band) / bands(), inImage = (startBand + band) % bands();
        float[] window = worker.image((tileRows() + Winograd.POINTS) * pitch);
        Padding.window(y, yAt + image * grid.imageStep, grid.rows, grid.columns, channels, row(inImage), firstColumn, rowsOf(inImage), wide, window, 0);
        Arrays.fill(window, rowsOf(inImage) * pitch, turned, 0);
        Winograd.gradient(taps.high, window, 0, pitch, window, turned, pitch, pitch);
        for (int tile = 0; tile < across; tile++) {
            int first = turned + (column(tile) - firstColumn) * channels, at = order.place(band * across + tile) * channels;
            for (int i = 0; i < Winograd.POINTS; i++) {
                if (firstColumnOf(tile) > 0) Arrays.fill(window, first + i * pitch, first + i * pitch + channels, 0); // the tile before it is done with it
                Winograd.gradient(taps.wide, window, first + i * pitch + (tileColumns() - 1) * channels, -channels, z, i * Winograd.POINTS * step + at, step, channels);
            }
        }
    }
}
