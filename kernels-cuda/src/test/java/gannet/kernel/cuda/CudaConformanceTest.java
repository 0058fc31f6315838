package gannet.kernel.cuda;

import gannet.kernel.ConformanceSuite;
import gannet.kernel.Kernels;

class CudaConformanceTest extends ConformanceSuite {
    @Override protected Kernels kernels() {
        return TestDevice.kernels();
    }

    @Override protected int repetitions() {
        return 200;
    }
}
