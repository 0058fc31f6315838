package gannet.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Holds a back end to the contract of [Primitives] and [Kernels]: agreement with [ReferenceKernels] over awkward sizes, random shapes and the
/// edges of the functions, storages, random numbers, and the same bits always. A back end joins with
/// ```java
/// class MyConformanceTest extends ConformanceSuite {
///     @Override protected Kernels kernels() { return new MyKernels(1); }
///     @Override protected List<Kernels> otherThreads() { return List.of(new MyKernels(2), new MyKernels(3)); }
/// }
/// ```
/// Where it can't run, `kernels()` should say so with JUnit's `Assumptions`: a skip is reported then.
///
/// System properties: `gannet.conformance.shapes`, how many random shapes a family of kernels (200), and `gannet.conformance.seed`.
public abstract class ConformanceSuite extends StorageConformance {
    private static final int SHAPES = Integer.getInteger("gannet.conformance.shapes", 200);
    private static final long SEED = Long.getLong("gannet.conformance.seed", 1);

    private final Random random = new Random(SEED);
    private Oracle oracle;

    /// The same back end on other numbers of threads, which must give the same bits.
    protected List<Kernels> otherThreads() {
        return List.of();
    }

    /// How often a call is repeated to see whether its bits change when Java compiles it. A back end whose kernels Java does not compile needs fewer.
    protected int repetitions() {
        return 20_000;
    }

    @BeforeEach void openOracle() {
        oracle = new Oracle(kernels(), "seed " + SEED);
    }

    @Test void mapAgrees() {
        for (Unary f : ElementwiseCalls.unaries()) {
            for (int n : Values.SIZES) {
                oracle.agree(ElementwiseCalls.map(f, ElementwiseCalls.argument(f, random, n)));
                oracle.agree(ElementwiseCalls.mapInPlace(f, ElementwiseCalls.argument(f, random, n)));
            }
            oracle.agree(ElementwiseCalls.map(f, ElementwiseCalls.argument(f, random, 100_000)));
            oracle.agree(ElementwiseCalls.map(f, Values.EDGES));
            oracle.agree(ElementwiseCalls.map(f, Values.MANY_EDGES));
            for (double edge : Values.EDGES) oracle.agree(ElementwiseCalls.map(f, new double[]{edge}));
        }
        for (int shape = 0; shape < SHAPES; shape++) {
            Unary f = anyOf(ElementwiseCalls.unaries(), shape);
            oracle.agree(ElementwiseCalls.map(f, ElementwiseCalls.argument(f, random, Values.between(random, 1, 1000))));
        }
    }

    /// Each in turn.
    private static <T> T anyOf(List<T> all, int shape) {
        return all.get(shape % all.size());
    }

    @Test void zipAgrees() {
        for (Binary f : ElementwiseCalls.binaries())
            for (int n : Values.SIZES) {
                double[] a = Values.normal(random, n), b = ElementwiseCalls.second(f, random, n);
                oracle.agree(ElementwiseCalls.zip(f, a, 1, b, 1, n));
                oracle.agree(ElementwiseCalls.zip(f, a, 1, ElementwiseCalls.second(f, random, 1), 1, n));
                oracle.agree(ElementwiseCalls.zip(f, Values.normal(random, 1), 1, b, 1, n));
                oracle.agree(ElementwiseCalls.zip(f, Values.normal(random, 1), 1, ElementwiseCalls.second(f, random, 1), 1, n));
                for (int times : new int[]{2, 3, 9, 40}) broadcast(f, a, b, n, times);
                ElementwiseCalls.zipInPlace(f, ElementwiseCalls.second(f, random, n), b).forEach(oracle::agree);
            }
        for (int shape = 0; shape < SHAPES; shape++) {
            Binary f = anyOf(ElementwiseCalls.binaries(), shape);
            int n = Values.between(random, 1, 130);
            broadcast(f, Values.normal(random, n), ElementwiseCalls.second(f, random, n), n, Values.between(random, 1, 40));
        }
    }

