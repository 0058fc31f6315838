package gannet.kernel.cuda;

/// The optimisers' steps: one launch over all weights, in place; the flag is looked at on the card. And the steps of running statistics, which are committed
/// with them. See `optimiser.cu`.
final class Optimisers {
    private static final String SOURCE = "optimiser";
    /// As in the source; and the weights that a thread takes.
    private static final int THREADS = 256, EACH = 4, WARP = 32;

    private final Cuda cuda;
    private final Function moveTowards, corrections, adam, momentum, rmsProp;

    Optimisers(Cuda cuda) {
        this.cuda = cuda;
        moveTowards = cuda.function(SOURCE, "move_towards");
        corrections = cuda.function(SOURCE, "adam_corrections");
        adam = cuda.function(SOURCE, "adam_step");
        momentum = cuda.function(SOURCE, "momentum_step");
        rmsProp = cuda.function(SOURCE, "rms_prop_step");
    }

    /// See [gannet.kernel.Kernels#moveTowards].
    void moveTowards(double weight, CudaStorage flag, CudaStorage value, CudaStorage average) {
        begin(moveTowards, average).with((float) weight).to(flag).to(value).to(average).over(Columns.blocks(average.length(), THREADS), THREADS);
    }

    /// See [gannet.kernel.Kernels#adamCorrections].
    void adamCorrections(double beta1, double beta2, CudaStorage flag, CudaStorage q1, CudaStorage q2, CudaStorage correction1, CudaStorage correction2) {
        cuda.launch(corrections).with((float) beta1).with((float) (1 - beta1)).with((float) beta2).with((float) (1 - beta2)).to(flag).to(q1).to(q2).to(correction1).to(correction2)
                .over(1, WARP);
    }

    /// See [gannet.kernel.Kernels#adam].
    void adam(double beta1, double beta2, double epsilon, CudaStorage rate, CudaStorage correction1, CudaStorage correction2, CudaStorage flag,
              CudaStorage g, CudaStorage w, CudaStorage m, CudaStorage v) {
        begin(adam, w).with((float) beta1).with((float) (1 - beta1)).with((float) beta2).with((float) (1 - beta2)).with((float) epsilon)
                .to(rate).to(correction1).to(correction2).to(flag).to(g).to(w).to(m).to(v).over(blocks(w), THREADS);
    }

    /// See [gannet.kernel.Kernels#momentum].
    void momentum(double momentum, CudaStorage rate, CudaStorage flag, CudaStorage g, CudaStorage w, CudaStorage buffer) {
        begin(this.momentum, w).with((float) momentum).to(rate).to(flag).to(g).to(w).to(buffer).over(blocks(w), THREADS);
    }

    /// See [gannet.kernel.Kernels#rmsProp].
    void rmsProp(double decay, double epsilon, CudaStorage rate, CudaStorage flag, CudaStorage g, CudaStorage w, CudaStorage v) {
        begin(rmsProp, w).with((float) decay).with((float) (1 - decay)).with((float) epsilon).to(rate).to(flag).to(g).to(w).to(v).over(blocks(w), THREADS);
    }

    private Launch begin(Function function, CudaStorage w) {
        return cuda.launch(function).with(w.length());
    }

    private static int blocks(CudaStorage w) {
        return Columns.blocks(w.length(), EACH * THREADS);
    }
}
