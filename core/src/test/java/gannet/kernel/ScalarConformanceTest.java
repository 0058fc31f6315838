package gannet.kernel;

class ScalarConformanceTest extends ConformanceSuite {
    @Override protected Kernels kernels() {
        return new ScalarKernels();
    }
}
