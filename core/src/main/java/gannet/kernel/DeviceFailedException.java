package gannet.kernel;

/// A device that was opened failed: it was lost, refuses the kernels, or a kernel went wrong on it. The message says what was being done and what to do.
public class DeviceFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DeviceFailedException(String message) {
        super(message);
    }
}
