package gannet.kernel.simd;

import static gannet.kernel.simd.Polynomials.LN2_HIGH;
import static gannet.kernel.simd.Polynomials.LN2_LOW;
import static gannet.kernel.simd.Polynomials.ROUND;
import static gannet.kernel.simd.Width.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// The exponential function of 32-bit floats, its inverse, and the activations made of it, in the same operations as [Polynomials].
///
/// A lane's bits don't depend on its neighbours': where rare arguments (infinities, NaN, results below the smallest normal float) have a path of their
/// own, taken if any lane is one, that path gives the other lanes what the short one gives them. It is written out in the method itself: what
/// is rarely called is not inlined, and a vector passed to it would be boxed, on the short path as well. For the same reason no method here may
/// grow beyond 325 bytes of code, which is what C2 inlines: 2.4 ns an element instead of 0.4.
///
/// On a Zen 4 (AVX-512, 3.7 GHz), ns an element in cache: exp 0.19, sigmoid 0.20, tanh 0.24, log 0.28, softplus 0.39 (Cephes' polynomials, with every rare case in every vector,
/// took 0.27, 0.35, 0.35, 0.41 and 0.49). There a division takes the multiplication's place for two cycles only, as much as two fused multiply-adds (and a
/// comparison takes it for one), so that rational functions are the cheapest. Tried and dropped: softplus by the quotient of [#sigmoid] (0.35, but an error of 2.7)
/// and by a polynomial of degree 8 in u (0.40); log by 2 artanh (0.23, but 0.84); Estrin's scheme for the last polynomial of softplus (no gain).
///
/// Largest errors in units in the last place against double, on a million arguments in each of several ranges: exp 1.0, log 0.8, sigmoid 2.3, tanh 2.5,
/// softplus 2.6. Polynomials are minimax fits of the relative error (Lawson's weights, 4,000
/// Chebyshev nodes), rounded to float: in exp 4.4e-9, in [#even] 0.6e-9, in softplus 5.4e-9.
final class Exponentials {
    private static final float LOG2_E = 1.44269504f, LN2 = 0.693147181f;
    /// Up to here neither `e^x` nor `e^−x` is below the smallest normal float or beyond the largest.
    private static final float ORDINARY = 87.3f;

    private Exponentials() {}

