package gannet.kernel.cuda;

/// While a recording was made, something was asked for that a recording can't repeat.
final class NotReplayableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotReplayableException(String what) {
        super(what);
    }
}
