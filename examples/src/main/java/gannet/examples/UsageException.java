package gannet.examples;

/// A command line that can't be carried out as it is typed: exit code 2. The message is one line: what, and what to type instead.
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(message);
    }
}