    /// `e^x = 2^n · e^r` with n the nearest integer to x / ln 2, so |r| ≤ ½ ln 2. `t` has n in its low bits: shifted, they are what to add to the exponent.
    /// Beyond [#ORDINARY] 2^n is two factors, so that neither over- nor underflows early.
    static FloatVector exp(FloatVector x) {
        FloatVector t = x.fma(broadcast(SPECIES, LOG2_E), broadcast(SPECIES, ROUND)), n = t.sub(ROUND);
        FloatVector r = n.fma(broadcast(SPECIES, -LN2_HIGH), x);
        r = n.fma(broadcast(SPECIES, -LN2_LOW), r);
        FloatVector p = exponential(r);
        IntVector shifted = t.reinterpretAsInts();
        FloatVector y = p.reinterpretAsInts().add(shifted.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
        if (x.abs().compare(VectorOperators.LE, ORDINARY).allTrue()) return y;
        IntVector whole = shifted.sub(0x4B400000), half = whole.lanewise(VectorOperators.ASHR, 1);
        y = p.mul(half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                .mul(whole.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
        y = y.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, 88.8f));
        return y.blend(0f, x.compare(VectorOperators.LT, -104f));
    }

    /// `1 / (1 + e^−x)`, where `e^−x = 2^n (e − r) / (e + r)`, see [#even]: one division for both. For x far below zero it is `e^x`.
    static FloatVector sigmoid(FloatVector x) {
        FloatVector t = x.fma(broadcast(SPECIES, -LOG2_E), broadcast(SPECIES, ROUND)), n = t.sub(ROUND);
        FloatVector r = n.fma(broadcast(SPECIES, LN2_HIGH), x);
        r = n.fma(broadcast(SPECIES, LN2_LOW), r);
        FloatVector e = even(r), below = e.add(r);
        FloatVector above = e.sub(r).reinterpretAsInts().add(t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
        FloatVector y = below.div(below.add(above));
        var extreme = x.abs().compare(VectorOperators.GT, ORDINARY);
        if (!extreme.anyTrue()) return y;
        IntVector whole = t.reinterpretAsInts().neg().add(0x4B400000), half = whole.lanewise(VectorOperators.ASHR, 1);
        FloatVector end = below.div(e.sub(r)).mul(half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                .mul(whole.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
        end = end.blend(0f, x.compare(VectorOperators.LT, -104f)).blend(1f, x.compare(VectorOperators.GT, 0f));
        return y.blend(end, extreme);
    }

    /// `(e^2x − 1) / (e^2x + 1)`, where `e^−2x = 2^n (e − r) / (e + r)`, see [#even] (here of r instead of r / 2, halved): with both multiplied out, nothing
    /// cancels where n = 0, and the value is r / e. Beyond 9.02 tanh rounds to ±1. x's sign is set at the end, as r is +0 where x is −0.
    static FloatVector tanh(FloatVector x) {
        FloatVector t = x.fma(broadcast(SPECIES, -2 * LOG2_E), broadcast(SPECIES, ROUND)), n = t.sub(ROUND);
        FloatVector r = n.fma(broadcast(SPECIES, LN2 / 2), x), z = r.mul(r);
        FloatVector e = z.fma(broadcast(SPECIES, 8 * -0.0027659638f), broadcast(SPECIES, 2 * 0.16666618f)).fma(z, broadcast(SPECIES, 1f));
        FloatVector power = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(0x3F800000).reinterpretAsFloats();
        FloatVector sum = power.add(1f), less = broadcast(SPECIES, 1f).sub(power);
        FloatVector y = less.fma(e, sum.mul(r)).div(sum.fma(e, less.mul(r)));
        y = y.blend(1f, x.abs().compare(VectorOperators.GT, 9.02f));
        return y.reinterpretAsInts().or(x.reinterpretAsInts().and(0x80000000)).reinterpretAsFloats();
    }

    /// `max(x, 0) + log(1 + u)`, `u = e^−|x|`, with `log(1 + u) = 2 artanh s`, `s = u / (2 + u) ≤ ⅓`, a polynomial in s²: no digits are lost where u is
    /// small, and no case need be told from another. A u below the smallest normal float counts as 0.
    static FloatVector softplus(FloatVector x) {
        FloatVector a = x.abs(), t = a.fma(broadcast(SPECIES, -LOG2_E), broadcast(SPECIES, ROUND)), n = t.sub(ROUND);
        FloatVector r = n.fma(broadcast(SPECIES, -LN2_LOW), n.fma(broadcast(SPECIES, -LN2_HIGH), a.neg()));
        FloatVector u = exponential(r).reinterpretAsInts().add(t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
        FloatVector s = u.div(u.add(2f)), z = s.mul(s);
        FloatVector positive = x.blend(0f, x.compare(VectorOperators.LT, 0f));
        FloatVector p = z.fma(broadcast(SPECIES, 0.28011987f), broadcast(SPECIES, 0.28001806f)).fma(z, broadcast(SPECIES, 0.40021527f))
                .fma(z, broadcast(SPECIES, 0.6666642f));
        FloatVector y = p.fma(s.mul(z), s.fma(broadcast(SPECIES, 2), positive));
        return y.blend(positive, a.compare(VectorOperators.GT, ORDINARY));
    }

    /// `e^r` for |r| ≤ ½ ln 2, a polynomial of degree 6.
    private static FloatVector exponential(FloatVector r) {
        FloatVector z = r.mul(r), low = r.fma(broadcast(SPECIES, 0.1666652f), broadcast(SPECIES, 0.49999994f));
        FloatVector high = r.fma(broadcast(SPECIES, 0.008368781f), broadcast(SPECIES, 0.041668393f));
        return z.fma(broadcast(SPECIES, 0.0013814467f), high).fma(z, low).fma(z, r).add(1f);
    }

    /// `e = r coth(r/2)`, an even function; `e^r = (e + r) / (e − r)`.
    private static FloatVector even(FloatVector r) {
        FloatVector z = r.mul(r);
        return z.fma(broadcast(SPECIES, -0.0027659638f), broadcast(SPECIES, 0.16666618f)).fma(z, broadcast(SPECIES, 2f));
    }

    /// `log x = n ln 2 + log m` with m in √½ … √2. What is not a normal number above 0 is one whose bits, less those of the smallest normal, are
    /// unsigned beyond the largest's; tested once, as with three tests C2's code is slower by a third after the first special value.
    static FloatVector log(FloatVector x) {
        boolean special = x.reinterpretAsInts().sub(0x00800000).compare(VectorOperators.UGE, 0x7F000000).anyTrue();
        FloatVector scaled = x;
        if (special) scaled = x.blend(x.mul(0x1p23f), x.compare(VectorOperators.LT, Float.MIN_NORMAL));
        IntVector bits = scaled.reinterpretAsInts(), whole = bits.sub(0x3F3504F3).lanewise(VectorOperators.ASHR, 23);
        FloatVector n = (FloatVector) whole.convert(VectorOperators.I2F, 0);
        if (special) n = n.blend(n.sub(23f), x.compare(VectorOperators.LT, Float.MIN_NORMAL));
        FloatVector m = bits.sub(whole.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
        FloatVector y = Polynomials.logarithm(m.sub(1f), n);
        if (!special) return y;
        y = y.blend(x, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
        y = y.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
        return y.blend(Float.NaN, x.compare(VectorOperators.GE, 0f).not());
    }
}
