package gannet.kernel.simd;

/// The threads and the scratch memory that all kernels of one back end share.
final class Team {
    /// What a thread does in the microseconds that waking another may take.
    private static final long SMALL = 50_000;

    final Pool pool;
    private final Worker[] workers;
    private float[] packed = new float[0], partial = new float[0], gradient = new float[0], turned = new float[0];

    Team(int threads) {
        pool = new Pool(threads);
        workers = new Worker[threads];
        for (int i = 0; i < threads; i++) workers[i] = new Worker();
    }

    /// Parts enough for all threads, where cutting changes no bit but does some work again: some more than threads, so that one that is late doesn't hold up the others for long.
    int fewParts() {
        return Math.max(4, 2 * pool.threads());
    }

    Worker worker(int index) {
        return workers[index];
    }

    /// Memory for packed operands that all threads read.
    float[] packed(int length) {
        return packed = Worker.atLeast(packed, length);
    }

    /// Memory for partial results that a last pass adds up.
    float[] partial(int length) {
        return partial = Worker.atLeast(partial, length);
    }

    /// Memory for a transformed gradient that all threads read.
    float[] gradient(int length) {
        return gradient = Worker.atLeast(gradient, length);
    }

    /// Memory for the same, turned over.
    float[] turned(int length) {
        return turned = Worker.atLeast(turned, length);
    }

    /// Runs `task` over the parts; in this thread if `work` (in floating-point operations or so) is not worth a region.
    void run(int parts, long work, Pool.Task task) {
        if (work < SMALL) for (int part = 0; part < parts; part++) task.run(part, 0);
        else pool.run(parts, task);
    }
}
