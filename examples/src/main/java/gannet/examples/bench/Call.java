package gannet.examples.bench;

import gannet.kernel.Storage;

/// Work that can be done again and again. A call counts as over when an element of its result was read: a device that only queues its work
/// is made to finish it, and the others lose nothing by it.
final class Call {
    private final Runnable work;
    private final Storage first;
    private final double[] read = new double[1];

    /// `result` is what the work writes last.
    Call(Runnable work, Storage result) {
        this.work = work;
        this.first = result.slice(0, 1);
    }

    void run() {
        work.run();
        first.kernels().read(first, read);
    }

    /// The result's first element, as the last run left it.
    double first() {
        return read[0];
    }
}
