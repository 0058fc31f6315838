package gannet.kernel.simd;

import gannet.kernel.ConvShape;

/// Cuts the results `y[n,oh,ow,·]` of a convolution into blocks of whole images or of rows of one image, and prepares the part of x that
/// a block reads: a padded copy of just that, in the thread's scratch memory, or x itself where no window leaves the image.
///
/// In a padded image each (result pixel, kernel row) is one run of kw·c contiguous floats: there is no border left to test for, and no
/// im2col buffer. With dilated columns the runs are of c floats, one for each tap.
final class Blocks {
    private static final int IMAGE_FLOATS = 1 << 17;

    final ConvShape shape;
    /// Result rows of one block (all of them if it has several images), and images.
    private final int rows, images, perImage;
    private final int paddedHeight, paddedWidth;
    private final boolean inPlace;
    /// Where the runs of a window lie, relative to its first pixel, and how long each is.
    final int[] offsets;
    final int length;

    /// Blocks of at most about `pixels` result pixels.
    Blocks(ConvShape shape, int pixels) {
        this.shape = shape;
        int each = shape.oh() * shape.ow();
        paddedWidth = (shape.ow() - 1) * shape.strideW() + (shape.kw() - 1) * shape.dilationW() + 1;
        if (each >= pixels) {
            int most = Math.max(1, Math.min(pixels / shape.ow(), rowsThatFit(shape)));
            int even = (shape.oh() + most - 1) / most;
            rows = (shape.oh() + even - 1) / even;
            perImage = (shape.oh() + rows - 1) / rows;
            images = 1;
        } else {
            int fit = Math.max(1, IMAGE_FLOATS / (height(shape, shape.oh()) * paddedWidth * shape.c()));
            rows = shape.oh();
            perImage = 1;
            images = Math.min(shape.n(), Math.min(fit, pixels / each));
        }
        paddedHeight = height(shape, rows);
        inPlace = shape.top() == 0 && shape.left() == 0 && shape.bottom() <= 0 && shape.right() <= 0;
        boolean joined = shape.dilationW() == 1;
        length = joined ? shape.kw() * shape.c() : shape.c();
        offsets = new int[joined ? shape.kh() : shape.kh() * shape.kw()];
        int across = joined ? 1 : shape.kw();
        for (int i = 0; i < offsets.length; i++)
            offsets[i] = (i / across * shape.dilationH() * (inPlace ? shape.w() : paddedWidth) + i % across * shape.dilationW()) * shape.c();
    }

    /// Rows of the image that `rows` rows of the result read.
    private static int height(ConvShape shape, int rows) {
        return (rows - 1) * shape.strideH() + (shape.kh() - 1) * shape.dilationH() + 1;
    }

    private int rowsThatFit(ConvShape shape) {
        int lines = IMAGE_FLOATS / (paddedWidth * shape.c()) - (shape.kh() - 1) * shape.dilationH() - 1;
        return lines / shape.strideH() + 1;
    }

    int count() {
        return images > 1 ? (shape.n() + images - 1) / images : shape.n() * perImage;
    }

    /// The most pixels that a block has.
    int capacity() {
        return images * rows * shape.ow();
    }

    /// The first result pixel of a block, counted over the batch; the blocks follow one another without gaps.
    int firstPixel(int block) {
        if (images > 1) return Math.min(shape.n(), block * images) * shape.oh() * shape.ow();
        return (block / perImage * shape.oh() + Math.min(shape.oh(), block % perImage * rows)) * shape.ow();
    }

    /// The array in which the block's windows lie; `table[i]` becomes the place of pixel i's.
    float[] prepare(int block, float[] x, int xAt, Worker worker, int[] table) {
        ConvShape s = shape;
        int image = images > 1 ? block * images : block / perImage, last = Math.min(s.n(), image + images);
        int row = block % perImage * rows, end = Math.min(s.oh(), row + rows), size = paddedHeight * paddedWidth * s.c();
        int pitch = (inPlace ? s.w() : paddedWidth) * s.c(), i = 0;
        float[] from = inPlace ? x : worker.image(images * size);
        for (int n = image; n < last; n++) {
            int at = inPlace ? xAt + ((n * s.h() + row * s.strideH()) * s.w()) * s.c() : (n - image) * size;
            if (!inPlace)
                Padding.window(x, xAt + n * s.h() * s.w() * s.c(), s.h(), s.w(), s.c(), row * s.strideH() - s.top(), -s.left(), height(s,
                        end - row), paddedWidth, from, at);
            for (int r = 0; r < end - row; r++)
                for (int j = 0; j < s.ow(); j++) table[i++] = at + r * s.strideH() * pitch + j * s.strideW() * s.c();
        }
        return from;
    }
}