    private void broadcast(Binary f, double[] a, double[] b, int n, int times) {
        int length = n * times;
        double[] longA = Values.normal(random, length), longB = ElementwiseCalls.second(f, random, length);
        oracle.agree(ElementwiseCalls.zip(f, longA, 1, b, 1, length));
        oracle.agree(ElementwiseCalls.zip(f, a, 1, longB, 1, length));
        oracle.agree(ElementwiseCalls.zip(f, longA, 1, b, times, length));
        oracle.agree(ElementwiseCalls.zip(f, a, times, longB, 1, length));
        oracle.agree(ElementwiseCalls.zip(f, a, times, ElementwiseCalls.second(f, random, times), 1, length));
        // x[3, n, times] with a statistic for each of the n: held for `times` results, and repeated
        oracle.agree(ElementwiseCalls.zip(f, Values.normal(random, 3 * length), 1, b, times, 3 * length));
    }

    @Test void zipAgreesAtTheEdges() {
        int n = Values.EDGES.length;
        double[] small = java.util.Arrays.stream(Values.EDGES).filter(each -> !(Math.abs(each) > 1)).toArray();
        for (Binary f : ElementwiseCalls.binaries()) {
            double[] b = f == Binary.Function.TANH_GRADIENT || f == Binary.Function.SIGMOID_GRADIENT ? small : Values.EDGES;
            oracle.agree(ElementwiseCalls.zip(f, Values.EDGES, b.length, b, 1, n * b.length));
        }
    }

    @Test void selectAgrees() {
        int edges = Values.EDGES.length;
        for (Comparison c : Comparison.values()) {
            for (int n : Values.SIZES) {
                double[] l = Values.rows(random, n, 3), r = Values.rows(random, n, 3), a = Values.normal(random, n), b = Values.normal(random, n);
                for (int scalars = 0; scalars < 16; scalars++)
                    oracle.agree(ElementwiseCalls.select(c, (scalars & 1) == 0 ? l : new double[]{1}, (scalars & 2) == 0 ? r : new double[]{1},
                            (scalars & 4) == 0 ? a : new double[]{-5}, (scalars & 8) == 0 ? b : new double[]{5}, n));
                ElementwiseCalls.selectInPlace(c, random, n).forEach(oracle::agree);
            }
            for (double edge : Values.EDGES) {
                oracle.agree(ElementwiseCalls.select(c, Values.EDGES, new double[]{edge}, Values.EDGES, new double[]{42}, edges));
                oracle.agree(ElementwiseCalls.select(c, Values.MANY_EDGES, new double[]{edge}, Values.MANY_EDGES, new double[]{42}, Values.MANY_EDGES.length));
            }
        }
        for (int shape = 0; shape < SHAPES; shape++)
            ElementwiseCalls.selectInPlace(anyOf(List.of(Comparison.values()), shape), random, Values.between(random, 1, 1000)).forEach(oracle::agree);
    }

    @Test void reduceAgrees() {
        for (Reduction r : Reduction.values()) {
            for (int axis : Values.SIZES)
                for (int inner : new int[]{1, 2, 3, 8, 17, 63, 64, 100, 1100})
                    for (int outer : new int[]{1, 3})
                        oracle.agree(ReductionCalls.reduce(r, outer, axis, inner, Values.normal(random, outer * axis * inner)));
            for (int shape = 0; shape < SHAPES; shape++) {
                int outer = Values.between(random, 1, 5), axis = Values.between(random, 1, 300), inner = Values.between(random, 1, 80);
                oracle.agree(ReductionCalls.reduce(r, outer, axis, inner, Values.normal(random, outer * axis * inner)));
            }
            double[] x = Values.normal(random, 100 * 8);
            x[8 * 37 + 3] = Double.NaN;
            x[8 * 99 + 5] = Double.POSITIVE_INFINITY;
            x[8 * 12 + 6] = Double.NEGATIVE_INFINITY;
            oracle.agree(ReductionCalls.reduce(r, 1, 100, 8, x));
            for (int outer : new int[]{8, 100}) oracle.agree(ReductionCalls.reduce(r, outer, 800 / outer, 1, x));
        }
    }

