package gannet.kernel.simd;

import gannet.kernel.ConformanceSuite;
import gannet.kernel.Kernels;
import java.util.List;

class SimdConformanceTest extends ConformanceSuite {
    @Override protected Kernels kernels() {
        return new SimdKernels(1);
    }

    @Override protected List<Kernels> otherThreads() {
        return List.of(new SimdKernels(2), new SimdKernels(3));
    }
}
