package gannet.kernel;

import static gannet.kernel.Operand.in;
import static gannet.kernel.Operand.inOut;
import static gannet.kernel.Operand.out;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Calls of batch norm, its gradient, the optimisers and the step's check.
final class FusedCalls {
    private static final double ERROR = 32 * Tolerance.EPSILON;
    /// An activation's own error, relative to its result: five units in the last place.
    private static final double ACTIVATION_ERROR = 10 * Tolerance.EPSILON;

    private FusedCalls() {}

    /// Around a mean that makes `E[x²] − μ²` in float lose all digits of the variance, if it is large.
    static Call batchNorm(int rows, int c, double mean, double epsilon, Activation act, RandomGenerator random) {
        double[] x = Values.normal(random, rows * c, mean, 2), gamma = Values.normal(random, c, 1, 0.5), beta = Values.normal(random, c);
        return new Call("batchNorm of [" + rows + "," + c + "] around " + mean + ", " + act,
                List.of(in(x), in(gamma), in(beta), out(c), out(c), out(c), out(rows * c)), (want, o, i) -> {
            int column = i % c;
            double about = Math.abs(want[3][column]) + 2, inverse = want[5][column];
            return switch (o) {
                case 3 -> ERROR * about;
                case 4 -> 1e-5 * want[o][i] + ERROR * ERROR * about * about;
                // Where all x of a column are one, the rounding of the mean is all the variance there is.
                case 5 -> 1e-5 * inverse + inverse * inverse * inverse * ERROR * ERROR * about * about;
                default -> ERROR * (Math.abs(gamma[column]) * inverse * (Math.abs(x[i]) + about + 5 * Math.abs(x[i] - want[3][column])) + Math.abs(beta[column]))
                        + (act == null ? 0 : ACTIVATION_ERROR * Math.abs(want[o][i]));
            };
        }, (k, s) -> k.batchNorm(rows, epsilon, act, s[0], s[1], s[2], s[3], s[4], s[5], s[6]));
    }