    /// A plain loop over floats would be off by about a thousandth.
    @Test void sumsAreAccurate() {
        int n = 1 << 20;
        double[] x = Values.uniform(random, n, 0, 1);
        double sum = java.util.Arrays.stream(x).sum();
        Kernels k = kernels();
        for (int inner : new int[]{1, 4, 128}) {
            double[] total = new double[1];
            Storage all = k.allocate(n), columns = k.allocate(inner), one = k.allocate(1);
            k.write(x, all);
            k.reduce(Reduction.SUM, 1, n / inner, inner, all, columns);
            k.reduce(Reduction.SUM, 1, inner, 1, columns, one);
            k.read(one, total);
            assertEquals(sum, total[0], 2e-6 * sum, k.name() + ": sum over " + n / inner + " rows of " + inner);
        }
    }

    @Test void copyAgrees() {
        double[] x = Values.normal(random, 24);
        oracle.agree(ReductionCalls.copy(new StridedCopy(new int[0], 5, new int[0], 2, new int[0]), x, 4));
        oracle.agree(ReductionCalls.copy(new StridedCopy(new int[]{24}, 0, new int[]{1}, 0, new int[]{1}), x, 24));
        oracle.agree(ReductionCalls.copy(new StridedCopy(new int[]{24}, 23, new int[]{-1}, 0, new int[]{1}), x, 24));
        oracle.agree(ReductionCalls.copy(new StridedCopy(new int[]{5, 24}, 0, new int[]{0, 1}, 0, new int[]{24, 1}), x, 120));
        oracle.agree(ReductionCalls.copy(new StridedCopy(new int[]{24, 5}, 0, new int[]{1, 0}, 0, new int[]{5, 1}), x, 120));
        oracle.agree(ReductionCalls.copy(new StridedCopy(new int[]{4, 6}, 0, new int[]{1, 4}, 0, new int[]{6, 1}), x, 24));
        oracle.agree(ReductionCalls.copy(new StridedCopy(new int[]{24}, 0, new int[]{1}, 1, new int[]{3}), x, 80));
        for (int inner : new int[]{2, 3, 24})
            for (int repeats : new int[]{2, 700, 9_001})
                oracle.agree(ReductionCalls.copy(new StridedCopy(new int[]{24 / inner, repeats, inner}, 0, new int[]{inner, 0, 1}, 0, new int[]{repeats * inner, inner, 1}),
                        x, 24 * repeats));
        for (int shape = 0; shape < SHAPES; shape++) oracle.agree(ReductionCalls.copy(random, Values.between(random, 0, 5), 5));
        for (int shape = 0; shape < SHAPES / 10; shape++) oracle.agree(ReductionCalls.copy(random, Values.between(random, 1, 2), 40));
    }

    @Test void gatherAndScatterAddAgree() {
        for (int width : new int[]{1, 3, 8, 17, 100})
            for (int rows : new int[]{1, 7, 33})
                for (int count : new int[]{1, 5, 64}) {
                    oracle.agree(ReductionCalls.gather(random, rows, width, count));
                    oracle.agree(ReductionCalls.scatterAdd(random, rows, width, count));
                }
        for (int shape = 0; shape < SHAPES; shape++) {
            int rows = Values.between(random, 1, 40), width = Values.between(random, 1, 130), count = Values.between(random, 1, 70);
            oracle.agree(ReductionCalls.gather(random, rows, width, count));
            oracle.agree(ReductionCalls.scatterAdd(random, rows, width, count));
        }
    }

    @Test void matmulAgrees() {
        for (int flags = 0; flags < 4; flags++) {
            boolean a = flags % 2 == 1, b = flags / 2 == 1;
            for (int size : new int[]{1, 3, 7, 8, 9, 16, 17, 31, 100})
                for (int n : new int[]{1, 2, 6, size, size + 1})
                    oracle.agree(MatrixCalls.matmul(new MatrixShape(2, size, size + 1, n, a, b), random));
            oracle.agree(MatrixCalls.matmul(new MatrixShape(1, 5, 1000, 3, a, b), random));
            oracle.agree(MatrixCalls.matmul(new MatrixShape(1, 97, 400, 207, a, b), random));
            oracle.agree(MatrixCalls.matmul(new MatrixShape(1, 2, 3, 700, a, b), random));
            oracle.agree(MatrixCalls.matmul(new MatrixShape(1, 700, 3, 2, a, b), random));
            oracle.agree(MatrixCalls.matmul(new MatrixShape(1, 400, 600, 70, a, b), random));
            for (int few : new int[]{1, 2, 8, 9})
                for (int wide : new int[]{5, 16, 40, 64, 129, 330})
                    for (int k : new int[]{1, 2, 3, 4, 31, 260}) {
                        oracle.agree(MatrixCalls.matmul(new MatrixShape(1, few, k, wide, a, b), random));
                        oracle.agree(MatrixCalls.matmul(new MatrixShape(1, wide, k, few, a, b), random));
                    }
        }
        for (int shape = 0; shape < SHAPES; shape++) oracle.agree(MatrixCalls.matmul(MatrixCalls.shape(random, 3), random));
    }

