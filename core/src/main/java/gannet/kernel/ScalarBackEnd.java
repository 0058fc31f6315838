package gannet.kernel;

/// Finds [ScalarKernels]: there on every machine, and what `auto` takes if nothing faster is.
public final class ScalarBackEnd implements BackEnd {
    @Override public String name() {
        return "scalar";
    }

    @Override public int rank() {
        return 0;
    }

    @Override public String missing() {
        return "";
    }

    @Override public Kernels open(int threads) {
        return new ScalarKernels();
    }
}
