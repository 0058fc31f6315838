package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;

/// The innermost loops of the convolutions on [Planes]: a filter, and its weights' gradient.
///
/// **Registers.** 12 accumulators, as in the [MicroKernel]: four results times three vectors, or two times six. With the vectors that
/// are read and one broadcast they fit 16 registers. Results that are not a multiple of two are filled up.
///
/// **Measured** on one core whose FMA peak is 118 GFLOP/s: the filter runs at 115, the gradient at 105 to 115. The fence at the end of the
/// gradient's turns emits no instruction; without it C2 mixes the turns that it unrolls, and reaches 60.
///
/// Every sum of a filter runs over its taps in order in one chain an element, one of a gradient over the pixels in order in one chain a lane: no
/// bit depends on how planes are cut.
final class PlanarKernel {
    /// The most elements that one turn takes: turns begin below a given count, and the last one may run past it.
    static final int WIDEST = 6 * LANES;
    private static final int TAPS = 6;
    private static final int CHUNK = 2 * WIDEST, STRETCH = 64 * LANES;

    private PlanarKernel() {}

    /// Results in whole tiles.
    static int padded(int results) {
        return (results + 1) / 2 * 2;
    }

    /// The taps of a gradient in whole tiles.
    static int wholeTaps(int taps) {
        return (taps + TAPS - 1) / TAPS * TAPS;
    }

    /// `y[o][i] = Σ_t w[t,o] · x[offsets[t] + i]` for i < count, with `taps` offsets, `results` (even) columns of w, planes of y `stride` apart.
    static void filter(float[] x, int[] offsets, int taps, float[] w, int wAt, int results, float[] y, int yAt, int stride, int count) {
        for (int chunk = 0; chunk < count; chunk += CHUNK) {
            int end = Math.min(count, chunk + CHUNK), o = 0;
            for (; o + 4 <= results; o += 4)
                for (int i = chunk; i < end; i += 3 * LANES) four(x, i, offsets, taps, w, wAt + o, results, y, yAt + o * stride + i, stride);
            if (o < results)
                for (int i = chunk; i < end; i += 6 * LANES) two(x, i, offsets, taps, w, wAt + o, results, y, yAt + o * stride + i, stride);
        }
    }

    private static void four(float[] x, int at, int[] offsets, int taps, float[] w, int wAt, int results, float[] y, int yAt, int stride) {
        FloatVector a0 = FloatVector.zero(SPECIES), a1 = a0, a2 = a0, b0 = a0, b1 = a0, b2 = a0, c0 = a0, c1 = a0, c2 = a0, d0 = a0,
                d1 = a0, d2 = a0;
        for (int t = 0; t < taps; t++) {
            int i = at + offsets[t], k = wAt + t * results;
            FloatVector x0 = FloatVector.fromArray(SPECIES, x, i), x1 = FloatVector.fromArray(SPECIES, x, i + LANES), x2 = FloatVector.fromArray(
                    SPECIES, x, i + 2 * LANES);
            FloatVector f = FloatVector.broadcast(SPECIES, w[k]);
            a0 = f.fma(x0, a0);
            a1 = f.fma(x1, a1);
            a2 = f.fma(x2, a2);
            f = FloatVector.broadcast(SPECIES, w[k + 1]);
            b0 = f.fma(x0, b0);
            b1 = f.fma(x1, b1);
            b2 = f.fma(x2, b2);
            f = FloatVector.broadcast(SPECIES, w[k + 2]);
            c0 = f.fma(x0, c0);
            c1 = f.fma(x1, c1);
            c2 = f.fma(x2, c2);
            f = FloatVector.broadcast(SPECIES, w[k + 3]);
            d0 = f.fma(x0, d0);
            d1 = f.fma(x1, d1);
            d2 = f.fma(x2, d2);
        }
        a0.intoArray(y, yAt);
        a1.intoArray(y, yAt + LANES);
        a2.intoArray(y, yAt + 2 * LANES);
        b0.intoArray(y, yAt + stride);
        b1.intoArray(y, yAt + stride + LANES);
        b2.intoArray(y, yAt + stride + 2 * LANES);
        c0.intoArray(y, yAt + 2 * stride);
        c1.intoArray(y, yAt + 2 * stride + LANES);
        c2.intoArray(y, yAt + 2 * stride + 2 * LANES);
        d0.intoArray(y, yAt + 3 * stride);
        d1.intoArray(y, yAt + 3 * stride + LANES);
        d2.intoArray(y, yAt + 3 * stride + 2 * LANES);
    }

