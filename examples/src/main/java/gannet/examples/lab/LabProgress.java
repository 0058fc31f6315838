package gannet.examples.lab;

import gannet.examples.Text;
import java.io.PrintStream;

/// How many trials are done and how long the rest will take, for people: on a terminal a line that is drawn again and again, elsewhere one for each
/// trial that ends.
final class LabProgress {
    private static final double DRAW_SECONDS = 0.5;

    private final PrintStream err;
    private final boolean terminal;
    private final int trials;
    private final double expected;
    private final long begin = System.nanoTime();
    private int shown = -1;
    private double drawn = Double.NEGATIVE_INFINITY;

    /// `expected` is how many seconds all of the trials are thought to take, until one has shown it.
    LabProgress(PrintStream err, boolean terminal, int trials, double expected) {
        this.err = err;
        this.terminal = terminal;
        this.trials = trials;
        this.expected = expected;
    }

    /// The seconds since the start.
    double seconds() {
        return (System.nanoTime() - begin) / 1e9;
    }

    /// So many trials are done; called often.
    void done(int count) {
        double now = seconds();
        if (terminal ? now - drawn < DRAW_SECONDS && count == shown : count == shown) return;
        drawn = now;
        shown = count;
        double left = count == 0 ? expected - now : now / count * (trials - count);
        String line = count + " of " + Text.counted(trials, "trial") + " done"
                + (count < trials ? left > 1 ? ", about " + Text.duration(left) + " left" : "" : " in " + Text.duration(now));
        if (terminal) err.print("\r\033[K" + line);
        else err.println(line);
        err.flush();
    }

    /// Ends the line, so that what is printed next has one of its own.
    void end() {
        if (terminal && shown >= 0) err.println();
    }
}
