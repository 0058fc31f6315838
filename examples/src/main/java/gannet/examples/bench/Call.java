package gannet.examples.bench;

import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import gannet.tensor.Tensor;
import gannet.tensor.Workspace;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Work that can be done again and again; it gives an element of its result. A call counts as over when that was read: a device that only queues its work
/// is made to finish it, and the others lose nothing by it. `bytes` is the memory that it has come to work in, 0 if that is not counted.
record Call(DoubleSupplier work, LongSupplier bytes) {
    /// Work on storages; `result` is what it writes last.
    static Call of(Runnable work, Storage result) {
        return of(work, result, () -> 0);
    }

    /// As above, with its memory.
    static Call of(Runnable work, Storage result, LongSupplier bytes) {
        Storage first = result.slice(0, 1);
        double[] read = new double[1];
        return new Call(() -> {
            work.run();
            first.kernels().read(first, read);
            return read[0];
        }, bytes);
    }

    /// Work on tensors, which gives what it makes last. The memory of all that it makes comes from a workspace and goes back there, within the call.
    static Call of(Kernels kernels, Supplier<Tensor> work) {
        var workspace = new Workspace(kernels);
        double[] read = new double[1];
        return new Call(() -> {
            try (var _ = workspace.open()) {
                kernels.read(work.get().data().slice(0, 1), read);
                return read[0];
            }
        }, workspace::bytes);
    }

    double run() {
        return work.getAsDouble();
    }
}
