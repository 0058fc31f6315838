package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;
import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import gannet.kernel.ConvShape;
import jdk.incubator.vector.FloatVector;

/// Winograd's minimal filtering, F(4, 2) and F(3, 3): `m` neighbouring results of a filter of `r` taps with m + r − 1 = 5 multiplications instead of m·r;
/// Winograd 1980; Lavin & Gray 2016, "Fast Algorithms for Convolutional Neural Networks", §3–4; the matrices by Toom and Cook's construction.
///
/// `y = Aᵀ [(G g) ⊙ (Bᵀ d)]`: data and filter are evaluated, as polynomials, at the points 0, 1, −1, 2 and ∞, multiplied there, and their product is
/// interpolated. Twice the same (rows, then columns) makes it two-dimensional: 25 multiplications for a tile of 4 × 4 results of 2 × 2 taps, which are 64 directly,
/// or of 3 × 3 results of 3 × 3 taps, directly 81. Both have five points and so one Bᵀ. The transposed algorithm gives the filter's gradient,
/// `dg = Gᵀ [(A dy) ⊙ (Bᵀ d)]`.
///
/// A routine here does one dimension for `n` floats at a time: five (or r, or m) runs of n neighbouring floats, `step` apart, in; as many out. What runs mean is up to
/// the caller; a channel, a row of an image, a block of tiles. Where a routine writes back into what it read, a run's element is written after all that it comes from.
///
/// **Backwards.** The runs of columns are taken last first, rows first to last. A polynomial read backwards has the reciprocal points, so that columns use 1/2 where rows use 2, with the same
/// routines. With the point 2 a tile's last result gathers eight times the error of its product at 2, with 1/2 its first; with both no corner of a tile is the worst in both directions, and
/// an image's corners, where most of the taps read padding, stay within what a direct sum is allowed.
///
/// **Short tiles.** Of a tile's results only the last one (of columns, which are taken backwards, the first one) needs the product at infinity; without it, F(4, 2) is F(3, 2) at the points 0, 1, −1 and 2,
/// F(3, 3) is F(2, 3), and nothing else changes. So where tiles don't fill an image, some of them are one result shorter and are left out of that product: 7 × 7 results of 2 × 2
/// taps take 81 multiplications instead of 100 ([Correlation], [TileOrder]).
///
/// **Error.** Relative to Σ|x·w|, in units of 2⁻²⁴: root mean square 4 to 5 for F(4, 2) and 2 for F(3, 3), greatest of a thousand tiles 22 and 8, against 0.7 for a
/// direct sum in 32 bits; the points 1/2, −1/2 or −2 in place of 2 are no better. Infinities and NaN spread over their tile.
final class Winograd {
    /// Multiplications in one dimension.
    static final int POINTS = 5;
    /// The point 1, at which every result has the coefficient 1.
    static final int ONE = 1;
    /// The point at infinity, at which only a tile's last result has a coefficient.
    static final int INFINITY = 4;

    private Winograd() {}

    /// Whether a convolution's phases have 2 or 3 taps, and each of its channels fills panels; at least half of every window must lie in the image, or the errors of its tile are more than
    /// those few terms may have (1.2 times the tolerance was seen); every pixel must meet a window and every kernel position a pixel: where there is nothing to sum up, the result is 0, which
    /// rounding errors of neighbours are not.
    static boolean suits(ConvShape s) {
        return taps(s.kh(), s.strideH(), s.dilationH()) && taps(s.kw(), s.strideW(), s.dilationW()) && s.c() % COLUMNS == 0 && s.o() % COLUMNS == 0
                && meets(s.top(), s.bottom(), s.kh()) && meets(s.left(), s.right(), s.kw())
                && read(s.kh(), s.strideH(), s.top(), s.h(), s.oh()) && read(s.kw(), s.strideW(), s.left(), s.w(), s.ow());
    }

    private static boolean taps(int size, int stride, int dilation) {
        return dilation == 1 && (size == 2 * stride || size == 3 * stride);
    }

    private static boolean meets(int before, int after, int size) {
        return 2 * before <= size && after >= 0 && 2 * after <= size;
    }

    /// Whether each of a kernel's `size` positions reads a pixel for some result.
    private static boolean read(int size, int stride, int before, int pixels, int results) {
        for (int position = 0; position < size; position++) {
            int result = Math.max(0, Math.ceilDiv(before - position, stride));
            if (result >= results || result * stride + position - before >= pixels) return false;
        }
        return true;
    }

