package gannet.kernel.cuda;

/// Losses from logits. See `loss.cu`.
final class Losses {
    /// As in the source.
    private static final int THREADS = 256;

    private final Cuda cuda;
    private final Function logistic;

    Losses(Cuda cuda) {
        this.cuda = cuda;
        logistic = cuda.function("loss", "logistic_loss");
    }

    /// See [gannet.kernel.Kernels#logisticLoss].
    void logistic(double sign, CudaStorage x, CudaStorage y) {
        cuda.launch(logistic).with(x.length()).with((float) sign).with((float) (1.0 / x.length())).to(x).to(y).over(1, THREADS);
    }
}
