package gannet.kernel;

/// Every size of a two-dimensional convolution: image `x[n,h,w,c]`, weights `w[kh,kw,c,o]`, result `y[n,oh,ow,o]`, with
/// `y[n,i,j,o] = Σ x[n, i·strideH + p·dilationH − top, j·strideW + q·dilationW − left, c] · w[p,q,c,o]` over p, q, c, where x is 0
/// outside the image. `bottom` and `right` may be negative: an image's last rows that no window reaches.
public record ConvShape(int n, int h, int w, int c, int kh, int kw, int o, int oh, int ow, int strideH, int strideW,
                        int dilationH, int dilationW, int top, int left) {
    public ConvShape {
        if (n < 1 || h < 1 || w < 1 || c < 1 || kh < 1 || kw < 1 || o < 1 || oh < 1 || ow < 1 || strideH < 1 || strideW < 1
                || dilationH < 1 || dilationW < 1 || top < 0 || left < 0)
            throw new IllegalArgumentException("convolution of [" + n + "," + h + "," + w + "," + c + "] with [" + kh + "," + kw + "," + c + ","
                    + o + "] to [" + n + "," + oh + "," + ow + "," + o + "]: every size, stride and dilation must be at least 1 and every padding at least 0");
    }

    /// Rows of padding needed below the image so that every window lies inside (negative: rows never read).
    public int bottom() {
        return (oh - 1) * strideH + (kh - 1) * dilationH + 1 - top - h;
    }

    /// Columns of padding needed right of the image (negative: columns never read).
    public int right() {
        return (ow - 1) * strideW + (kw - 1) * dilationW + 1 - left - w;
    }

    /// Elements of the image, `n·h·w·c`.
    public int inputLength() {
        return n * h * w * c;
    }

    /// Elements of the weights, `kh·kw·c·o`.
    public int weightLength() {
        return kh * kw * c * o;
    }

    /// Elements of the result, `n·oh·ow·o`.
    public int outputLength() {
        return n * oh * ow * o;
    }
}
