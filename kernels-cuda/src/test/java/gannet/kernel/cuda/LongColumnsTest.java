package gannet.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gannet.kernel.Activation;
import gannet.kernel.Kernels;
import gannet.kernel.Reduction;
import gannet.kernel.ReferenceKernels;
import gannet.kernel.Storage;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/// Shapes beyond the conformance suite's, for which work is split: columns longer than a block's share, and weights that lie so that four can
/// be moved at once.
class LongColumnsTest {
    private final Random random = new Random(1);
    private final Kernels kernels = TestDevice.kernels();

    @Test void reductionsOfEveryWay() {
        int[][] shapes = {{1, 300_001, 1}, {3, 5000, 1}, {70_000, 10, 1}, {9, 1024, 1}, {1, 9000, 40}, {2, 40_000, 3}, {2100, 12, 64}, {1, 600, 8449},
                {5, 70_000, 2}};
        for (int[] s : shapes) {
            double[] x = uniform(s[0] * s[1] * s[2]), sizes = Arrays.stream(x).map(Math::abs).toArray();
            double error = (4 + 2 * Math.sqrt(s[1])) * 0x1p-24;
            for (Reduction r : Reduction.values()) {
                BiConsumer<Kernels, Storage[]> reduce = (k, o) -> k.reduce(r, s[0], s[1], s[2], o[0], o[1]);
                double[][] want = run(new ReferenceKernels(), reduce, x, new double[s[0] * s[2]]), got = run(kernels, reduce, x, new double[s[0] * s[2]]);
                double[] size = run(new ReferenceKernels(), reduce, sizes, new double[s[0] * s[2]])[1];
                for (int i = 0; i < size.length; i++)
                    assertEquals(want[1][i], got[1][i], r == Reduction.MAX ? 0 : error * size[i], r + " of " + Arrays.toString(s) + ", result " + i);
            }
        }
    }

    /// Around 0, far from it, and with a first row that lies far off all the others.
    @Test void batchNormOverRuns() {
        int[][] shapes = {{9001, 3}, {2500, 40}, {20_000, 17}, {30_000, 1}, {70_000, 5}};
        double[][] levels = {{0, 0}, {300, 0}, {0, 500}};
        for (int[] s : shapes)
            for (double[] level : levels) {
                int rows = s[0], c = s[1];
                double[] x = normal(rows * c, level[0]), gamma = normal(c, 1), beta = normal(c, 0);
                for (int i = 0; i < c; i++) x[i] = (float) (x[i] + level[1]);
                BiConsumer<Kernels, Storage[]> norm = (k, o) -> k.batchNorm(rows, 1e-5, new Activation.Leaky(0.2), o[0], o[1], o[2], o[3], o[4], o[5], o[6]);
                double[][] want = run(new ReferenceKernels(), norm, x, gamma, beta, new double[c], new double[c], new double[c], new double[rows * c]);
                double[][] got = run(kernels, norm, x, gamma, beta, new double[c], new double[c], new double[c], new double[rows * c]);
                String of = "batch norm of " + Arrays.toString(s) + " around " + level[0] + ", first row " + level[1] + " off: ";
                for (int i = 0; i < c; i++) {
                    assertEquals(want[3][i], got[3][i], 1e-6 * (Math.abs(want[3][i]) + Math.sqrt(want[4][i])), of + "mean " + i);
                    assertEquals(want[4][i], got[4][i], 4e-6 * want[4][i], of + "variance " + i);
                    assertEquals(want[5][i], got[5][i], 2e-6 * want[5][i], of + "inverse " + i);
                }
                for (int i = 0; i < rows * c; i++)
                    assertEquals(want[6][i], got[6][i], 2e-6 * (10 + Math.abs(level[0]) + Math.abs(want[6][i])), of + "result " + i);
            }
    }

    @Test void batchNormGradientOverRuns() {
        for (int[] s : new int[][]{{9001, 3}, {2500, 40}, {20_000, 17}, {30_000, 1}})
            for (Activation act : new Activation[]{null, Activation.Function.TANH}) {
                int rows = s[0], c = s[1];
                double[] x = normal(rows * c, 1), y = uniform(rows * c), dy = normal(rows * c, 0), gamma = normal(c, 1), mean = normal(c, 1);
                double[] inverse = normal(c, 3);
                BiConsumer<Kernels, Storage[]> gradient = (k, o) -> k.batchNormGradient(rows, act, o[0], o[1], o[2], o[3], o[4], o[5], o[6], o[7], o[8]);
                double[][] want = run(new ReferenceKernels(), gradient, x, y, dy, gamma, mean, inverse, new double[rows * c], new double[c],
                        new double[c]);
                double[][] got = run(kernels, gradient, x, y, dy, gamma, mean, inverse, new double[rows * c], new double[c], new double[c]);
                String of = "batch norm's gradient of " + Arrays.toString(s) + ", " + act + ": ";
                double error = 1e-6 * Math.sqrt(rows);
                for (int i = 0; i < c; i++) {
                    assertEquals(want[7][i], got[7][i], 8 * error, of + "gamma " + i);
                    assertEquals(want[8][i], got[8][i], error, of + "beta " + i);
                }
                for (int i = 0; i < rows * c; i++) assertEquals(want[6][i], got[6][i], 5e-6 * (1 + Math.abs(want[6][i])), of + "x " + i);
            }
    }

