package gannet.kernel;

/// The reference is compared to itself here, which still proves that it overwrites, stays inside of its storages and may work in place; what it
/// computes is tested in [ReferenceKernelsTest].
class ReferenceConformanceTest extends ConformanceSuite {
    @Override protected Kernels kernels() {
        return new ReferenceKernels();
    }
}
