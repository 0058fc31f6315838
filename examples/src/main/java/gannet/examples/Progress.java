package gannet.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// How far a run is, for people: a bar that is drawn again and again on a terminal, elsewhere a line every ten seconds or every tenth of
/// the run.
public final class Progress {
    private static final int BAR = 20;
    private static final double BAR_SECONDS = 0.2, LINE_SECONDS = 10;

    private final PrintStream err;
    private final boolean terminal;
    private final Settings settings;
    private long firstStep;
    private double firstSeconds, lastDrawn = Double.NEGATIVE_INFINITY;
    private int lastTenth = -1;
    private boolean drawn;
    private Report last;

    Progress(PrintStream err, boolean terminal, Settings settings) {
        this.err = err;
        this.terminal = terminal;
        this.settings = settings;
    }

    /// Whether standard error is a terminal. Java knows this of input and output only, Linux of each stream.
    public static boolean onTerminal() {
        Path stream = Path.of("/proc/self/fd/2");
        try {
            if (!Files.isSymbolicLink(stream)) return System.console() != null && System.console().isTerminal();
            String target = Files.readSymbolicLink(stream).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException _) {
            return false; // a stream that can't be looked at gets plain lines
        }
    }

    /// A step is done. The pace is taken from the first one on: Java compiles in it, so it is slow.
    void step(long step, double seconds) {
        if (firstStep == 0) {
            firstStep = step;
            firstSeconds = seconds;
        }
        double share = share(step, seconds);
        if (!terminal || share < 1 && seconds - lastDrawn < BAR_SECONDS) return;
        lastDrawn = seconds;
        int filled = (int) (BAR * share);
        err.print("\r\033[K" + place(step) + " [" + "=".repeat(filled) + " ".repeat(BAR - filled) + "] " + pace(step, seconds, share)
                + (last == null ? "" : last.line()));
        err.flush();
        drawn = true;
    }

    /// Figures were read.
    void report(Report report) {
        last = report;
        if (terminal) return;
        double share = share(report.step(), report.seconds());
        int tenth = (int) (10 * share);
        if (tenth == lastTenth && report.seconds() - lastDrawn < LINE_SECONDS) return;
        lastTenth = tenth;
        lastDrawn = report.seconds();
        err.println(place(report.step()) + " (" + Text.percent(share) + "): " + pace(report.step(), report.seconds(), share)
                + report.line());
    }

    /// Ends the bar, so that what is printed next has a line of its own.
    void end() {
        if (drawn) err.println();
        drawn = false;
    }

    private String place(long step) {
        return "step " + Text.grouped(step) + (settings.values().get("steps") == null ? "" : "/" + Text.grouped(settings.steps()));
    }

    /// How much of the run is done, by steps or by time, whichever ends it.
    private double share(long step, double seconds) {
        return Math.min(1, Math.max((double) step / settings.steps(), seconds / settings.seconds()));
    }

    /// Speed and what is left, with a comma after each; nothing at the first step.
    private String pace(long step, double seconds, double share) {
        if (step == firstStep) return "";
        double each = (seconds - firstSeconds) / (step - firstStep);
        double left = Math.min(each * (settings.steps() - step), settings.seconds() - seconds);
        String speed = Text.grouped(Math.round(settings.batch() / each)) + " images/s, ";
        return share < 1 ? speed + Text.duration(Math.max(0, left)) + " left, " : speed;
    }
}
