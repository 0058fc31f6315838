package gannet.kernel.cuda;

import static gannet.kernel.cuda.Tile.LARGE;
import static gannet.kernel.cuda.Tile.MIDDLE;
import static gannet.kernel.cuda.Tile.SCALAR;
import static gannet.kernel.cuda.Tile.TALL;
import static gannet.kernel.cuda.Tile.WIDE;

import gannet.kernel.Activation;
import gannet.kernel.ConvShape;
import gannet.kernel.MatrixShape;

/// The three maps of a convolution; the kernels are in `convolution.cu`. Where the windows don't overlap because each is one pixel, or the whole
/// image, the map is a plain product.
final class Convolutions {
    private final Cuda cuda;
    private final Products products;
    private final TiledKernels tiled;
    private final Function[] conv, convInput, convWeight;

    Convolutions(Cuda cuda, Precision precision) {
        this.cuda = cuda;
        products = new Products(cuda, precision);
        tiled = new TiledKernels(cuda);
        conv = tiled.functions("convolution", "conv_", precision, LARGE, MIDDLE, SCALAR, TALL);
        convInput = tiled.functions("convolution", "conv_input_", precision, LARGE, MIDDLE, SCALAR, TALL);
        convWeight = tiled.functions("convolution", "conv_weight_", precision, LARGE, MIDDLE, SCALAR, TALL, WIDE);
    }

    /// `y = act(conv(x, w) + bias)`; `bias` and `act` may be null.
    void conv(ConvShape s, CudaStorage x, CudaStorage w, CudaStorage bias, Activation act, CudaStorage y) {
        int pixels = pixels(s), taps = taps(s);
        if (product(s)) {
            products.linear(MatrixShape.of(pixels, taps, s.o()), x, w, bias, act, y);
            return;
        }
        Tiling tiling = Tiling.of(1, pixels, taps, s.o(), aligned(s, x, w, y), false, cuda.multiprocessors());
        Launch launch = shape(cuda.launch(conv[tiling.tile().ordinal()]).to(x).to(w), s);
        tiled.finish(launch, tiling, bias, act, s.o(), y);
    }

    /// `x = act(convInput(y, w) + bias)`; `bias` and `act` may be null.
    void convInput(ConvShape s, CudaStorage y, CudaStorage w, CudaStorage bias, Activation act, CudaStorage x) {
        if (product(s)) {
            products.linear(new MatrixShape(1, pixels(s), s.o(), taps(s), false, true), y, w, bias, act, x);
            return;
        }
        int phasePixels = s.n() * Math.ceilDiv(s.h(), s.strideH()) * Math.ceilDiv(s.w(), s.strideW());
        int tapStepH = tapStep(s.strideH(), s.dilationH()), tapStepW = tapStep(s.strideW(), s.dilationW());
        int phaseTaps = Math.ceilDiv(s.kh(), tapStepH) * Math.ceilDiv(s.kw(), tapStepW) * s.o();
        Tiling tiling = Tiling.of(s.strideH() * s.strideW(), phasePixels, phaseTaps, s.c(), aligned(s, x, w, y), false, cuda.multiprocessors());
        Launch launch = shape(cuda.launch(convInput[tiling.tile().ordinal()]).to(y).to(w).with(tapStepH).with(tapStepW), s);
        tiled.finish(launch, tiling, bias, act, s.c(), x);
    }

    /// `w = convWeight(x, y)`.
    void convWeight(ConvShape s, CudaStorage x, CudaStorage y, CudaStorage w) {
        int pixels = pixels(s), taps = taps(s);
        if (product(s)) {
            products.linear(new MatrixShape(1, taps, pixels, s.o(), true, false), x, y, null, null, w);
            return;
        }
        Tiling tiling = Tiling.of(1, taps, pixels, s.o(), aligned(s, x, w, y), true, cuda.multiprocessors());
        tiled.finish(shape(cuda.launch(convWeight[tiling.tile().ordinal()]).to(x).to(y), s), tiling, null, null, s.o(), w);
    }

    /// Whether each window is one pixel, all of them in their order, or the whole image.
    private static boolean product(ConvShape s) {
        if (s.top() != 0 || s.left() != 0) return false;
        boolean pixel = s.kh() == 1 && s.kw() == 1 && s.strideH() == 1 && s.strideW() == 1 && s.oh() == s.h() && s.ow() == s.w();
        boolean image = s.kh() == s.h() && s.kw() == s.w() && s.oh() == 1 && s.ow() == 1 && s.dilationH() == 1 && s.dilationW() == 1;
        return pixel || image;
    }

    private static int pixels(ConvShape s) {
        return s.n() * s.oh() * s.ow();
    }

    private static int taps(ConvShape s) {
        return s.kh() * s.kw() * s.c();
    }

    /// From one tap that a pixel lies under to the next: stride / gcd(stride, dilation).
    private static int tapStep(int stride, int dilation) {
        int a = stride, b = dilation;
        while (b != 0) {
            int rest = a % b;
            a = b;
            b = rest;
        }
        return stride / a;
    }

    /// Whether channels come in whole vectors of four everywhere.
    private static boolean aligned(ConvShape s, CudaStorage x, CudaStorage w, CudaStorage y) {
        return s.c() % 4 == 0 && s.o() % 4 == 0 && x.aligned() && w.aligned() && y.aligned();
    }

    private static Launch shape(Launch launch, ConvShape s) {
        return launch.with(s.n()).with(s.h()).with(s.w()).with(s.c()).with(s.kh()).with(s.kw()).with(s.o()).with(s.oh()).with(s.ow())
                .with(s.strideH()).with(s.strideW()).with(s.dilationH()).with(s.dilationW()).with(s.top()).with(s.left());
    }
}
