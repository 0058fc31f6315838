package gannet.kernel;

import static gannet.kernel.Operand.in;
import static gannet.kernel.Operand.inOut;
import static gannet.kernel.Operand.out;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Calls of map, zip and select.
final class ElementwiseCalls {
    private ElementwiseCalls() {}

    /// Every function of one argument; a test holds the list to the sealed family.
    static List<Unary> unaries() {
        var all = new ArrayList<Unary>(List.of(Unary.Function.values()));
        all.addAll(List.of(new Unary.Affine(-1.7, 0.3), new Unary.Affine(0, 2), new Unary.Leaky(0.2), new Unary.Leaky(0),
                new Unary.Clamp(-0.5, 1.25), new Unary.Exceeds(1.5)));
        return all;
    }

    /// Every function of two arguments.
    static List<Binary> binaries() {
        var all = new ArrayList<Binary>(List.of(Binary.Function.values()));
        all.add(new Binary.LeakyGradient(0.2));
        return all;
    }

    static Call map(Unary f, double[] x) {
        return new Call("map " + f + " of " + x.length, List.of(in(x), out(x.length)), tolerance(f, x), (k, s) -> k.map(f, s[0], s[1]));
    }

    static Call mapInPlace(Unary f, double[] x) {
        return new Call("map " + f + " in place, of " + x.length, List.of(inOut(x)), tolerance(f, x), (k, s) -> k.map(f, s[0], s[0]));
    }

    private static Tolerance tolerance(Unary f, double[] x) {
        return switch (f) {
            case Unary.Function function -> switch (function) {
                case NEGATE, ABS, SIGN, RELU -> Tolerance.EXACT;
                // Arguments of thousands of turns: any result of a sine will do.
                case SIN, COS -> (_, _, i) -> Math.abs(x[i]) > 1000 ? 2 : 5e-7;
                case RECIPROCAL, SQUARE, SQRT, EXP, LOG, TANH, SIGMOID, SOFTPLUS -> Tolerance.relative(1e-6);
            };
            case Unary.Affine(double scale, double shift) -> (_, _, i) ->
                    3 * Tolerance.EPSILON * (Math.abs(scale * x[i]) + Math.abs(shift)) + Tolerance.TINY;
            case Unary.Leaky _ -> Tolerance.relative(2e-7);
            case Unary.Clamp _, Unary.Exceeds _ -> Tolerance.EXACT;
        };
    }

    static Call zip(Binary f, double[] a, int everyA, double[] b, int everyB, int length) {
        return new Call("zip " + f + " of " + a.length + " every " + everyA + " and " + b.length + " every " + everyB + " to " + length,
                List.of(in(a), in(b), out(length)), tolerance(f, a, everyA, b, everyB), (k, s) -> k.zip(f, s[0], everyA, s[1], everyB, s[2]));
    }

    /// Over the first operand, over the second, and with both the same storage.
    static List<Call> zipInPlace(Binary f, double[] a, double[] b) {
        Tolerance t = tolerance(f, a, 1, b, 1);
        return List.of(new Call("zip " + f + " over its first operand", List.of(inOut(a), in(b)), t, (k, s) -> k.zip(f, s[0], 1, s[1], 1, s[0])),
                new Call("zip " + f + " over its second operand", List.of(in(a), inOut(b)), t, (k, s) -> k.zip(f, s[0], 1, s[1], 1, s[1])),
                new Call("zip " + f + " over both", List.of(inOut(a)), tolerance(f, a, 1, a, 1), (k, s) -> k.zip(f, s[0], 1, s[0], 1, s[0])));
    }

    private static Tolerance tolerance(Binary f, double[] a, int everyA, double[] b, int everyB) {
        if (f != Binary.Function.TANH_GRADIENT && f != Binary.Function.SIGMOID_GRADIENT) return Tolerance.relative(2e-7);
        return (_, _, i) -> {
            double x = a[i / everyA % a.length], y = b[i / everyB % b.length];
            return 4 * Tolerance.EPSILON * Math.abs(x) * (1 + y * y) + Tolerance.TINY;
        };
    }

    static Call select(Comparison c, double[] l, double[] r, double[] a, double[] b, int length) {
        return new Call("select " + c + " of " + l.length + ", " + r.length + " ? " + a.length + " : " + b.length,
                List.of(in(l), in(r), in(a), in(b), out(length)), Tolerance.EXACT, (k, s) -> k.select(c, s[0], s[1], s[2], s[3], s[4]));
    }

    /// Over each of the four operands.
    static List<Call> selectInPlace(Comparison c, RandomGenerator random, int n) {
        var calls = new ArrayList<Call>();
        for (int over = 0; over < 4; over++) {
            int to = over;
            var operands = new ArrayList<Operand>();
            for (int o = 0; o < 4; o++) operands.add(new Operand(Values.rows(random, n, 3), o == to));
            calls.add(new Call("select " + c + " over operand " + to, operands, Tolerance.EXACT,
                    (k, s) -> k.select(c, s[0], s[1], s[2], s[3], s[to])));
        }
        return calls;
    }

    /// What the function is meant for: positive numbers for roots and logarithms, results of the activation for its gradient.
    static double[] argument(Unary f, RandomGenerator random, int n) {
        return f == Unary.Function.LOG || f == Unary.Function.SQRT ? Values.uniform(random, n, 1e-3, 10) : Values.normal(random, n, 0, 3);
    }

    static double[] second(Binary f, RandomGenerator random, int n) {
        return f == Binary.Function.TANH_GRADIENT || f == Binary.Function.SIGMOID_GRADIENT
                ? Values.uniform(random, n, -1, 1) : Values.normal(random, n);
    }
}
