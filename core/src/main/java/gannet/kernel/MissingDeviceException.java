package gannet.kernel;

/// A device that was asked for can't be had on this machine as Java was started. The message says which, why, and what to do.
public final class MissingDeviceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MissingDeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