    @Test void linearAgrees() {
        List<Activation> activations = MatrixCalls.activations();
        for (int k = 1; k <= 9; k++)
            for (int n : new int[]{1, 16, 17, 33, 70, 330, 530})
                oracle.agree(MatrixCalls.linear(new MatrixShape(1, k % 3 == 0 ? 7 : 70, k, n, n % 3 == 0, n % 2 == 0), true, activations.get(n % activations.size()), random));
        for (int shape = 0; shape < SHAPES; shape++)
            oracle.agree(MatrixCalls.linear(MatrixCalls.shape(random, 1), random.nextBoolean(), activations.get(shape % activations.size()), random));
    }

    @Test void convolutionsAgree() {
        for (ConvShape s : ConvCalls.shapes()) convolutions(s);
        for (int shape = 0; shape < SHAPES; shape++) convolutions(ConvCalls.shape(random));
        for (int shape = 0; shape < SHAPES / 40; shape++) convolutions(ConvCalls.wide(random));
    }

    private void convolutions(ConvShape s) {
        oracle.agree(ConvCalls.conv(s, random));
        oracle.agree(ConvCalls.convInput(s, random));
        oracle.agree(ConvCalls.convWeight(s, random));
    }

    @Test void fusedConvolutionsAgree() {
        List<Activation> activations = MatrixCalls.activations();
        for (ConvShape s : ConvCalls.shapes()) fusedConvolutions(s, true, activations.getFirst());
        for (int shape = 0; shape < SHAPES / 2; shape++)
            fusedConvolutions(ConvCalls.shape(random), random.nextBoolean(), activations.get(shape % activations.size()));
    }

    private void fusedConvolutions(ConvShape s, boolean bias, Activation act) {
        oracle.agree(ConvCalls.convBias(s, bias, act, random));
        oracle.agree(ConvCalls.convInputBias(s, bias, act, random));
    }

    @Test void batchNormAgrees() {
        for (Activation act : MatrixCalls.activations())
            for (int rows : new int[]{1, 2, 3, 7, 64, 207, 1500})
                for (int c : new int[]{1, 3, 8, 17, 100}) {
                    oracle.agree(FusedCalls.batchNorm(rows, c, 1, 1e-5, act, random));
                    oracle.agree(FusedCalls.batchNorm(rows, c, 300, 1e-3, act, random));
                    oracle.agree(FusedCalls.batchNormGradient(rows, c, act, random));
                }
        for (int shape = 0; shape < SHAPES; shape++) {
            Activation act = anyOf(MatrixCalls.activations(), shape);
            int rows = Values.between(random, 1, 200), c = Values.between(random, 1, 130);
            oracle.agree(FusedCalls.batchNorm(rows, c, 1, 1e-5, act, random));
            oracle.agree(FusedCalls.batchNormGradient(rows, c, act, random));
        }
    }

    @Test void optimisersAgree() {
        for (double flag : new double[]{0, 1})
            for (int n : Values.SIZES) {
                for (int step : new int[]{1, 2, 1000}) oracle.agree(FusedCalls.adam(n, step, flag, random));
                oracle.agree(FusedCalls.momentum(n, flag, random));
                oracle.agree(FusedCalls.rmsProp(n, flag, random));
            }
        for (int shape = 0; shape < SHAPES; shape++) {
            int n = Values.between(random, 1, 1000);
            oracle.agree(FusedCalls.adam(n, 1 + shape, 0, random));
            oracle.agree(FusedCalls.momentum(n, 0, random));
            oracle.agree(FusedCalls.rmsProp(n, 0, random));
        }
    }

