package gannet.kernel.cuda;

import gannet.kernel.DeviceMemoryError;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/// What the CUDA driver's calls answer, turned into exceptions that say what was being done.
final class Driver {
    private Driver() {}

    /// Throws unless `result` is success; `doing` completes "CUDA failed …".
    static void check(int result, String doing) {
        if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY)
            throw new DeviceMemoryError("CUDA device memory ran out " + doing + "; a smaller batch needs less, or another program has the card's memory");
        if (result != CUresult.CUDA_SUCCESS) throw new CudaException(result, "CUDA failed " + doing + ": " + name(result) + " (" + result + "), " + advice(result));
    }

    /// The driver's own name of a result.
    static String name(int result) {
        return CUresult.stringFor(result);
    }

    private static String advice(int result) {
        return switch (result) {
            case CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, CUresult.CUDA_ERROR_LAUNCH_FAILED, CUresult.CUDA_ERROR_MISALIGNED_ADDRESS, CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION,
                    CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR, CUresult.CUDA_ERROR_ASSERT ->
                    "a fault in a kernel, after which this process can't use the card any more; go on from the last checkpoint, and please report it";
            case CUresult.CUDA_ERROR_ECC_UNCORRECTABLE, CUresult.CUDA_ERROR_UNKNOWN, CUresult.CUDA_ERROR_SYSTEM_NOT_READY, CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE,
                    CUresult.CUDA_ERROR_NO_DEVICE, CUresult.CUDA_ERROR_DEINITIALIZED, CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED ->
                    "the card was lost; look at nvidia-smi and dmesg, then go on from the last checkpoint";
            case CUresult.CUDA_ERROR_LAUNCH_TIMEOUT -> "a kernel ran longer than a card that drives a display allows; use another card or a smaller batch";
            case CUresult.CUDA_ERROR_INVALID_PTX, CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION, CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU, CUresult.CUDA_ERROR_JIT_COMPILER_NOT_FOUND ->
                    "driver " + version() + " does not take these kernels; install a newer NVIDIA driver";
            default -> "driver " + version();
        };
    }

    /// The CUDA version that the driver supports, `12.8`.
    static String version() {
        int[] version = new int[1];
        int result = JCudaDriver.cuDriverGetVersion(version);
        return result == CUresult.CUDA_SUCCESS ? version[0] / 1000 + "." + version[0] % 1000 / 10 : "of unknown version";
    }
}
