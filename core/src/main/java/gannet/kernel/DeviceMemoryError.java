package gannet.kernel;

/// A device's own memory has run out, not Java's heap. The message says how much was asked for and how much there is.
public final class DeviceMemoryError extends OutOfMemoryError {
    private static final long serialVersionUID = 1;

    public DeviceMemoryError(String message) {
        super(message);
    }
}
