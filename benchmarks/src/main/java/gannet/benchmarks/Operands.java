package gannet.benchmarks;

import gannet.kernel.Distribution;
import gannet.kernel.Kernels;
import gannet.kernel.Storage;

/// Arrays for kernels to work on: normal numbers, the same in every run and on every back end.
final class Operands {
    private static final long SEED = 0;
    private final Kernels kernels;
    private final Storage step;
    private int draws;

    Operands(Kernels kernels) {
        this.kernels = kernels;
        step = kernels.allocate(1);
    }

    /// A storage of `length` normal numbers.
    Storage normal(int length) {
        Storage x = kernels.allocate(length);
        kernels.random(Distribution.NORMAL, SEED, 0, draws++, step, x);
        return x;
    }

    /// A storage to write to.
    Storage result(int length) {
        return kernels.allocate(length);
    }
}
