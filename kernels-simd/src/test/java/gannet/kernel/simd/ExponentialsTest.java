package gannet.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.Unary;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The loops over long arrays, whose rare arguments take a path of their own: accuracy, rare arguments, and that these leave their neighbours alone. (What is short goes by plain loops, which the
/// conformance suite meets.)
class ExponentialsTest {
    private static final int N = 1 << 16;
    private static final long SEED = 20261123;

    /// A function, the largest error allowed in units in the last place (those of the class comment, a little above), and arguments between `low` and `high` for it.
    enum Case {
        EXP(Unary.Function.EXP, Math::exp, 1.1, -87, 88),
        LOG(Unary.Function.LOG, Math::log, 0.85, 1e-6, 10),
        TANH(Unary.Function.TANH, Math::tanh, 2.7, -10, 10),
        SIGMOID(Unary.Function.SIGMOID, x -> 1 / (1 + Math.exp(-x)), 2.5, -87, 30),
        SOFTPLUS(Unary.Function.SOFTPLUS, x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), 2.8, -87, 30);

        final Unary.Function function;
        final DoubleUnaryOperator exact;
        final double ulps, low, high;

        Case(Unary.Function function, DoubleUnaryOperator exact, double ulps, double low, double high) {
            this.function = function;
            this.exact = exact;
            this.ulps = ulps;
            this.low = low;
            this.high = high;
        }

        float[] of(float[] x) {
            float[] y = new float[x.length];
            Loops.of(function).run(x, 0, y, 0, x.length, 0, 0);
            return y;
        }

        float[] arguments(int n) {
            var random = new Random(SEED);
            float[] x = new float[n];
            for (int i = 0; i < n; i++) x[i] = (float) (i % 2 == 0 ? random.nextDouble(low, high) : Math.clamp(random.nextGaussian(), low, high));
            return x;
        }
    }

    private static final float[] RARE = {0, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, 1e-40f, -1e-40f, Float.MIN_NORMAL, 1e-20f, -1e-20f, 87.5f, 88.7f, 88.8f, 89, 105, -88, -88.8f, -95, -103, -104, -110, Float.MAX_VALUE,
            -Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, Float.intBitsToFloat(0xFFC00000), Float.intBitsToFloat(0xFFC00155), -1};

    @ParameterizedTest
    @EnumSource(Case.class)
    void isAsExactAsItSays(Case c) {
        float[] x = c.arguments(N), y = c.of(x);
        for (int i = 0; i < N; i++) {
            double exact = c.exact.applyAsDouble(x[i]), error = Math.abs(y[i] - exact) / Math.max(Math.ulp((float) exact), Float.MIN_NORMAL * 0x1p-23);
            assertTrue(error <= c.ulps, "%s(%s) = %s, exactly %s: %.2f ulp, seed %d".formatted(c, x[i], y[i], exact, error, SEED));
        }
    }

    /// Softplus counts an e^−|x| below the smallest normal float as 0; the others go below it gradually.
    @ParameterizedTest
    @EnumSource(Case.class)
    void rareArgumentsAreThoseOfJavasMath(Case c) {
        for (float rare : RARE) {
            for (int lane = 0; lane < 2 * Width.LANES; lane++) {
                float[] x = c.arguments(2 * Width.LANES);
                x[lane] = rare;
                float exact = (float) c.exact.applyAsDouble(rare), y = c.of(x)[lane];
                double allowed = Float.isFinite(exact) ? c.ulps * Math.ulp(exact) + (c == Case.SOFTPLUS ? Float.MIN_NORMAL : 0) : 0;
                if (exact == 0 || Float.isNaN(exact) || Float.isInfinite(exact)) assertEquals(exact, y, allowed, c + " of " + rare + " in lane " + lane);
                else assertTrue(Math.abs(y - exact) <= allowed, c + " of " + rare + " in lane " + lane + " is " + y + ", not " + exact);
                if (exact == 0 && rare == 0) assertEquals(Float.floatToIntBits(exact), Float.floatToIntBits(y), c + " keeps the sign of " + rare);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Case.class)
    void rareArgumentsLeaveTheirNeighboursAlone(Case c) {
        float[] x = c.arguments(RARE.length * Width.LANES), mixed = x.clone(), y = c.of(x);
        for (int i = 0; i < RARE.length; i++) mixed[i * Width.LANES + i % Width.LANES] = RARE[i];
        float[] beside = c.of(mixed);
        for (int i = 0; i < x.length; i++) if (mixed[i] == x[i]) assertEquals(y[i], beside[i], c + " of " + x[i]);
    }
}
