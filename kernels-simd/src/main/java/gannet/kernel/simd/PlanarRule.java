package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;

import gannet.kernel.ConvShape;

/// When a convolution is done by planes ([Planar]) rather than by tiles of the [MicroKernel]: an estimate of either in vector operations, about cycles.
///
/// **Planes.** A multiplication for every tap of every result, over all elements of a plane, those at the ends of rows too; and what it takes to turn
/// each side's pixels.
///
/// **Tiles.** Two multiplications for each term of a sum and panel of channels, however few of the panel's columns are used, something for gathering short
/// windows, and a pixel's own overhead. The constants fit what was measured with 1 to 32 channels on both sides, 3 × 3 and 4 × 4, within a factor of
/// 1.5; the margin keeps what works where the two are close.
final class PlanarRule {
    private static final double MARGIN = 0.8, MULTIPLY = 1.15, MOVE = 8;
    private static final double TERM = 3.2, PIXEL = 60, GRADIENT_TERM = 0.6, GRADIENT_TILE = 0.2, GRADIENT_PIXEL = 75;
    /// No planes of an image that would not fit the second-level cache.
    private static final int MOST_FLOATS = 1 << 17;

    private PlanarRule() {}

    static boolean conv(ConvShape s) {
        Planes x = Planes.windows(s), y = Planes.results(s);
        int terms = s.kh() * s.kw() * s.c();
        double planes = terms * PlanarKernel.padded(s.o()) * MULTIPLY / LANES + moves(x, y);
        return fits(x, y) && x.area() * planes < MARGIN * s.oh() * s.ow() * (TERM * terms * Packing.panels(s.o()) + PIXEL);
    }

    static boolean convInput(ConvShape s) {
        Planes y = Planes.transposedResults(s), x = Planes.transposedWindows(s);
        int terms = s.kh() * s.kw() * s.o();
        double planes = terms * PlanarKernel.padded(s.c()) * MULTIPLY / LANES + moves(x, y);
        double tiles = TERM * terms * Packing.panels(s.c()) / (s.strideH() * s.strideW()) + PIXEL;
        return fits(x, y) && x.area() * planes < MARGIN * s.h() * s.w() * tiles;
    }

    static boolean convWeight(ConvShape s) {
        Planes x = Planes.windows(s), y = Planes.results(s);
        int terms = s.kh() * s.kw() * s.c();
        double planes = terms * PlanarKernel.padded(s.o()) * MULTIPLY / LANES + moves(x, y);
        double tiles = GRADIENT_TERM * terms + GRADIENT_TILE * Product.wholeTiles(s.o()) * 2 * Packing.panels(terms) + GRADIENT_PIXEL;
        return fits(x, y) && x.area() * planes < MARGIN * s.oh() * s.ow() * tiles;
    }

    private static boolean fits(Planes x, Planes y) {
        return (long) x.area() * (x.count() + y.count()) <= MOST_FLOATS;
    }

    /// What it takes to turn one element of each plane.
    private static double moves(Planes x, Planes y) {
        return (x.count() * (MOVE + Interleaving.cost(x.strideW() * x.c())) + y.count() * (MOVE + Interleaving.cost(y.strideW() * y.c()))) / LANES;
    }
}
