package gannet.nn;

import gannet.kernel.ConvShape;
import gannet.tensor.Scope;
import gannet.tensor.Shape;

/// How a convolution's kernel moves over an image: strides, dilations and the zeros around the image, each direction its own.
public record Window(int strideH, int strideW, int dilationH, int dilationW, int top, int bottom, int left, int right) {
    public Window {
        if (strideH < 1 || strideW < 1 || dilationH < 1 || dilationW < 1 || top < 0 || bottom < 0 || left < 0 || right < 0)
            throw new IllegalArgumentException("window " + strideH + "×" + strideW + ", dilation " + dilationH + "×" + dilationW
                    + ": strides and dilations must be at least 1, padding at least 0");
    }

    /// A square stride and the same padding on all sides.
    public static Window of(int stride, int padding) {
        return new Window(stride, stride, 1, 1, padding, padding, padding, padding);
    }

    /// All sizes of a convolution of `x[n,h,w,c]` with `w[kh,kw,c,o]`; `oh = ⌊(h + top + bottom − dilation·(kh − 1) − 1) / stride⌋ + 1`.
    ConvShape conv(Shape x, Shape w) {
        if (x.rank() != 4 || x.size(3) != w.size(2))
            throw new IllegalArgumentException(Scope.place() + "conv: input " + x + " doesn't fit weights " + w + "; needed: [n,h,w," + w.size(2) + "]");
        int oh = windows(x.size(1) + top + bottom, w.size(0), strideH, dilationH), ow = windows(x.size(2) + left + right, w.size(1), strideW, dilationW);
        if (oh < 1 || ow < 1)
            throw new IllegalArgumentException(Scope.place() + "conv: the " + w.size(0) + "×" + w.size(1) + " kernel of " + w + " is larger than the padded input of " + x);
        return shape(x.size(0), x.size(1), x.size(2), w, oh, ow);
    }

    /// All sizes of the convolution whose transpose takes `y[n,oh,ow,o]` to `x[n,h,w,c]`;
    /// `h = (oh − 1)·stride − top − bottom + dilation·(kh − 1) + 1 + extraH`: `extra` picks one of the sizes that convolve to the same `oh`.
    ConvShape transposed(Shape y, Shape w, int extraH, int extraW) {
        if (y.rank() != 4 || y.size(3) != w.size(3))
            throw new IllegalArgumentException(Scope.place() + "transposed conv: input " + y + " doesn't fit weights " + w + "; needed: [n,h,w," + w.size(3) + "]");
        int h = (y.size(1) - 1) * strideH - top - bottom + dilationH * (w.size(0) - 1) + 1 + extraH;
        int width = (y.size(2) - 1) * strideW - left - right + dilationW * (w.size(1) - 1) + 1 + extraW;
        return shape(y.size(0), h, width, w, y.size(1), y.size(2));
    }

    private ConvShape shape(int n, int h, int width, Shape w, int oh, int ow) {
        return new ConvShape(n, h, width, w.size(2), w.size(0), w.size(1), w.size(3), oh, ow, strideH, strideW, dilationH, dilationW, top, left);
    }

    private static int windows(int padded, int kernel, int stride, int dilation) {
        return Math.floorDiv(padded - dilation * (kernel - 1) - 1, stride) + 1;
    }
}