    private static void two(float[] x, int at, int[] offsets, int taps, float[] w, int wAt, int results, float[] y, int yAt, int stride) {
        FloatVector a0 = FloatVector.zero(SPECIES), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0,
                b4 = a0, b5 = a0;
        for (int t = 0; t < taps; t++) {
            int i = at + offsets[t], k = wAt + t * results;
            FloatVector f = FloatVector.broadcast(SPECIES, w[k]), g = FloatVector.broadcast(SPECIES, w[k + 1]);
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            a0 = f.fma(v, a0);
            b0 = g.fma(v, b0);
            v = FloatVector.fromArray(SPECIES, x, i + LANES);
            a1 = f.fma(v, a1);
            b1 = g.fma(v, b1);
            v = FloatVector.fromArray(SPECIES, x, i + 2 * LANES);
            a2 = f.fma(v, a2);
            b2 = g.fma(v, b2);
            v = FloatVector.fromArray(SPECIES, x, i + 3 * LANES);
            a3 = f.fma(v, a3);
            b3 = g.fma(v, b3);
            v = FloatVector.fromArray(SPECIES, x, i + 4 * LANES);
            a4 = f.fma(v, a4);
            b4 = g.fma(v, b4);
            v = FloatVector.fromArray(SPECIES, x, i + 5 * LANES);
            a5 = f.fma(v, a5);
            b5 = g.fma(v, b5);
        }
        a0.intoArray(y, yAt);
        a1.intoArray(y, yAt + LANES);
        a2.intoArray(y, yAt + 2 * LANES);
        a3.intoArray(y, yAt + 3 * LANES);
        a4.intoArray(y, yAt + 4 * LANES);
        a5.intoArray(y, yAt + 5 * LANES);
        b0.intoArray(y, yAt + stride);
        b1.intoArray(y, yAt + stride + LANES);
        b2.intoArray(y, yAt + stride + 2 * LANES);
        b3.intoArray(y, yAt + stride + 3 * LANES);
        b4.intoArray(y, yAt + stride + 4 * LANES);
        b5.intoArray(y, yAt + stride + 5 * LANES);
    }

    /// `sums[t,o] += Σ_i x[offsets[t] + i] · y[o][i]` lane by lane, for i < count (and on to a whole vector, where y is zero), for a number of
    /// offsets in whole tiles and `results` (even) planes of y, `stride` apart. y and the sums may share an array.
    ///
    /// A stretch of seven planes fits L1. Shorter ones were slower: the sums of 16 channels on both sides lie in L2.
    static void gradient(float[] x, int[] offsets, float[] y, int stride, int results, int count, float[] sums, int at) {
        int whole = (count + LANES - 1) / LANES * LANES, taps = offsets.length, next = results * LANES;
        for (int from = 0; from < whole; from += STRETCH) {
            int to = Math.min(whole, from + STRETCH), o = 0;
            for (; o + 4 <= results; o += 4)
                for (int t = 0; t < taps; t += 3) threeTaps(x, offsets, t, y, o * stride, stride, from, to, sums, at + t * next + o * LANES, next);
            if (o < results)
                for (int t = 0; t < taps; t += 6) sixTaps(x, offsets, t, y, o * stride, stride, from, to, sums, at + t * next + o * LANES, next);
        }
    }