    /// All four storages start where memory does, so four weights are taken at a time; none of the lengths but one is a multiple of 4.
    @Test void optimisersOnAlignedWeights() {
        for (int n : new int[]{1, 4, 5, 1026, 3001}) {
            double[] g = normal(n, 0), w = normal(n, 0), m = normal(n, 0), v = uniform(n), rate = {(float) 0.01}, correction = {2}, flag = {0};
            for (int i = 0; i < n; i++) v[i] = v[i] * v[i] + 0.25;
            agree(n, (k, o) -> k.adam(0.5, 0.999, 1e-8, o[4], o[5], o[5], o[6], o[0], o[1], o[2], o[3]), g, w, m, v, rate, correction, flag);
            agree(n, (k, o) -> k.momentum(0.9, o[3], o[4], o[0], o[1], o[2]), g, w, m, rate, flag);
            agree(n, (k, o) -> k.rmsProp(0.99, 1e-8, o[3], o[4], o[0], o[1], o[2]), g, w, v, rate, flag);
        }
    }

    private void agree(int n, BiConsumer<Kernels, Storage[]> step, double[]... operands) {
        double[][] want = run(new ReferenceKernels(), step, operands), got = run(kernels, step, operands);
        for (int o = 0; o < want.length; o++)
            for (int i = 0; i < want[o].length; i++)
                assertEquals(want[o][i], got[o][i], 1e-6 * (1 + Math.abs(want[o][i])), n + " weights, operand " + o + ", element " + i);
    }

    @Test void theLastOfManyIsChecked() {
        for (double bad : new double[]{Double.NaN, 8.5, Double.NEGATIVE_INFINITY})
            for (double flag : new double[]{0, 2}) {
                double[] x = uniform(200_001);
                BiConsumer<Kernels, Storage[]> check = (k, o) -> k.check(8, o[0], o[1]);
                assertEquals(flag, run(kernels, check, x, new double[]{flag})[1][0], "nothing is wrong");
                x[200_000] = bad;
                assertEquals(Math.max(1, flag), run(kernels, check, x, new double[]{flag})[1][0], bad + " at the end, from " + flag);
            }
    }

    /// A limit that is no float, between the greatest float and infinity: the floats up to it, and no others.
    @Test void aLimitBetweenFloats() {
        double[] limits = {1e300, 0.1}, within = {Float.MAX_VALUE, Math.nextDown(0.1f)}, beyond = {Double.POSITIVE_INFINITY, 0.1f};
        for (int i = 0; i < limits.length; i++) {
            double limit = limits[i];
            BiConsumer<Kernels, Storage[]> check = (k, o) -> k.check(limit, o[0], o[1]);
            assertEquals(0, run(kernels, check, new double[]{-within[i]}, new double[1])[1][0], within[i] + " for " + limit);
            assertEquals(1, run(kernels, check, new double[]{-beyond[i]}, new double[1])[1][0], beyond[i] + " for " + limit);
        }
    }

    /// The operands after a call.
    private static double[][] run(Kernels k, BiConsumer<Kernels, Storage[]> call, double[]... operands) {
        var storages = new Storage[operands.length];
        for (int o = 0; o < operands.length; o++) {
            storages[o] = k.allocate(operands[o].length);
            k.write(operands[o], storages[o]);
        }
        call.accept(k, storages);
        var results = new double[operands.length][];
        for (int o = 0; o < operands.length; o++) k.read(storages[o], results[o] = new double[operands[o].length]);
        return results;
    }

    private double[] uniform(int n) {
        var values = new double[n];
        for (int i = 0; i < n; i++) values[i] = (float) random.nextDouble(-1, 1);
        return values;
    }

    private double[] normal(int n, double mean) {
        var values = new double[n];
        for (int i = 0; i < n; i++) values[i] = (float) random.nextGaussian(mean, 1);
        return values;
    }
}
