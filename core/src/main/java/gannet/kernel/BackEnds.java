package gannet.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/// Finds and opens the back ends on the class path.
public final class BackEnds {
    /// The system property that names the device where nothing else does.
    public static final String PROPERTY = "gannet.device";
    /// The name that takes the best back end there is.
    public static final String AUTO = "auto";

    /// Opened kernels, and one line for the user: what they are and, where `auto` chose them, why not a better one and what to do to get it.
    public record Choice(Kernels kernels, String line) {}

    private BackEnds() {}

    /// Every back end on the class path, available or not, best first.
    public static List<BackEnd> all() {
        return ServiceLoader.load(BackEnd.class, BackEnd.class.getClassLoader()).stream().map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(BackEnd::rank).reversed().thenComparing(BackEnd::name)).toList();
    }

    /// The device that the system property [#PROPERTY] names, else [#AUTO].
    public static String device() {
        return System.getProperty(PROPERTY, AUTO);
    }

    /// Opens [#device] on `threads` threads.
    public static Choice open(int threads) {
        return open(device(), threads);
    }

    /// Opens the back end of that name, or the best there is for [#AUTO].
    ///
    /// @throws IllegalArgumentException if no back end has the name
    /// @throws MissingDeviceException if it can't be had: it is never replaced by another
    public static Choice open(String device, int threads) {
        return open(all(), device, threads);
    }

    static Choice open(List<BackEnd> all, String device, int threads) {
        if (threads < 1) throw new IllegalArgumentException("a back end needs at least 1 thread, not " + threads);
        if (device.equals(AUTO)) return best(all, threads);
        for (BackEnd each : all)
            if (each.name().equals(device)) return named(all, each, threads);
        throw new IllegalArgumentException("there is no device '" + device + "'; nearest: '" + Names.nearest(device, names(all)) + "'; there are: "
                + String.join(", ", names(all)) + " (a back end is found where its jar is on the class path)");
    }

    private static Choice named(List<BackEnd> all, BackEnd asked, int threads) {
        Attempt attempt = Attempt.at(asked, threads);
        if (attempt.kernels != null) return new Choice(attempt.kernels, "device: " + described(attempt.kernels));
        String others = all.stream().filter(each -> each != asked && why(each).isEmpty()).map(BackEnd::name).collect(Collectors.joining(", "));
        throw new MissingDeviceException("device '" + asked.name() + "' can't be had: " + attempt.why + "; " + (others.isEmpty()
                ? "there is no other" : "available: " + AUTO + ", " + others), attempt.cause);
    }

    private static Choice best(List<BackEnd> all, int threads) {
        var passed = new ArrayList<String>();
        for (BackEnd each : all) {
            if (each.rank() < 0) continue;
            Attempt attempt = Attempt.at(each, threads);
            if (attempt.kernels == null) passed.add("not " + each.name() + ": " + attempt.why);
            else return new Choice(attempt.kernels, "device: " + described(attempt.kernels)
                    + (passed.isEmpty() ? ", the best there is" : "; " + String.join("; ", passed)));
        }
        throw new MissingDeviceException("there is no device to choose; " + (passed.isEmpty() ? "no back end is on the class path"
                : String.join("; ", passed)), null);
    }

    private static String described(Kernels kernels) {
        return kernels.name() + " (" + kernels.description() + ")";
    }

    /// Opened kernels, or why there are none. A failure is kept, for the line or the exception to tell: `auto` must get past a broken driver.
    private record Attempt(Kernels kernels, String why, Throwable cause) {
        static Attempt at(BackEnd backEnd, int threads) {
            try {
                String missing = backEnd.missing();
                return missing.isEmpty() ? new Attempt(backEnd.open(threads), "", null) : new Attempt(null, missing, null);
            } catch (MissingDeviceException failure) {
                return new Attempt(null, failure.getMessage(), failure);
            } catch (RuntimeException | LinkageError | DeviceMemoryError failure) {
                return new Attempt(null, "it failed to open: " + failure, failure);
            }
        }
    }

    private static String why(BackEnd backEnd) {
        try {
            return backEnd.missing();
        } catch (RuntimeException | LinkageError failure) {
            return failure.toString();
        }
    }

    private static List<String> names(List<BackEnd> all) {
        var names = new ArrayList<>(List.of(AUTO));
        for (BackEnd each : all) names.add(each.name());
        return names;
    }
}
