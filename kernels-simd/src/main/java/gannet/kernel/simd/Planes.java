package gannet.kernel.simd;

import gannet.kernel.ConvShape;
import java.util.Arrays;

/// A batch of images `[n,h,w,c]` as planes, one for each channel and each phase (row and column modulo the strides) of the padded image:
/// `plane[row phase, column phase, channel][image, rows, pitch]`.
///
/// A plane is flat: all its rows have one pitch, and rows and images follow one another. So what lies p rows and q columns further lies
/// `p · pitch + q` elements further, wherever one starts; vectors run across the ends of rows, and what they make of a few elements there
/// is dropped when planes are turned back.
///
/// The first row of the planes is row −`top` of the image, the first column −`left`; what lies outside is zero.
record Planes(int h, int w, int c, int strideH, int strideW, int top, int left, int rows, int pitch) {
    /// What a kernel may read or write behind a plane's last element.
    static final int SLACK = PlanarKernel.WIDEST;

    /// x for windows of `s`: a window's first pixel is (row, column) of the first phases.
    static Planes windows(ConvShape s) {
        return new Planes(s.h(), s.w(), s.c(), s.strideH(), s.strideW(), s.top(), s.left(), s.oh() + (s.kh() - 1) * s.dilationH() / s.strideH(),
                s.ow() + (s.kw() - 1) * s.dilationW() / s.strideW());
    }

    /// y in planes that match those of [#windows].
    static Planes results(ConvShape s) {
        Planes x = windows(s);
        return new Planes(s.oh(), s.ow(), s.o(), 1, 1, 0, 0, x.rows, x.pitch);
    }

    /// y for the phases of the transpose ([Phases]): each pixel of x reads y at its own place and before.
    static Planes transposedResults(ConvShape s) {
        int backRows = (s.kh() - 1) * s.dilationH() / s.strideH(), backColumns = (s.kw() - 1) * s.dilationW() / s.strideW();
        int firstRow = s.top() / s.strideH(), firstColumn = s.left() / s.strideW();
        return new Planes(s.oh(), s.ow(), s.o(), 1, 1, backRows - firstRow, backColumns - firstColumn, (s.top() + s.h() - 1) / s.strideH() + 1 - firstRow + backRows,
                (s.left() + s.w() - 1) / s.strideW() + 1 - firstColumn + backColumns);
    }

    /// x in planes that match those of [#transposedResults].
    static Planes transposedWindows(ConvShape s) {
        Planes y = transposedResults(s);
        return new Planes(s.h(), s.w(), s.c(), s.strideH(), s.strideW(), s.top() % s.strideH(), s.left() % s.strideW(), y.rows, y.pitch);
    }

    int count() {
        return strideH * strideW * c;
    }

    /// Elements of one image in a plane.
    int area() {
        return rows * pitch;
    }

    /// Elements of `images` images in a plane, in whole vectors.
    int length(int images) {
        return (images * area() + Width.LANES - 1) / Width.LANES * Width.LANES;
    }

    /// How far apart planes lie.
    int stride(int images) {
        return length(images) + SLACK;
    }

    /// Interleaved elements of all rows of one phase.
    private int phaseLength(int images) {
        return length(images) * strideW * c;
    }

    int interleavedLength(int images) {
        return strideH * phaseLength(images);
    }

    int planesLength(int images) {
        return count() * stride(images);
    }

    /// Images `first` to `first + count` of the batch at `at` as planes with room for `images`.
    void split(float[] image, int at, int first, int count, int images, Worker worker, float[] planes) {
        float[] padded = worker.image(interleavedLength(count)), spare = worker.gathered(interleavedLength(count));
        int size = phaseLength(count), run = pitch * strideW * c, length = length(count), stride = stride(images);
        int from = Math.max(0, left), to = Math.min(w + left, pitch * strideW); // the columns that lie in the image
        Arrays.fill(padded, 0, strideH * size, 0);
        for (int phase = 0; phase < strideH; phase++) {
            for (int n = 0; n < count; n++) {
                for (int i = 0; i < rows; i++) {
                    int row = i * strideH + phase - top;
                    if (row >= 0 && row < h && from < to)
                        System.arraycopy(image, at + (((first + n) * h + row) * w + from - left) * c, padded, phase * size + (n * rows + i) * run + from * c,
                                (to - from) * c);
                }
            }
            Interleaving.split(padded, spare, phase * size, length, strideW * c, planes, phase * strideW * c * stride, stride);
        }
        for (int i = 0; i < count(); i++) Arrays.fill(planes, i * stride + length, i * stride + length + SLACK, 0);
    }

    /// The planes, with room for `images`, as images `first` to `first + count` of the batch at `at`.
    void join(float[] planes, Worker worker, float[] image, int at, int first, int count, int images) {
        float[] padded = worker.image(interleavedLength(count)), spare = worker.gathered(interleavedLength(count));
        int size = phaseLength(count), run = pitch * strideW * c, stride = stride(images);
        for (int phase = 0; phase < strideH; phase++) {
            Interleaving.join(planes, phase * strideW * c * stride, stride, length(count), strideW * c, padded, spare, phase * size);
            for (int n = 0; n < count; n++) {
                for (int i = 0; i < rows; i++) {
                    int row = i * strideH + phase - top;
                    if (row >= 0 && row < h)
                        System.arraycopy(padded, phase * size + (n * rows + i) * run + left * c, image, at + ((first + n) * h + row) * w * c, w * c);
                }
            }
        }
    }
}
