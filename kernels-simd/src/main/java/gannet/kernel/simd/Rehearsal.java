package gannet.kernel.simd;

import gannet.kernel.Activation;
import gannet.kernel.Binary;
import gannet.kernel.ConvShape;
import gannet.kernel.Distribution;
import gannet.kernel.MatrixShape;
import gannet.kernel.Storage;

/// Calls the hot kernels on tiny operands in the background, while a program still reads its data, so that the JIT has compiled them when
/// the first training step comes.
///
/// A vector operation costs half a microsecond in the interpreter and a thousandth of that once C2 has compiled its loop, and C2 takes up a method only after some
/// thousand calls and turns. All of it can be done on the other core, since nothing a kernel computes depends on what has been compiled. The
/// thread is a daemon and ends after [#LIMIT]: past the loading of the data it would only keep C2 from the second core. Measured on two cores, from Enter to the
/// end of the first step of `train` (3 runs each, ±0.3 s): 2.5 s with a limit of 1.5 s, 2.2 s with 0.3 to 0.55 s; none of these helped: thresholds scaled by
/// `CompileThresholdScaling`, the interpreter's own vector methods kept from C2, load feedback off, an AOT cache, a larger young generation.
final class Rehearsal {
    private static final long LIMIT = 450_000_000L;
    private static final int ROUNDS = 400, TILES = 1_500, TRANSFORMATIONS = 1_000;
    private static final Activation LEAKY = new Activation.Leaky(0.2);

    private final SimdKernels kernels = new SimdKernels(1);
    private final ConvShape inner = new ConvShape(2, 6, 6, 32, 4, 4, 40, 3, 3, 2, 2, 1, 1, 1, 1);
    private final ConvShape outer = new ConvShape(2, 12, 12, 1, 4, 4, 32, 6, 6, 2, 2, 1, 1, 1, 1);
    private final Storage image = storage(outer.inputLength()), hidden = storage(inner.inputLength()),
            features = storage(inner.outputLength());
    private final Storage normal = storage(inner.inputLength()), gradient = storage(inner.inputLength());
    private final Storage weights = storage(inner.weightLength()), outerWeights = storage(outer.weightLength());
    private final Storage gamma = storage(32), beta = storage(32), mean = storage(32), variance = storage(32), inverse = storage(32),
            one = storage(1), few = storage(64);
    private final Storage first = storage(inner.weightLength()), second = storage(inner.weightLength());

    /// Begins to rehearse in a thread of its own.
    static void begin() {
        Thread.ofPlatform().daemon().name("gannet-simd-rehearsal").start(() -> {
            long start = System.nanoTime();
            tiles();
            transformations();
            var rehearsal = new Rehearsal();
            for (int round = 0; round < ROUNDS && System.nanoTime() - start < LIMIT; round++) rehearsal.step(round);
        });
    }

    /// The micro-kernels alone and first: everything waits for them. C2 asks for 600 calls and 15,000 turns of a method that C1 has compiled
    /// (which 100 calls bring about; with the launcher's options 30 and 20), so calls are short; with and without `accumulate`, so that neither is compiled as what never happens.
    private static void tiles() {
        int kc = 24, columns = MicroKernel.COLUMNS;
        float[] a = new float[MicroKernel.ROWS * kc], b = new float[kc * columns], c = new float[MicroKernel.ROWS * columns];
        int[] aRows = new int[MicroKernel.ROWS], cRows = new int[MicroKernel.ROWS];
        for (int i = 0; i < MicroKernel.ROWS; i++) {
            aRows[i] = i * kc;
            cRows[i] = i * columns;
        }
        for (int call = 0; call < TILES; call++) {
            MicroKernel.tile(kc, a, aRows, 0, 0, b, 0, c, cRows, 0, 0, call % 2 == 0);
            MicroKernel.half(kc, a, aRows, 0, 0, b, 0, c, cRows, 0, 0, call % 2 == 0);
        }
    }

    /// And [Winograd]'s, which whole convolutions of its size would take too long to bring about.
    private static void transformations() {
        int n = 2 * MicroKernel.COLUMNS;
        float[] from = new float[Winograd.POINTS * n], to = from.clone();
        for (int call = 0; call < TRANSFORMATIONS; call++) {
            Winograd.data(from, 0, n, to, 0, n, n);
            Winograd.filter(2, from, 0, n, to, 0, n, n);
            Winograd.result(2, to, 0, n, n);
            Winograd.gradient(2, from, 0, n, to, 0, n, n);
            Winograd.filterGradient(2, to, 0, n, n);
        }
    }

    private Storage storage(int length) {
        return kernels.allocate(length);
    }

    /// The kernels of a convolutional GAN's step, on one hidden layer.
    private void step(int round) {
        Activation act = round % 2 == 0 ? Activation.Function.RELU : LEAKY;
        kernels.linear(new MatrixShape(1, 12, 16, 40, false, round % 2 == 0), hidden, weights, null, null, features);
        kernels.matmul(new MatrixShape(1, 24, 12, 40, true, false), hidden, features, first);
        kernels.conv(inner, hidden, weights, features);
        kernels.convInput(inner, features, weights, hidden);
        kernels.convWeight(inner, hidden, features, weights);
        int rows = hidden.length() / 32;
        kernels.batchNorm(rows, 1e-5, act, hidden, gamma, beta, mean, variance, inverse, normal);
        kernels.convInputBias(outer, normal, outerWeights, one, Activation.Function.TANH, image);
        kernels.convBias(outer, image, outerWeights, beta, LEAKY, normal);
        kernels.zip(new Binary.LeakyGradient(0.2), gradient, 1, normal, 1, gradient);
        kernels.convWeight(outer, image, normal, outerWeights);
        kernels.batchNormGradient(rows, act, hidden, normal, gradient, gamma, mean, inverse, normal, variance, beta);
        kernels.check(1, weights, beta);
        kernels.adam(0.5, 0.999, 1e-8, one, one, one, one, weights, weights, first, second);
        for (int draw = 0; draw < 3; draw++) kernels.random(Distribution.NORMAL, 0, 0, draw, one, few);
    }
}