    @Test void correctionsAndAssignmentsAgree() {
        for (double flag : new double[]{0, 1}) for (int step : new int[]{0, 1, 2, 1000}) oracle.agree(FusedCalls.adamCorrections(step, flag));
        oracle.agree(FusedCalls.assign(random, 1));
        for (int shape = 0; shape < SHAPES / 10; shape++)
            oracle.agree(FusedCalls.assign(random, random.ints(Values.between(random, 1, 40), 1, shape % 3 == 0 ? 3000 : 40).toArray()));
    }

    @Test void logisticLossesAgree() {
        for (int n : Values.SIZES)
            for (double sign : new double[]{1, -1, 0.3}) oracle.agree(FusedCalls.logisticLoss(sign, Values.normal(random, n, 0, 5)));
        oracle.agree(FusedCalls.logisticLoss(1, Values.normal(random, 100_000)));
        for (double edge : new double[]{200, -200, Double.NaN, Double.POSITIVE_INFINITY}) oracle.agree(FusedCalls.logisticLoss(-1, new double[]{1, edge, 2}));
    }

    @Test void runningStatisticsAgree() {
        for (double flag : new double[]{0, 1})
            for (double weight : new double[]{1, 0.1, 0.5})
                for (int n : Values.SIZES) oracle.agree(FusedCalls.moveTowards(n, weight, flag, random));
    }

    @Test void checkAgrees() {
        for (double flag : new double[]{0, 1})
            for (double bad : new double[]{1, 8.5, Double.NaN})
                for (int storages : new int[]{1, 7, 8, 9, 20})
                    oracle.agree(FusedCalls.checkAll(flag, bad, random, random.ints(storages, 1, 3000).toArray()));
        for (int n : Values.SIZES)
            for (double flag : new double[]{0, 1})
                for (double bad : new double[]{1, 8.5, -8.5, Double.NaN, Double.NEGATIVE_INFINITY, 8}) {
                    double[] x = Values.uniform(random, n, -8, 8);
                    x[random.nextInt(n)] = bad;
                    oracle.agree(FusedCalls.check(8, flag, x));
                }
    }

    @Test void randomAgrees() {
        for (Distribution d : Distribution.values()) {
            for (int n : Values.SIZES)
                oracle.agree(ReductionCalls.random(d, random.nextLong(), random.nextInt(), random.nextInt(), random.nextInt(1 << 20), n));
            oracle.agree(ReductionCalls.random(d, -1, 0, 1, 0, 100_000));
            for (int shape = 0; shape < SHAPES; shape++)
                oracle.agree(ReductionCalls.random(d, random.nextLong(), 0, shape, 1, Values.between(random, 1, 1000)));
        }
    }

    @Test void largeCallsAgree() {
        for (Call call : Bits.calls(KernelCalls.Size.LARGE)) oracle.agree(call);
    }

    /// The 20,000th call, long compiled, against the first in an interpreter; loops that are compiled while they run against the same afterwards.
    @Test void bitsDoNotDependOnTheCompiler() throws Exception {
        same(KernelCalls.Size.TINY, repetitions(), "-Xint");
        same(KernelCalls.Size.MODERATE, Math.ceilDiv(repetitions(), 200));
    }

    private void same(KernelCalls.Size size, int times, String... flags) throws Exception {
        Kernels k = kernels();
        Map<String, Long> fresh = Bits.fresh(k.name(), size, flags);
        List<Call> calls = Bits.calls(size);
        assertEquals(calls.size(), fresh.size(), "calls in a fresh Java");
        for (int i = 0; i < calls.size(); i++)
            if (fresh.get(i + " " + calls.get(i).name()) != Bits.repeated(k, calls.get(i), times))
                fail(k.name() + ": " + calls.get(i).name() + ": the first call in a fresh Java gave other bits than " + times + " calls here");
    }

    @Test void bitsDoNotDependOnThreads() {
        for (Kernels other : otherThreads())
            for (KernelCalls.Size size : KernelCalls.Size.values())
                for (Call call : Bits.calls(size))
                    assertEquals(Bits.repeated(kernels(), call, 1), Bits.repeated(other, call, 2), () -> "bits of " + call.name() + " on "
                            + kernels().description() + " and on " + other.description());
    }
}
