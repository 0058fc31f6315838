package gannet.gan;

/// Training met a NaN or an infinity. The step was not committed: weights and state are those of the step before.
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DivergedException(long step, String network, String what) {
        super("step " + step + " diverged in the " + network + "'s turn: " + what);
    }
}
