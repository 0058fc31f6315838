package gannet.examples.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What else goes on on this machine.
final class Machine {
    private static final Path TIMES = Path.of("/proc/stat");
    /// `/proc/stat` counts in hundredths of a second.
    private static final double TICKS = 100;

    private Machine() {}

    /// The CPU seconds used so far by everyone, with what the hypervisor gave to others; NaN where the system doesn't tell.
    static double busySeconds() {
        if (!Files.isReadable(TIMES)) return Double.NaN;
        try (var lines = Files.newBufferedReader(TIMES)) {
            return busySeconds(lines.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Of the line `cpu user nice system idle iowait irq softirq steal …`, all but `idle` and `iowait`.
    static double busySeconds(String line) {
        String[] words = line.trim().split(" +");
        double ticks = 0;
        for (int i = 1; i <= 8 && i < words.length; i++) if (i != 4 && i != 5) ticks += Double.parseDouble(words[i]);
        return ticks / TICKS;
    }
}