    /// What the sums of `length` weights need.
    static int room(int length) {
        return (length + 2) * LANES;
    }

    /// `to[toAt + k] = ` the lanes of sum k added up, neighbours first; the sums are used up.
    static void fold(float[] sums, int at, int length, float[] to, int toAt) {
        for (int lanes = LANES / 2; lanes > 0; lanes /= 2) {
            for (int i = 0; i < length * lanes; i += LANES) {
                FloatVector a = FloatVector.fromArray(SPECIES, sums, at + 2 * i), b = FloatVector.fromArray(SPECIES, sums, at + 2 * i + LANES);
                a.rearrange(Interleaving.EVEN, b).add(a.rearrange(Interleaving.ODD, b)).intoArray(sums, at + i);
            }
        }
        System.arraycopy(sums, at, to, toAt, length);
    }

    private static void threeTaps(float[] x, int[] offsets, int t, float[] y, int yAt, int stride, int from, int to, float[] sums, int at,
            int next) {
        int x0 = offsets[t] + from, x1 = offsets[t + 1] + from, x2 = offsets[t + 2] + from;
        int y0 = yAt + from, y1 = y0 + stride, y2 = y1 + stride, y3 = y2 + stride, count = (to - from) / LANES;
        FloatVector a0 = FloatVector.fromArray(SPECIES, sums, at), a1 = FloatVector.fromArray(SPECIES, sums, at + LANES);
        FloatVector a2 = FloatVector.fromArray(SPECIES, sums, at + 2 * LANES), a3 = FloatVector.fromArray(SPECIES, sums, at + 3 * LANES);
        FloatVector b0 = FloatVector.fromArray(SPECIES, sums, at + next), b1 = FloatVector.fromArray(SPECIES, sums, at + next + LANES);
        FloatVector b2 = FloatVector.fromArray(SPECIES, sums, at + next + 2 * LANES), b3 = FloatVector.fromArray(SPECIES, sums,
                at + next + 3 * LANES);
        FloatVector c0 = FloatVector.fromArray(SPECIES, sums, at + 2 * next), c1 = FloatVector.fromArray(SPECIES, sums, at + 2 * next + LANES);
        FloatVector c2 = FloatVector.fromArray(SPECIES, sums, at + 2 * next + 2 * LANES), c3 = FloatVector.fromArray(SPECIES, sums,
                at + 2 * next + 3 * LANES);
        for (int i = 0; i < count; i++) {
            FloatVector d0 = FloatVector.fromArray(SPECIES, y, y0 + i * LANES), d1 = FloatVector.fromArray(SPECIES, y, y1 + i * LANES);
            FloatVector d2 = FloatVector.fromArray(SPECIES, y, y2 + i * LANES), d3 = FloatVector.fromArray(SPECIES, y, y3 + i * LANES);
            FloatVector v = FloatVector.fromArray(SPECIES, x, x0 + i * LANES);
            a0 = v.fma(d0, a0);
            a1 = v.fma(d1, a1);
            a2 = v.fma(d2, a2);
            a3 = v.fma(d3, a3);
            v = FloatVector.fromArray(SPECIES, x, x1 + i * LANES);
            b0 = v.fma(d0, b0);
            b1 = v.fma(d1, b1);
            b2 = v.fma(d2, b2);
            b3 = v.fma(d3, b3);
            v = FloatVector.fromArray(SPECIES, x, x2 + i * LANES);
            c0 = v.fma(d0, c0);
            c1 = v.fma(d1, c1);
            c2 = v.fma(d2, c2);
            c3 = v.fma(d3, c3);
            VarHandle.loadLoadFence();
        }
        a0.intoArray(sums, at);
        a1.intoArray(sums, at + LANES);
        a2.intoArray(sums, at + 2 * LANES);
        a3.intoArray(sums, at + 3 * LANES);
        b0.intoArray(sums, at + next);
        b1.intoArray(sums, at + next + LANES);
        b2.intoArray(sums, at + next + 2 * LANES);
        b3.intoArray(sums, at + next + 3 * LANES);
        c0.intoArray(sums, at + 2 * next);
        c1.intoArray(sums, at + 2 * next + LANES);
        c2.intoArray(sums, at + 2 * next + 2 * LANES);
        c3.intoArray(sums, at + 2 * next + 3 * LANES);
    }

