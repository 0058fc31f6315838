package gannet.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// One list with at least one call of every kernel and every function, by size: what determinism is tested with. A test holds it to the contract.
final class KernelCalls {
    /// Tiny for 20,000 calls, but more elements than a back end may treat in a way of its own; moderate so that compiled code replaces the interpreter's inside of a loop; large so that threads share the work.
    enum Size {
        TINY(70, 5, 4, 3), MODERATE(1500, 60, 12, 9), LARGE(60_003, 150, 32, 33);

        final int elements, matrix, image, channels;

        Size(int elements, int matrix, int image, int channels) {
            this.elements = elements;
            this.matrix = matrix;
            this.image = image;
            this.channels = channels;
        }
    }

    private KernelCalls() {}

    static List<Call> all(Size size, RandomGenerator random) {
        var calls = new ArrayList<Call>();
        elementwise(calls, size.elements, random);
        reductions(calls, size, random);
        products(calls, size, random);
        fused(calls, size, random);
        return calls;
    }

    private static void elementwise(List<Call> calls, int n, RandomGenerator random) {
        for (Unary f : ElementwiseCalls.unaries()) calls.add(ElementwiseCalls.map(f, ElementwiseCalls.argument(f, random, n)));
        for (Binary f : ElementwiseCalls.binaries())
            calls.add(ElementwiseCalls.zip(f, Values.normal(random, n), 1, ElementwiseCalls.second(f, random, 3), 1, n));
        for (Comparison c : Comparison.values())
            calls.add(ElementwiseCalls.select(c, Values.normal(random, n), new double[1], Values.normal(random, n), Values.normal(random, n), n));
    }

    private static void reductions(List<Call> calls, Size size, RandomGenerator random) {
        int n = size.elements, c = size.channels;
        for (Reduction r : Reduction.values()) {
            calls.add(ReductionCalls.reduce(r, 1, n, 1, Values.normal(random, n)));
            calls.add(ReductionCalls.reduce(r, 2, n / c, c, Values.normal(random, 2 * (n / c) * c)));
            calls.add(ReductionCalls.reduce(r, 1, c, n / c, Values.normal(random, n / c * c)));
        }
        calls.add(ReductionCalls.copy(random, 3, size.image));
        calls.add(ReductionCalls.gather(random, size.matrix, c, n / c));
        calls.add(ReductionCalls.scatterAdd(random, size.matrix, c, n / c));
        for (Distribution d : Distribution.values()) calls.add(ReductionCalls.random(d, 0x123456789ABCDEFL, 3, 5, 17, n));
    }

    private static void products(List<Call> calls, Size size, RandomGenerator random) {
        int m = size.matrix, i = size.image, c = size.channels;
        for (int flags = 0; flags < 4; flags++)
            calls.add(MatrixCalls.matmul(new MatrixShape(2, m, m + 1, m + 2, flags % 2 == 1, flags / 2 == 1), random));
        calls.add(MatrixCalls.matmul(MatrixShape.of(m, 3 * m, 1), random));
        calls.add(MatrixCalls.matmul(MatrixShape.of(3, 3 * m, 5), random));
        var s = new ConvShape(2, i, i + 1, c, 3, 3, c + 2, i / 2, (i + 1) / 2, 2, 2, 1, 1, 1, 1);
        calls.add(ConvCalls.conv(s, random));
        calls.add(ConvCalls.convInput(s, random));
        calls.add(ConvCalls.convWeight(s, random));
        for (Activation act : MatrixCalls.activations()) {
            calls.add(MatrixCalls.linear(MatrixShape.of(m, m, m), true, act, random));
            calls.add(ConvCalls.convBias(s, true, act, random));
            calls.add(ConvCalls.convInputBias(s, true, act, random));
        }
        if (size == Size.LARGE) ofManyThreads(calls, random);
    }

    /// What back ends have ways of their own for, and share among threads: tall products, transposed ones with few rows, sums of a few terms, a few channels on one side, dozens on both.
    private static void ofManyThreads(List<Call> calls, RandomGenerator random) {
        calls.add(MatrixCalls.matmul(MatrixShape.of(400, 600, 70), random));
        calls.add(MatrixCalls.matmul(new MatrixShape(1, 64, 600, 300, false, true), random));
        calls.add(MatrixCalls.matmul(new MatrixShape(1, 150, 6, 100, true, true), random));
        calls.add(MatrixCalls.linear(new MatrixShape(1, 200, 1, 530, false, true), true, Activation.Function.TANH, random));
        for (ConvShape s : List.of(new ConvShape(64, 8, 8, 64, 4, 4, 64, 4, 4, 2, 2, 1, 1, 1, 1), new ConvShape(9, 12, 12, 32, 3, 3, 32, 12, 12, 1, 1, 1, 1, 1, 1),
                new ConvShape(16, 28, 28, 1, 4, 4, 64, 14, 14, 2, 2, 1, 1, 1, 1))) {
            calls.add(ConvCalls.conv(s, random));
            calls.add(ConvCalls.convInput(s, random));
            calls.add(ConvCalls.convWeight(s, random));
        }
    }

    private static void fused(List<Call> calls, Size size, RandomGenerator random) {
        int n = size.elements, c = size.channels;
        for (Activation act : MatrixCalls.activations()) {
            calls.add(FusedCalls.batchNorm(n / c, c, 1, 1e-5, act, random));
            calls.add(FusedCalls.batchNormGradient(n / c, c, act, random));
        }
        calls.add(FusedCalls.check(100, 0, Values.normal(random, n)));
        calls.add(FusedCalls.checkAll(0, 8.5, random, n, 1, c));
        calls.add(FusedCalls.moveTowards(n, 0.1, 0, random));
        calls.add(FusedCalls.logisticLoss(-1, Values.normal(random, n)));
        calls.add(FusedCalls.prefetch(new double[] {1, -2, 0.5, 4}));
        calls.add(FusedCalls.assign(random, n, 1, c));
        calls.add(FusedCalls.adamCorrections(3, 0));
        calls.add(FusedCalls.adam(n, 3, 0, random));
        calls.add(FusedCalls.momentum(n, 0, random));
        calls.add(FusedCalls.rmsProp(n, 0, random));
    }
}
