package gannet.kernel.simd;

import gannet.kernel.ConvShape;

/// What [WinogradConvolution] computes: a convolution whose window has `tapsH × tapsW` taps for each of the `strideH · strideW` phases of its source. Result pixel (i, j) of an image
/// reads, of phase (a, b), the source's pixels (`top` + strideH·(i + u) + a, `left` + strideW·(j + v) + b) for u < tapsH, v < tapsW; outside of the source they are 0.
///
/// A convolution is one of these. A convolution's input gradient is one for each phase of its stride, of stride 1 over y with the kernel's positions last first ([Phases] tells why).
///
/// @param images      how many
/// @param height      of the source, which has `width` columns and `channels`
/// @param rows        results of an image, in `columns` columns, of `results` channels each
/// @param target      where the first result lies; then how far apart images, rows and columns of results are
/// @param back        whether taps go through the kernel backwards, which has the channels turned over
/// @param kernelRow   the kernel's first position, in steps of `kernelStepH`, `kernelStepW`
record Correlation(int images, int height, int width, int channels, int strideH, int strideW, int top, int left, int rows, int columns, int tapsH, int tapsW,
                   int results, int target, int imageStep, int rowStep, int columnStep, boolean back, int kernelRow, int kernelColumn, int kernelStepH, int kernelStepW) {

    private static final int TRANSFORMATION = 12;

    /// `y = conv(x, w)`.
    static Correlation of(ConvShape s) {
        return new Correlation(s.n(), s.h(), s.w(), s.c(), s.strideH(), s.strideW(), -s.top(), -s.left(), s.oh(), s.ow(), s.kh() / s.strideH(), s.kw() / s.strideW(),
                s.o(), 0, s.oh() * s.ow() * s.o(), s.ow() * s.o(), s.o(), false, 0, 0, s.strideH(), s.strideW());
    }

    /// The pixels of x whose padded row and column are `row` and `column` modulo the strides, from y; null where x has none.
    static Correlation ofInput(ConvShape s, int row, int column) {
        int tapsH = s.kh() / s.strideH(), tapsW = s.kw() / s.strideW();
        int firstRow = Math.ceilDiv(s.top() - row, s.strideH()), rows = Math.floorDiv(s.top() + s.h() - 1 - row, s.strideH()) + 1 - firstRow;
        int firstColumn = Math.ceilDiv(s.left() - column, s.strideW()), columns = Math.floorDiv(s.left() + s.w() - 1 - column, s.strideW()) + 1 - firstColumn;
        if (rows < 1 || columns < 1) return null;
        int target = ((firstRow * s.strideH() + row - s.top()) * s.w() + firstColumn * s.strideW() + column - s.left()) * s.c();
        return new Correlation(s.n(), s.oh(), s.ow(), s.o(), 1, 1, firstRow - tapsH + 1, firstColumn - tapsW + 1, rows, columns, tapsH, tapsW,
                s.c(), target, s.h() * s.w() * s.c(), s.strideH() * s.w() * s.c(), s.strideW() * s.c(), true, row, column, s.strideH(), s.strideW());
    }

    /// Multiplications of the direct way.
    double directCost() {
        return (double) images * rows * columns * tapsH * tapsW * depth() * results;
    }

    /// What [Winograd]'s way costs in the same unit: a transformation takes as long as multiplying an element with [#TRANSFORMATION] others. The filter is transformed once a chunk.
    double cost(double chunks) {
        double tiles = (double) images * bands() * across(), filter = (double) depth() * results;
        return Winograd.POINTS * Winograd.POINTS * (tiles * (filter + TRANSFORMATION * (depth() + results)) + TRANSFORMATION * Math.ceil(chunks) * filter);
    }

    /// Terms of the sum at each of the points: the channels of every phase.
    int depth() {
        return strideH * strideW * channels;
    }

    /// Rows of results that a tile has.
    int tileRows() {
        return Winograd.results(tapsH);
    }

    int tileColumns() {
        return Winograd.results(tapsW);
    }

    /// Rows of tiles of an image: each is a band of result rows.
    int bands() {
        return (rows + tileRows() - 1) / tileRows();
    }

    /// Tiles of a band.
    int across() {
        return (columns + tileColumns() - 1) / tileColumns();
    }

    /// The kernel position of tap `tap` in phase `phase`, of `taps` taps.
    private int position(int phase, int tap, int taps, int first, int step) {
        return back ? first + step * (taps - 1 - tap) : phase + step * tap;
    }

    int kernelRow(int phase, int tap) {
        return position(phase, tap, tapsH, kernelRow, kernelStepH);
    }

    int kernelColumn(int phase, int tap) {
        return position(phase, tap, tapsW, kernelColumn, kernelStepW);
    }

    /// Puts `Bᵀ d B` of band `band`, counted over the images, into `v`: element `k` of tile `tile` at point `t` goes to `at + t·step + tile·tileStep + …`, in blocks of
    /// `block` channels `blockStep` apart.
    void data(float[] source, int sourceAt, int band, Worker worker, float[] v, int at, int step, int tileStep, int block, int blockStep) {
        int high = Winograd.POINTS * strideH, wide = (across() * tileColumns() + tapsW - 1) * strideW, pitch = wide * channels;
        int image = band / bands(), first = top + band % bands() * tileRows() * strideH;
        float[] window = worker.image((high + Winograd.POINTS) * pitch);
        int turned = high * pitch;
        Padding.window(source, sourceAt + image * height * width * channels, height, width, channels, first, left, high, wide, window, 0);
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

    /// Puts `A dy Aᵀ` of the results' gradients in band `band` into `z`: the channels of tile `tile` at point `t` go to `at + t·step + tile·results + …`.
    void gradient(float[] y, int yAt, int band, Worker worker, float[] z, int at, int step) {
        int wide = across() * tileColumns(), pitch = wide * results, turned = tileRows() * pitch;
        int image = band / bands(), first = band % bands() * tileRows();
        float[] window = worker.image((tileRows() + Winograd.POINTS) * pitch);
        Padding.window(y, yAt + image * imageStep, rows, columns, results, first, 0, tileRows(), wide, window, 0);
        Winograd.gradient(tapsH, window, 0, pitch, window, turned, pitch, pitch);
        for (int tile = 0; tile < across(); tile++)
            for (int i = 0; i < Winograd.POINTS; i++)
                Winograd.gradient(tapsW, window, turned + i * pitch + ((tile + 1) * tileColumns() - 1) * results, -results, z,
                        at + i * Winograd.POINTS * step + tile * results, step, results);
    }
}
