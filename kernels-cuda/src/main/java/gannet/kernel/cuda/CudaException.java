package gannet.kernel.cuda;

import gannet.kernel.DeviceFailedException;

/// A call of the CUDA driver failed. The message says what was being done, the driver's name for the failure, and what to do.
public final class CudaException extends DeviceFailedException {
    private static final long serialVersionUID = 1;

    private final int result;

    CudaException(int result, String message) {
        super(message);
        this.result = result;
    }

    /// The driver's number of the failure, a `CUresult`.
    public int result() {
        return result;
    }
}