    private static void sixTaps(float[] x, int[] offsets, int t, float[] y, int yAt, int stride, int from, int to, float[] sums, int at,
            int next) {
        int x0 = offsets[t] + from, x1 = offsets[t + 1] + from, x2 = offsets[t + 2] + from, x3 = offsets[t + 3] + from;
        int x4 = offsets[t + 4] + from, x5 = offsets[t + 5] + from, y0 = yAt + from, y1 = y0 + stride, count = (to - from) / LANES;
        FloatVector a0 = FloatVector.fromArray(SPECIES, sums, at), b0 = FloatVector.fromArray(SPECIES, sums, at + LANES);
        FloatVector a1 = FloatVector.fromArray(SPECIES, sums, at + next), b1 = FloatVector.fromArray(SPECIES, sums, at + next + LANES);
        FloatVector a2 = FloatVector.fromArray(SPECIES, sums, at + 2 * next), b2 = FloatVector.fromArray(SPECIES, sums, at + 2 * next + LANES);
        FloatVector a3 = FloatVector.fromArray(SPECIES, sums, at + 3 * next), b3 = FloatVector.fromArray(SPECIES, sums, at + 3 * next + LANES);
        FloatVector a4 = FloatVector.fromArray(SPECIES, sums, at + 4 * next), b4 = FloatVector.fromArray(SPECIES, sums, at + 4 * next + LANES);
        FloatVector a5 = FloatVector.fromArray(SPECIES, sums, at + 5 * next), b5 = FloatVector.fromArray(SPECIES, sums, at + 5 * next + LANES);
        for (int i = 0; i < count; i++) {
            FloatVector d = FloatVector.fromArray(SPECIES, y, y0 + i * LANES), e = FloatVector.fromArray(SPECIES, y, y1 + i * LANES);
            FloatVector v = FloatVector.fromArray(SPECIES, x, x0 + i * LANES);
            a0 = v.fma(d, a0);
            b0 = v.fma(e, b0);
            v = FloatVector.fromArray(SPECIES, x, x1 + i * LANES);
            a1 = v.fma(d, a1);
            b1 = v.fma(e, b1);
            v = FloatVector.fromArray(SPECIES, x, x2 + i * LANES);
            a2 = v.fma(d, a2);
            b2 = v.fma(e, b2);
            v = FloatVector.fromArray(SPECIES, x, x3 + i * LANES);
            a3 = v.fma(d, a3);
            b3 = v.fma(e, b3);
            v = FloatVector.fromArray(SPECIES, x, x4 + i * LANES);
            a4 = v.fma(d, a4);
            b4 = v.fma(e, b4);
            v = FloatVector.fromArray(SPECIES, x, x5 + i * LANES);
            a5 = v.fma(d, a5);
            b5 = v.fma(e, b5);
            VarHandle.loadLoadFence();
        }
        a0.intoArray(sums, at);
        b0.intoArray(sums, at + LANES);
        a1.intoArray(sums, at + next);
        b1.intoArray(sums, at + next + LANES);
        a2.intoArray(sums, at + 2 * next);
        b2.intoArray(sums, at + 2 * next + LANES);
        a3.intoArray(sums, at + 3 * next);
        b3.intoArray(sums, at + 3 * next + LANES);
        a4.intoArray(sums, at + 4 * next);
        b4.intoArray(sums, at + 4 * next + LANES);
        a5.intoArray(sums, at + 5 * next);
        b5.intoArray(sums, at + 5 * next + LANES);
    }
}
