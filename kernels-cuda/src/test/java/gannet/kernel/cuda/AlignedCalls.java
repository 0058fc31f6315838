package gannet.kernel.cuda;

import gannet.kernel.Activation;
import gannet.kernel.ConvShape;
import gannet.kernel.Kernels;
import gannet.kernel.MatrixShape;
import gannet.kernel.Reduction;
import gannet.kernel.Storage;
import java.nio.file.Path;
import java.util.Arrays;

/// Calls that reach the kernels which the conformance suite's don't, whose operands lie at odd offsets and are small: `main(driver, Precision...)` makes
/// each of them once, for a card with one multiprocessor and for one with many, which get other tiles. For [SanitizerTest].
final class AlignedCalls {
    private final Kernels k;

    private AlignedCalls(Kernels k) {
        this.k = k;
    }

    public static void main(String[] arguments) {
        String missing = new CudaBackEnd().missing();
        if (!missing.isEmpty()) throw new IllegalStateException(missing);
        for (String precision : Arrays.copyOfRange(arguments, 1, arguments.length))
            for (int multiprocessors : new int[]{1, 1000}) {
                FakeDriver.set(Path.of(arguments[0]), "multiprocessors", multiprocessors);
                try (var kernels = new CudaKernels(Card.at(0), Precision.valueOf(precision), Graphs.FALSE)) {
                    new AlignedCalls(kernels).all();
                }
            }
    }

    private void all() {
        for (int flags = 0; flags < 4; flags++)
            for (int size : new int[]{4, 124})
                for (int other : new int[]{4, 252}) {
                    var s = new MatrixShape(1, size, 40, other, flags % 2 == 1, flags / 2 == 1);
                    k.linear(s, ones(size * 40), ones(40 * other), ones(other), Activation.Function.RELU, ones(size * other));
                }
        for (int c : new int[]{4, 124})
            for (int o : new int[]{4, 124}) convolutions(new ConvShape(2, 12, 12, c, 1, 3, o, 12, 12, 1, 1, 1, 1, 0, 1));
        convolutions(new ConvShape(2, 12, 12, 4, 1, 1, 124, 12, 12, 1, 1, 1, 1, 0, 0));
        convolutions(new ConvShape(2, 12, 12, 3, 3, 3, 37, 12, 12, 1, 1, 1, 1, 1, 1)); // no vectors of four
        convolutions(new ConvShape(1, 5, 5, 37, 3, 3, 19, 5, 5, 1, 1, 1, 1, 1, 1)); // nor few columns
        normalisation(20_000, 8);
        for (Reduction r : Reduction.values()) {
            k.reduce(r, 4, 3, 50_000, ones(600_000), ones(200_000));
            k.reduce(r, 2, 50_000, 1, ones(100_000), ones(2));
        }
    }

    private void convolutions(ConvShape s) {
        Storage x = ones(s.n() * s.h() * s.w() * s.c()), w = ones(s.kh() * s.kw() * s.c() * s.o()), y = ones(s.n() * s.oh() * s.ow() * s.o());
        k.convBias(s, x, w, ones(s.o()), Activation.Function.TANH, y);
        k.convInputBias(s, y, w, ones(s.c()), null, x);
        k.convWeight(s, x, y, w);
    }

    private void normalisation(int rows, int c) {
        Storage x = ones(rows * c), y = ones(rows * c), gamma = ones(c), mean = ones(c), inverse = ones(c);
        k.batchNorm(rows, 1e-5, Activation.Function.RELU, x, gamma, ones(c), mean, ones(c), inverse, y);
        k.batchNormGradient(rows, Activation.Function.RELU, x, y, ones(rows * c), gamma, mean, inverse, ones(rows * c), ones(c), ones(c));
    }

    private Storage ones(int length) {
        Storage storage = k.allocate(length);
        var values = new double[length];
        Arrays.fill(values, 1);
        k.write(values, storage);
        return storage;
    }
}
