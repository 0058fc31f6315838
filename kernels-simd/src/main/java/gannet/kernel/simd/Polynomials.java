package gannet.kernel.simd;

import static gannet.kernel.simd.Width.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The transcendental functions of 32-bit floats, in fused multiply-adds, additions, multiplications, divisions and integer shifts only:
/// operations whose results IEEE 754 fixes to the bit, so that interpreted and compiled code agree. (The Vector API's own EXP, LOG, TANH
/// … call a native library once compiled and Java's Math before: their bits change while a program runs.)
///
/// Constants are spelled `broadcast(SPECIES, …)`, not by a method of this class: a method of ours is one that C2 stops inlining once a loop has grown to
/// some size, and then every vector is boxed; the Vector API's own are always inlined.
///
/// The largest errors found against double, on a million arguments each, in units in the last place: exp 1.0, log 0.8, sin and cos 1.5
/// (one turn), softplus 2.6, sigmoid 2.4, tanh 4.6. Infinities, NaN and zeros come out as Java's Math has them.
final class Polynomials {
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SPECIES.vectorShape());
    static final float LN2_HIGH = 0.693145752f, LN2_LOW = 1.42860677e-6f;
    private static final float LOG2_E = 1.44269504f, ROUND = 12582912f;

    private Polynomials() {}

    static FloatVector sign(FloatVector x) {
        FloatVector one = broadcast(SPECIES, 1), signed = x.blend(one, x.compare(VectorOperators.GT, 0f));
        return signed.blend(one.neg(), x.compare(VectorOperators.LT, 0f));
    }

    /// `e^x = 2^n · e^r` with n the nearest integer to x / ln 2, so |r| ≤ ½ ln 2, and e^r by a polynomial of degree 7 (Cephes' expf, with
    /// one more term). 2^n in two factors, so that neither over- nor underflows early.
    static FloatVector exp(FloatVector x) {
        FloatVector t = x.fma(broadcast(SPECIES, LOG2_E), broadcast(SPECIES, ROUND)), n = t.sub(ROUND);
        IntVector whole = t.reinterpretAsInts().sub(0x4B400000), half = whole.lanewise(VectorOperators.ASHR, 1);
        FloatVector y = exponential(x, n).mul(power(half)).mul(power(whole.sub(half)));
        y = y.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, 88.8f));
        return y.blend(0f, x.compare(VectorOperators.LT, -104f));
    }

    /// [#exp] for x ≤ 0, and 0 where that is below the smallest normal float: 2^n is one factor then.
    private static FloatVector expBelow(FloatVector x) {
        FloatVector t = x.fma(broadcast(SPECIES, LOG2_E), broadcast(SPECIES, ROUND)), n = t.sub(ROUND);
        FloatVector y = exponential(x, n).mul(power(t.reinterpretAsInts().sub(0x4B400000)));
        return y.blend(0f, x.compare(VectorOperators.LT, -87.3f));
    }

    /// `e^(x − n ln 2)`
    private static FloatVector exponential(FloatVector x, FloatVector n) {
        FloatVector r = n.fma(broadcast(SPECIES, -LN2_HIGH), x);
        r = n.fma(broadcast(SPECIES, -LN2_LOW), r);
        FloatVector p = r.fma(broadcast(SPECIES, 1.9841270e-4f), broadcast(SPECIES, 1.3888889e-3f));
        p = p.fma(r, broadcast(SPECIES, 8.3333333e-3f)).fma(r, broadcast(SPECIES, 4.1666667e-2f)).fma(r, broadcast(SPECIES, 1.6666667e-1f))
                .fma(r, broadcast(SPECIES, 0.5f));
        return p.mul(r).fma(r, r).add(1f);
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
        FloatVector z = f.mul(f), p = f.fma(broadcast(SPECIES, 7.0376836292e-2f), broadcast(SPECIES, -1.1514610310e-1f));
        p = p.fma(f, broadcast(SPECIES, 1.1676998740e-1f)).fma(f, broadcast(SPECIES, -1.2420140846e-1f)).fma(f, broadcast(SPECIES, 1.4249322787e-1f));
        p = p.fma(f, broadcast(SPECIES, -1.6668057665e-1f)).fma(f, broadcast(SPECIES, 2.0000714765e-1f))
                .fma(f, broadcast(SPECIES, -2.4999993993e-1f)).fma(f,
                broadcast(SPECIES, 3.3333331174e-1f));
        FloatVector tail = p.mul(f).mul(z);
        tail = n.fma(broadcast(SPECIES, LN2_LOW), tail);
        tail = z.fma(broadcast(SPECIES, -0.5f), tail);
        return n.fma(broadcast(SPECIES, LN2_HIGH), f.add(tail));
    }

    /// A rational function of degree 13 over 6 (the one of Eigen's tanh for floats), constant where tanh rounds to ±1.
    static FloatVector tanh(FloatVector x) {
        FloatVector c = clamp(x, 7.9053111f), z = c.mul(c);
        FloatVector p = z.fma(broadcast(SPECIES, -2.76076847742355e-16f), broadcast(SPECIES, 2.00018790482477e-13f));
        p = p.fma(z, broadcast(SPECIES, -8.60467152213735e-11f)).fma(z, broadcast(SPECIES, 5.12229709037114e-08f))
                .fma(z, broadcast(SPECIES, 1.48572235717979e-05f));
        p = p.fma(z, broadcast(SPECIES, 6.37261928875436e-04f)).fma(z, broadcast(SPECIES, 4.89352455891786e-03f)).mul(c);
        FloatVector q = z.fma(broadcast(SPECIES, 1.19825839466702e-06f), broadcast(SPECIES, 1.18534705686654e-04f));
        q = q.fma(z, broadcast(SPECIES, 2.26843463243900e-03f)).fma(z, broadcast(SPECIES, 4.89352518554385e-03f));
        return clamp(p.div(q).blend(x, x.abs().compare(VectorOperators.LT, 4e-4f)), 1);
    }

    /// Two comparisons are cheaper than a minimum and a maximum, which in Java have cases for NaN and signed zeros.
    private static FloatVector clamp(FloatVector x, float limit) {
        FloatVector below = x.blend(limit, x.compare(VectorOperators.GT, limit));
        return below.blend(-limit, below.compare(VectorOperators.LT, -limit));
    }

    /// `1 / (1 + e^−x)`
    static FloatVector sigmoid(FloatVector x) {
        return broadcast(SPECIES, 1).div(exp(x.neg()).add(1f));
    }

    /// `max(x, 0) + log(1 + u)`, `u = e^−|x|`, with `log(1 + u) = 2 artanh s`, `s = u / (2 + u) ≤ ⅓`, a polynomial in s²: no digits are lost where u is
    /// small, and no case need be told from another. (The whole of [#log] beside [#exp] would also be more than the JIT inlines into one loop.)
    static FloatVector softplus(FloatVector x) {
        FloatVector u = expBelow(x.abs().neg()), s = u.div(u.add(2f)), z = s.mul(s);
        FloatVector p = z.fma(broadcast(SPECIES, 0.232249217f), broadcast(SPECIES, 0.21706461f)).fma(z, broadcast(SPECIES, 0.285923648f))
                .fma(z, broadcast(SPECIES, 0.399997062f));
        p = p.fma(z, broadcast(SPECIES, 0.666666673f)).mul(z).fma(s, s.add(s));
        return p.add(x.blend(0f, x.compare(VectorOperators.LT, 0f)));
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
        FloatVector t = x.fma(broadcast(SPECIES, 0.636619772f), broadcast(SPECIES, ROUND)), n = t.sub(ROUND);
        FloatVector r = n.fma(broadcast(SPECIES, -HALF_PI_1), x);
        r = n.fma(broadcast(SPECIES, -HALF_PI_2), r);
        r = n.fma(broadcast(SPECIES, -HALF_PI_3), r);
        IntVector turn = t.reinterpretAsInts().sub(0x4B400000).add(quarter);
        FloatVector y = quadrant(r, turn);
        return x.abs().compare(VectorOperators.GT, LARGEST_ANGLE).anyTrue() ? largeAngles(x, y, quarter) : y;
    }

    /// `sin(r + turn · π/2)` for |r| ≤ π/4.
    private static FloatVector quadrant(FloatVector r, IntVector turn) {
        return signed(sinNearZero(r).blend(cosNearZero(r), turn.and(1).compare(VectorOperators.NE, 0).cast(SPECIES)), turn);
    }

    /// The negative of `y` where `turn` has bit 1 set.
    static FloatVector signed(FloatVector y, IntVector turn) {
        return y.reinterpretAsInts().lanewise(VectorOperators.XOR, turn.and(2).lanewise(VectorOperators.LSHL, 30)).reinterpretAsFloats();
    }

    /// For |r| ≤ π/4.
    static FloatVector sinNearZero(FloatVector r) {
        FloatVector z = r.mul(r), s = z.fma(broadcast(SPECIES, -1.9515295891e-4f), broadcast(SPECIES, 8.3321608736e-3f))
                .fma(z, broadcast(SPECIES, -1.6666654611e-1f));
        return s.mul(z).fma(r, r);
    }

    static FloatVector cosNearZero(FloatVector r) {
        FloatVector z = r.mul(r);
        FloatVector c = z.fma(broadcast(SPECIES, 2.443315711809948e-5f), broadcast(SPECIES, -1.388731625493765e-3f))
                .fma(z, broadcast(SPECIES, 4.166664568298827e-2f));
        return c.mul(z).fma(z, z.fma(broadcast(SPECIES, -0.5f), broadcast(SPECIES, 1)));
    }

    private static FloatVector largeAngles(FloatVector x, FloatVector y, int quarter) {
        float[] xs = x.toArray(), ys = y.toArray();
        for (int i = 0; i < xs.length; i++)
            if (!(Math.abs(xs[i]) <= LARGEST_ANGLE)) ys[i] = (float) (quarter == 0 ? StrictMath.sin(xs[i]) : StrictMath.cos(xs[i]));
        return FloatVector.fromArray(SPECIES, ys, 0);
    }
}
