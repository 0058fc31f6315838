package gannet.examples;

import java.util.concurrent.CountDownLatch;

/// Ctrl-C and SIGTERM as a question that training asks between steps. Java answers the signal by running this object's shutdown hook,
/// which waits until [#close] says that all is saved; then it exits with 130 or 143.
public final class Interruption implements AutoCloseable {
    private final CountDownLatch saved = new CountDownLatch(1);
    private final Thread hook = new Thread(this::await, "interruption");
    private volatile boolean requested;

    public Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void await() {
        requested = true;
        try {
            saved.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // nobody has this thread: the machine exits
        }
    }

    /// Whether the run shall save and end.
    public boolean requested() {
        return requested;
    }

    /// Lets the exit go on, if one waits.
    @Override public void close() {
        saved.countDown();
        if (requested) return;
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // the signal came just now: the hook finds the latch open
        }
    }
}
