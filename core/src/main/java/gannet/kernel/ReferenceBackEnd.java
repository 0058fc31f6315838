package gannet.kernel;

/// Finds [ReferenceKernels]: there on every machine, taken only by name.
public final class ReferenceBackEnd implements BackEnd {
    @Override public String name() {
        return "reference";
    }

    @Override public int rank() {
        return -1;
    }

    @Override public String missing() {
        return "";
    }

    @Override public Kernels open(int threads) {
        return new ReferenceKernels();
    }
}
