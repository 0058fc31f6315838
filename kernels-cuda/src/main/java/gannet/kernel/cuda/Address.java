package gannet.kernel.cuda;

import jcuda.driver.CUdeviceptr;

/// A device address as JCuda takes and gives it. JCuda hides the number that its pointers hold; kernels' arguments are those numbers.
final class Address extends CUdeviceptr {
    private static final CUdeviceptr ZERO = new CUdeviceptr();

    private Address(CUdeviceptr pointer, long offset) {
        super(pointer, offset);
    }

    /// The address `address`.
    static CUdeviceptr of(long address) {
        return new Address(ZERO, address);
    }

    /// The number that `pointer` holds.
    static long of(CUdeviceptr pointer) {
        return new Address(pointer, 0).number();
    }

    private long number() {
        return getNativePointer() + getByteOffset();
    }
}
