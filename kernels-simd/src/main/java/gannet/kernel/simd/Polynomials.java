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
/// The largest error of sin and cos found against double, on a million arguments of one turn, is 1.5 units in the last place. Infinities, NaN and
/// zeros come out as Java's Math has them. exp, log and what is made of them are in [Exponentials].
final class Polynomials {
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SPECIES.vectorShape());
    static final float LN2_HIGH = 0.693145752f, LN2_LOW = 1.42860677e-6f;
    static final float ROUND = 12582912f;

    private Polynomials() {}

    static FloatVector sign(FloatVector x) {
        FloatVector one = broadcast(SPECIES, 1), signed = x.blend(one, x.compare(VectorOperators.GT, 0f));
        return signed.blend(one.neg(), x.compare(VectorOperators.LT, 0f));
    }

    /// `n ln 2 + log(1 + f)` for 1 + f in √½ … √2, by the polynomial of Cephes' logf.
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