    /// The fewest terms of the sums at the points for which the errors below stay well within what is allowed for the direct sum: at an image's corner only one of 2 × 2 taps has
    /// anything to multiply, but the errors are the whole tile's.
    static int leastTerms(int tapsH, int tapsW) {
        return tapsH == 3 && tapsW == 3 ? 64 : 128;
    }

    /// Neighbouring results of a tile, in one dimension, of a filter of 2 or 3 taps.
    static int results(int taps) {
        return POINTS + 1 - taps;
    }

    /// A distance between the points' matrices of `length` floats: a power of two would put what belongs to the 25 points of a tile into one set of a cache. Still a multiple of COLUMNS, as [MicroKernel] needs.
    static int spread(int length) {
        return length + 3 * COLUMNS;
    }

    /// `v = Bᵀ d`, five runs from five.
    static void data(float[] d, int at, int step, float[] v, int vAt, int vStep, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector d1 = at(d, at + step + i), d2 = at(d, at + 2 * step + i), apart = at(d, at + 3 * step + i).sub(d1);
            at(d, at + i).sub(d2).fma(all(2), apart).intoArray(v, vAt + i);
            apart.sub(d1).sub(d2).intoArray(v, vAt + vStep + i);
            d1.sub(d2).fma(all(3), apart).intoArray(v, vAt + 2 * vStep + i);
            apart.intoArray(v, vAt + 3 * vStep + i);
            apart.fma(all(-2), at(d, at + 4 * step + i).sub(d2)).intoArray(v, vAt + 4 * vStep + i);
        }
    }

    /// `u = G g`, five runs from two or three.
    static void filter(int taps, float[] g, int at, int step, float[] u, int uAt, int uStep, int n) {
        if (taps == 2) TwoTaps.filter(g, at, step, u, uAt, uStep, n);
        else ThreeTaps.filter(g, at, step, u, uAt, uStep, n);
    }

    /// `y = Aᵀ m` in place: the first four or three of five runs become the results.
    static void result(int taps, float[] m, int at, int step, int n) {
        if (taps == 2) TwoTaps.result(m, at, step, n);
        else ThreeTaps.result(m, at, step, n);
    }

    /// `z = A dy`, five runs from four or three.
    static void gradient(int taps, float[] y, int at, int step, float[] z, int zAt, int zStep, int n) {
        if (taps == 2) TwoTaps.gradient(y, at, step, z, zAt, zStep, n);
        else ThreeTaps.gradient(y, at, step, z, zAt, zStep, n);
    }

    /// `dg = Gᵀ s` in place: the first two or three of five runs become the filter's gradient.
    static void filterGradient(int taps, float[] s, int at, int step, int n) {
        if (taps == 2) TwoTaps.filterGradient(s, at, step, n);
        else ThreeTaps.filterGradient(s, at, step, n);
    }

    /// F(4, 2). A class for each number of taps: a vector that comes from one branch or the other becomes an object.
    private static final class TwoTaps {
        static void filter(float[] g, int at, int step, float[] u, int uAt, int uStep, int n) {
            for (int i = 0; i < n; i += LANES) {
                FloatVector g0 = at(g, at + i), g1 = at(g, at + step + i);
                g0.mul(all(0.5f)).intoArray(u, uAt + i);
                g0.add(g1).mul(all(-0.5f)).intoArray(u, uAt + uStep + i);
                g1.sub(g0).mul(all(1 / 6f)).intoArray(u, uAt + 2 * uStep + i);
                g1.fma(all(2), g0).mul(all(1 / 6f)).intoArray(u, uAt + 3 * uStep + i);
                g1.intoArray(u, uAt + 4 * uStep + i);
            }
        }

        static void result(float[] m, int at, int step, int n) {
            for (int i = 0; i < n; i += LANES) {
                FloatVector m1 = at(m, at + step + i), m2 = at(m, at + 2 * step + i), m3 = at(m, at + 3 * step + i), sum = m1.add(m2), apart = m1.sub(m2);
                at(m, at + i).add(sum).add(m3).intoArray(m, at + i);
                m3.fma(all(2), apart).intoArray(m, at + step + i);
                m3.fma(all(4), sum).intoArray(m, at + 2 * step + i);
                m3.fma(all(8), apart).add(at(m, at + 4 * step + i)).intoArray(m, at + 3 * step + i);
            }
        }

        static void gradient(float[] y, int at, int step, float[] z, int zAt, int zStep, int n) {
            for (int i = 0; i < n; i += LANES) {
                FloatVector y0 = at(y, at + i), y1 = at(y, at + step + i), y2 = at(y, at + 2 * step + i), y3 = at(y, at + 3 * step + i), even = y0.add(y2), odd = y1.add(y3);
                y0.intoArray(z, zAt + i);
                even.add(odd).intoArray(z, zAt + zStep + i);
                even.sub(odd).intoArray(z, zAt + 2 * zStep + i);
                y3.fma(all(8), y2.fma(all(4), y1.fma(all(2), y0))).intoArray(z, zAt + 3 * zStep + i);
                y3.intoArray(z, zAt + 4 * zStep + i);
            }
        }

        static void filterGradient(float[] s, int at, int step, int n) {
            for (int i = 0; i < n; i += LANES) {
                FloatVector s1 = at(s, at + step + i).mul(all(0.5f)), s2 = at(s, at + 2 * step + i).mul(all(1 / 6f)), s3 = at(s, at + 3 * step + i).mul(all(1 / 6f));
                at(s, at + i).mul(all(0.5f)).sub(s1).add(s3.sub(s2)).intoArray(s, at + i);
                s3.fma(all(2), s2).sub(s1).add(at(s, at + 4 * step + i)).intoArray(s, at + step + i);
            }
        }
    }

    /// F(3, 3).
    private static final class ThreeTaps {
        static void filter(float[] g, int at, int step, float[] u, int uAt, int uStep, int n) {
            for (int i = 0; i < n; i += LANES) {
                FloatVector g0 = at(g, at + i), g1 = at(g, at + step + i), g2 = at(g, at + 2 * step + i), ends = g0.add(g2);
                g0.mul(all(0.5f)).intoArray(u, uAt + i);
                ends.add(g1).mul(all(-0.5f)).intoArray(u, uAt + uStep + i);
                g1.sub(ends).mul(all(1 / 6f)).intoArray(u, uAt + 2 * uStep + i);
                g2.fma(all(4), g1.fma(all(2), g0)).mul(all(1 / 6f)).intoArray(u, uAt + 3 * uStep + i);
                g2.intoArray(u, uAt + 4 * uStep + i);
            }
        }

        static void result(float[] m, int at, int step, int n) {
            for (int i = 0; i < n; i += LANES) {
                FloatVector m1 = at(m, at + step + i), m2 = at(m, at + 2 * step + i), m3 = at(m, at + 3 * step + i), sum = m1.add(m2);
                at(m, at + i).add(sum).add(m3).intoArray(m, at + i);
                m3.fma(all(2), m1.sub(m2)).intoArray(m, at + step + i);
                m3.fma(all(4), sum).add(at(m, at + 4 * step + i)).intoArray(m, at + 2 * step + i);
            }
        }

        static void gradient(float[] y, int at, int step, float[] z, int zAt, int zStep, int n) {
            for (int i = 0; i < n; i += LANES) {
                FloatVector y0 = at(y, at + i), y1 = at(y, at + step + i), y2 = at(y, at + 2 * step + i), even = y0.add(y2);
                y0.intoArray(z, zAt + i);
                even.add(y1).intoArray(z, zAt + zStep + i);
                even.sub(y1).intoArray(z, zAt + 2 * zStep + i);
                y2.fma(all(4), y1.fma(all(2), y0)).intoArray(z, zAt + 3 * zStep + i);
                y2.intoArray(z, zAt + 4 * zStep + i);
            }
        }

        static void filterGradient(float[] s, int at, int step, int n) {
            for (int i = 0; i < n; i += LANES) {
                FloatVector s1 = at(s, at + step + i).mul(all(0.5f)), s2 = at(s, at + 2 * step + i).mul(all(1 / 6f)), s3 = at(s, at + 3 * step + i).mul(all(1 / 6f));
                at(s, at + i).mul(all(0.5f)).sub(s1).add(s3.sub(s2)).intoArray(s, at + i);
                s3.fma(all(2), s2).sub(s1).intoArray(s, at + step + i);
                s3.fma(all(4), at(s, at + 4 * step + i)).sub(s2).sub(s1).intoArray(s, at + 2 * step + i);
            }
        }
    }

    private static FloatVector at(float[] array, int at) {
        return FloatVector.fromArray(SPECIES, array, at);
    }

    /// Inside the loops: the JIT hoists it.
    private static FloatVector all(float constant) {
        return FloatVector.broadcast(SPECIES, constant);
    }
}
