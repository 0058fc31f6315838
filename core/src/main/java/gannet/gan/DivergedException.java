package gannet.gan;

/// Training met a NaN or an infinity. The turn that diverged was not committed; the turns before it in the
/// same step were. Load the last checkpoint to go back.
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DivergedException(long step, String network, String what) {
        super("step " + step + " diverged in the " + network + "'s turn: " + what);
    }

    DivergedException(long step, String network, String what, String likely) {
        this(step, network, what + ". Likely cause: " + likely);
    }
}
