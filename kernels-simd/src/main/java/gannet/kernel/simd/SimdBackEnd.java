package gannet.kernel.simd;

import gannet.kernel.BackEnd;
import gannet.kernel.Kernels;

/// Finds [SimdKernels]. Looks for the Vector API's module before any class that needs it is loaded.
public final class SimdBackEnd implements BackEnd {
    private static final String MODULE = "jdk.incubator.vector";

    @Override public String name() {
        return "simd";
    }

    @Override public int rank() {
        return 10;
    }

    @Override public String missing() {
        if (ModuleLayer.boot().findModule(MODULE).isPresent()) return "";
        return "module " + MODULE + " is not loaded: add --add-modules " + MODULE + " to the java command";
    }

    @Override public Kernels open(int threads) {
        String missing = missing();
        if (!missing.isEmpty()) throw new IllegalStateException("back end 'simd': " + missing);
        Rehearsal.begin();
        return new SimdKernels(threads);
    }
}
