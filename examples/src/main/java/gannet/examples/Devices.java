package gannet.examples;

import gannet.kernel.BackEnds;
import java.util.List;

/// What `--device` and `--precision` ask for, opened.
public final class Devices {
    /// The system property that chooses a precision where no option does; the back end reads it when it is opened.
    static final String PRECISION = "gannet.precision";
    /// How a device may multiply: every device that trains in 32-bit floats does the first, only one with tensor cores the others.
    static final List<String> PRECISIONS = List.of("fp32", "tf32", "tf32x3");
    private static final String STANDARD = PRECISIONS.getFirst(), WITH_TENSOR_CORES = "cuda";

    private Devices() {}

    /// The precision that the system property names, else `fp32`.
    public static String precision() {
        return System.getProperty(PRECISION, STANDARD);
    }

    /// The back end `device` on `threads` threads, at the precision of the system property.
    ///
    /// @throws UsageException for a name that no back end has, and a precision that the device doesn't have
    public static BackEnds.Choice open(String device, int threads) {
        return open(device, threads, precision());
    }

    /// The same at `precision`, which a device that has only another refuses: it is never replaced in silence.
    public static BackEnds.Choice open(String device, int threads, String precision) {
        requireKnown(precision);
        BackEnds.Choice choice = at(device, threads, precision);
        String name = choice.kernels().name();
        if (!precision.equals(STANDARD) && !name.equals(WITH_TENSOR_CORES))
            throw new UsageException("--precision " + precision + " (or -D" + PRECISION + "): device '" + name + "' has no tensor cores; leave it out, or choose --device "
                    + WITH_TENSOR_CORES + ", on a card that has (" + choice.line() + ")");
        return choice;
    }

    static void requireKnown(String precision) {
        if (!PRECISIONS.contains(precision))
            throw new UsageException("--precision " + precision + " (or -D" + PRECISION + "): did you mean " + Options.nearest(precision, PRECISIONS) + "? there are: " + String.join(", ", PRECISIONS));
    }

    private static BackEnds.Choice at(String device, int threads, String precision) {
        String before = System.getProperty(PRECISION);
        System.setProperty(PRECISION, precision);
        try {
            return BackEnds.open(device, threads);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--device " + device + ": " + e.getMessage());
        } finally {
            if (before == null) System.clearProperty(PRECISION);
            else System.setProperty(PRECISION, before);
        }
    }
}