    static Call batchNormGradient(int rows, int c, Activation act, RandomGenerator random) {
        double[] x = Values.normal(random, rows * c, 1, 2), y = Values.uniform(random, rows * c, -1, 1), dy = Values.normal(random, rows * c);
        double[] gamma = Values.normal(random, c, 1, 0.5), mean = Values.normal(random, c, 1, 0.2), inverse = Values.uniform(random, c, 0.3, 0.7);
        double factor = ERROR * (1 + Math.sqrt(rows) / 8);
        double[] sum = new double[c], product = new double[c];
        for (int i = 0; i < rows * c; i++) {
            sum[i % c] += Math.abs(dy[i]);
            product[i % c] += Math.abs(dy[i]) * normalised(x[i], mean[i % c], inverse[i % c]);
        }
        return new Call("batchNormGradient of [" + rows + "," + c + "], " + act, List.of(in(x), in(y), in(dy), in(gamma), in(mean), in(inverse),
                out(rows * c), out(c), out(c)), (_, o, i) -> {
            int column = i % c;
            return factor * switch (o) {
                case 6 -> Math.abs(gamma[column]) * inverse[column]
                        * (Math.abs(dy[i]) + sum[column] / rows + normalised(x[i], mean[column], inverse[column]) * product[column] / rows);
                case 7 -> product[column];
                default -> sum[column];
            };
        }, (k, s) -> k.batchNormGradient(rows, act, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8]));
    }

    private static double normalised(double x, double mean, double inverse) {
        return (Math.abs(x) + Math.abs(mean)) * inverse;
    }

    static Call check(double limit, double flag, double[] x) {
        return new Call("check of " + x.length + " for " + limit + " from " + flag, List.of(in(x), inOut(flag)), Tolerance.EXACT,
                (k, s) -> k.check(limit, s[0], s[1]));
    }

    /// `lengths.length` storages to as many others.
    static Call assign(RandomGenerator random, int... lengths) {
        List<Operand> operands = new ArrayList<>();
        for (int length : lengths) operands.add(in(Values.normal(random, length)));
        for (int length : lengths) operands.add(out(length));
        int n = lengths.length;
        return new Call("assign of " + n, operands, Tolerance.EXACT, (k, s) -> k.assign(List.of(s).subList(0, n), List.of(s).subList(n, 2 * n)));
    }

    /// `bad` in the last of several storages.
    static Call checkAll(double flag, double bad, RandomGenerator random, int... lengths) {
        List<Operand> operands = new ArrayList<>();
        for (int length : lengths) operands.add(in(Values.uniform(random, length, -8, 8)));
        operands.getLast().values()[lengths[lengths.length - 1] - 1] = bad;
        operands.add(inOut(flag));
        int n = lengths.length;
        return new Call("checkAll of " + n + " for 8, with " + bad + ", from " + flag, operands, Tolerance.EXACT, (k, s) -> k.checkAll(8, List.of(s).subList(0, n), s[n]));
    }

    static Call moveTowards(int n, double weight, double flag, RandomGenerator random) {
        double[] value = Values.normal(random, n), average = Values.normal(random, n);
        return new Call("moveTowards of " + n + " by " + weight + ", flag " + flag, List.of(in(flag), in(value), inOut(average)),
                (_, o, i) -> flag > 0 || weight == 1 ? 0 : ERROR * (Math.abs(value[i]) + Math.abs(average[i])), (k, s) -> k.moveTowards(weight, s[0], s[1], s[2]));
    }

    static Call logisticLoss(double sign, double[] x) {
        return new Call("logisticLoss of " + x.length + ", sign " + sign, List.of(in(x), out(1)), Tolerance.relative(ERROR), (k, s) -> k.logisticLoss(sign, s[0], s[1]));
    }

    static Call prefetch(double[] from) {
        return new Call("prefetch of " + from.length, List.of(out(from.length)), Tolerance.EXACT, (k, s) -> k.prefetch(from, s[0]));
    }

    static Call adamCorrections(int step, double flag) {
        double q1 = 1 - Math.pow(0.5, step), q2 = (float) (1 - Math.pow(0.999, step));
        return new Call("adamCorrections after step " + step + ", flag " + flag, List.of(in(flag), inOut(q1), inOut(q2), out(1), out(1)),
                (want, o, i) -> o < 3 && flag > 0 ? 0 : ERROR * Math.abs(want[o][i]), (k, s) -> k.adamCorrections(0.5, 0.999, s[0], s[1], s[2], s[3], s[4]));
    }

    static Call adam(int n, int step, double flag, RandomGenerator random) {
        double beta1 = 0.5, beta2 = 0.999, rate = (float) 2e-4, correction1 = (float) (1 / (1 - Math.pow(beta1, step)));
        double correction2 = (float) (1 / (1 - Math.pow(beta2, step)));
        double[] g = Values.normal(random, n), w = Values.normal(random, n), m = Values.normal(random, n), v = Values.uniform(random, n, 1e-4, 1);
        return new Call("adam of " + n + ", step " + step + ", flag " + flag, List.of(in(rate), in(correction1), in(correction2), in(flag), in(g),
                inOut(w), inOut(m), inOut(v)), (want, o, i) -> flag > 0 ? 0 : ERROR * switch (o) {
            case 5 -> Math.abs(w[i]) + rate * correction1 * (Math.abs(m[i]) + Math.abs(g[i])) / Math.sqrt(want[7][i] * correction2);
            case 6 -> Math.abs(m[i]) + Math.abs(g[i]);
            default -> v[i] + g[i] * g[i];
        }, (k, s) -> k.adam(beta1, beta2, 1e-8, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]));
    }

    static Call momentum(int n, double flag, RandomGenerator random) {
        double rate = (float) 0.01;
        double[] g = Values.normal(random, n), w = Values.normal(random, n), buffer = Values.normal(random, n);
        return new Call("momentum of " + n + ", flag " + flag, List.of(in(rate), in(flag), in(g), inOut(w), inOut(buffer)),
                (_, o, i) -> flag > 0 ? 0 : ERROR * ((o == 3 ? Math.abs(w[i]) : 0) + Math.abs(g[i]) + Math.abs(buffer[i])),
                (k, s) -> k.momentum(0.9, s[0], s[1], s[2], s[3], s[4]));
    }

    static Call rmsProp(int n, double flag, RandomGenerator random) {
        double rate = (float) 0.001;
        double[] g = Values.normal(random, n), w = Values.normal(random, n), v = Values.uniform(random, n, 1e-3, 1);
        return new Call("rmsProp of " + n + ", flag " + flag, List.of(in(rate), in(flag), in(g), inOut(w), inOut(v)),
                (want, o, i) -> flag > 0 ? 0 : ERROR * (o == 3 ? Math.abs(w[i]) + rate * Math.abs(g[i]) / Math.sqrt(want[4][i]) : v[i] + g[i] * g[i]),
                (k, s) -> k.rmsProp(0.99, 1e-8, s[0], s[1], s[2], s[3], s[4]));
    }
}
