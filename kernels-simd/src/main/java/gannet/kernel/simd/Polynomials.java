package gannet.kernel.simd;

import static gannet.kernel.simd.Width.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The transcendental functions of 32-bit floats, in fused multiply-adds, additions, multiplications, divisions and integer shifts only:
/// operations whose results IEEE 754 fixes to the bit, so that interpreted and compiled code agree. (The Vector API's own EXP, LOG, TANH
/// … call a native library once compiled and Java's Math before: their bits change while a program runs.)
///
/// The largest errors found against double, on a million arguments each, in units in the last place: exp 1.0, log 0.8, sin and cos 1.5
/// (one turn), softplus 1.9, sigmoid 2.4, tanh 4.6. Infinities, NaN and zeros come out as Java's Math has them.
final class Polynomials {
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SPECIES.vectorShape());
    private static final float LOG2_E = 1.44269504f, LN2_HIGH = 0.693145752f, LN2_LOW = 1.42860677e-6f, ROUND = 12582912f;

    private Polynomials() {}

    private static FloatVector constant(float c) {
        return FloatVector.broadcast(SPECIES, c);
    }

    static FloatVector sign(FloatVector x) {
        FloatVector one = constant(1), signed = x.blend(one, x.compare(VectorOperators.GT, 0f));
        return signed.blend(one.neg(), x.compare(VectorOperators.LT, 0f));
    }

    /// `e^x = 2^n · e^r` with n the nearest integer to x / ln 2, so |r| ≤ ½ ln 2, and e^r by a polynomial of degree 7 (Cephes' expf, with
    /// one more term). 2^n in two factors, so that neither over- nor underflows early.
    static FloatVector exp(FloatVector x) {
        FloatVector t = x.fma(constant(LOG2_E), constant(ROUND)), n = t.sub(ROUND);
        FloatVector r = n.fma(constant(-LN2_HIGH), x);
        r = n.fma(constant(-LN2_LOW), r);
        FloatVector p = r.fma(constant(1.9841270e-4f), constant(1.3888889e-3f));
        p = p.fma(r, constant(8.3333333e-3f)).fma(r, constant(4.1666667e-2f)).fma(r, constant(1.6666667e-1f)).fma(r, constant(0.5f));
        p = p.mul(r).fma(r, r).add(1f);
        IntVector whole = t.reinterpretAsInts().sub(0x4B400000), half = whole.lanewise(VectorOperators.ASHR, 1);
        FloatVector y = p.mul(power(half)).mul(power(whole.sub(half)));
        y = y.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, 88.8f));
        return y.blend(0f, x.compare(VectorOperators.LT, -104f));
    }

    private static FloatVector power(IntVector n) {
        return n.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    /// `log x = n ln 2 + log m` with m in √½ … √2, and log m by Cephes' logf polynomial in m − 1.
    static FloatVector log(FloatVector x) {
        var small = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
        FloatVector scaled = x.blend(x.mul(0x1p23f), small);
        IntVector shifted = scaled.reinterpretAsInts().sub(0x3F3504F3), whole = shifted.lanewise(VectorOperators.ASHR, 23);
        FloatVector m = scaled.reinterpretAsInts().sub(whole.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
        FloatVector n = (FloatVector) whole.convert(VectorOperators.I2F, 0);
        n = n.blend(n.sub(23f), small);
        FloatVector y = logarithm(m.sub(1f), n);
        y = y.blend(x, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
        y = y.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
        return y.blend(Float.NaN, x.compare(VectorOperators.GE, 0f).not());
    }

    /// `n ln 2 + log(1 + f)`
    static FloatVector logarithm(FloatVector f, FloatVector n) {
        FloatVector z = f.mul(f), p = f.fma(constant(7.0376836292e-2f), constant(-1.1514610310e-1f));
        p = p.fma(f, constant(1.1676998740e-1f)).fma(f, constant(-1.2420140846e-1f)).fma(f, constant(1.4249322787e-1f));
        p = p.fma(f, constant(-1.6668057665e-1f)).fma(f, constant(2.0000714765e-1f)).fma(f, constant(-2.4999993993e-1f)).fma(f,
                constant(3.3333331174e-1f));
        FloatVector tail = p.mul(f).mul(z);
        tail = n.fma(constant(LN2_LOW), tail);
        tail = z.fma(constant(-0.5f), tail);
        return n.fma(constant(LN2_HIGH), f.add(tail));
    }

    /// A rational function of degree 13 over 6 (the one of Eigen's tanh for floats), constant where tanh rounds to ±1.
    static FloatVector tanh(FloatVector x) {
        FloatVector c = x.min(7.9053111f).max(-7.9053111f), z = c.mul(c);
        FloatVector p = z.fma(constant(-2.76076847742355e-16f), constant(2.00018790482477e-13f));
        p = p.fma(z, constant(-8.60467152213735e-11f)).fma(z, constant(5.12229709037114e-08f)).fma(z, constant(1.48572235717979e-05f));
        p = p.fma(z, constant(6.37261928875436e-04f)).fma(z, constant(4.89352455891786e-03f)).mul(c);
        FloatVector q = z.fma(constant(1.19825839466702e-06f), constant(1.18534705686654e-04f));
        q = q.fma(z, constant(2.26843463243900e-03f)).fma(z, constant(4.89352518554385e-03f));
        return p.div(q).blend(x, x.abs().compare(VectorOperators.LT, 4e-4f)).min(1f).max(-1f);
    }

    /// `1 / (1 + e^−x)`
    static FloatVector sigmoid(FloatVector x) {
        return constant(1).div(exp(x.neg()).add(1f));
    }

    /// `max(x, 0) + log w`, `w = 1 + u`, `u = e^−|x|`; what 1 + u rounds off is put back as `(u − (w − 1)) / w`. As 1 ≤ w ≤ 2, its
    /// logarithm needs no more than a choice between w and w/2 (the whole of [#log] beside [#exp] would also be more than the JIT inlines
    /// into one loop).
    static FloatVector softplus(FloatVector x) {
        FloatVector u = exp(x.abs().neg()), w = u.add(1f), zero = FloatVector.zero(SPECIES);
        var large = w.compare(VectorOperators.GT, 1.41421356f);
        FloatVector log = logarithm(w.blend(w.mul(0.5f), large).sub(1f), zero.blend(constant(1), large));
        return u.sub(w.sub(1f)).div(w).add(log).add(x.max(0f));
    }

    static FloatVector sin(FloatVector x) {
        return sine(x, 0);
    }

    static FloatVector cos(FloatVector x) {
        return sine(x, 1);
    }

    private static final float HALF_PI_1 = 1.57079637f, HALF_PI_2 = -4.37113883e-8f, HALF_PI_3 = -1.71512489e-15f, LARGEST_ANGLE = 100_000;

    /// `sin(x + quarter · π/2)`: x less the nearest multiple n of π/2 (in three parts, by fused multiply-adds), then Cephes' polynomial
    /// for the sine or the cosine as n + quarter says. Beyond ±100,000 the three parts are too short and Java's StrictMath takes over.
    private static FloatVector sine(FloatVector x, int quarter) {
        FloatVector t = x.fma(constant(0.636619772f), constant(ROUND)), n = t.sub(ROUND);
        FloatVector r = n.fma(constant(-HALF_PI_1), x);
        r = n.fma(constant(-HALF_PI_2), r);
        r = n.fma(constant(-HALF_PI_3), r);
        IntVector turn = t.reinterpretAsInts().sub(0x4B400000).add(quarter);
        FloatVector y = quadrant(r, turn);
        return x.abs().compare(VectorOperators.GT, LARGEST_ANGLE).anyTrue() ? largeAngles(x, y, quarter) : y;
    }

    /// `sin(r + turn · π/2)` for |r| ≤ π/4.
    static FloatVector quadrant(FloatVector r, IntVector turn) {
        FloatVector z = r.mul(r), s = z.fma(constant(-1.9515295891e-4f), constant(8.3321608736e-3f)).fma(z, constant(-1.6666654611e-1f));
        s = s.mul(z).fma(r, r);
        FloatVector c = z.fma(constant(2.443315711809948e-5f), constant(-1.388731625493765e-3f)).fma(z, constant(4.166664568298827e-2f));
        c = c.mul(z).fma(z, z.fma(constant(-0.5f), constant(1)));
        FloatVector y = s.blend(c, turn.and(1).compare(VectorOperators.NE, 0).cast(SPECIES));
        return y.reinterpretAsInts().lanewise(VectorOperators.XOR, turn.and(2).lanewise(VectorOperators.LSHL, 30)).reinterpretAsFloats();
    }

    private static FloatVector largeAngles(FloatVector x, FloatVector y, int quarter) {
        float[] xs = x.toArray(), ys = y.toArray();
        for (int i = 0; i < xs.length; i++)
            if (!(Math.abs(xs[i]) <= LARGEST_ANGLE)) ys[i] = (float) (quarter == 0 ? StrictMath.sin(xs[i]) : StrictMath.cos(xs[i]));
        return FloatVector.fromArray(SPECIES, ys, 0);
    }
}
