package gannet.gan;

/// The discriminator can't beat the untrained generator: training can't start.
public final class PreflightException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PreflightException(String message) {
        super(message);
    }
}
