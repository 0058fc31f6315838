package gannet.examples;

import gannet.io.Json;
import gannet.kernel.BackEnd;
import gannet.kernel.BackEnds;
import gannet.kernel.MissingDeviceException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.incubator.vector.FloatVector;

/// `gannet doctor`: what this machine and this Java offer, which back ends there are, which one is chosen, why not the others, and what to
/// type to get them. It is for people and, with `--json`, for programs, so it ends well whatever it finds: only a device that was asked for
/// by name and can't be had is an error.
public final class DoctorCommand {
    private static final String VECTORS = "jdk.incubator.vector";
    private static final int MISSING = 69;
    private static final Options OPTIONS = new Options("doctor [options]", "Tells what there is to compute on, and what is chosen.", List.of(
            Options.flag("json", "one JSON object, for programs"),
            Options.text("device", "D", BackEnds.device(), "auto, or the name of a back end: try to open it")));

    private DoctorCommand() {}

    /// A back end; `missing` is empty where it can be had, `found` what else it tells.
    private record Device(String name, int rank, String missing, List<String> found) {
        static Device of(BackEnd each) {
            try {
                return new Device(each.name(), each.rank(), each.missing(), each.report());
            } catch (RuntimeException | LinkageError failure) {
                return new Device(each.name(), each.rank(), "it failed to say what it needs: " + failure, List.of());
            }
        }

        String state() {
            if (!missing.isEmpty()) return "no: " + missing;
            return rank < 0 ? "yes, if asked for by name: --device " + name : "yes (rank " + rank + ")";
        }

        Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", name);
            fields.put("rank", rank);
            fields.put("available", missing.isEmpty());
            fields.put("missing", missing.isEmpty() ? null : missing);
            fields.put("found", found);
            return fields;
        }
    }

    /// What became of opening the device `asked` for: one of the other two is null.
    private record Choice(String asked, String chosen, String problem) {
        static Choice of(String device) {
            try {
                return new Choice(device, BackEnds.open(device, Runtime.getRuntime().availableProcessors()).line(), null);
            } catch (MissingDeviceException e) {
                return new Choice(device, null, e.getMessage());
            } catch (IllegalArgumentException e) {
                throw new UsageException("--device " + device + ": " + e.getMessage());
            }
        }
    }

    /// Runs it; the result is the exit code.
    ///
    /// @throws UsageException for options that make no sense
    public static int run(List<String> arguments, PrintStream out, PrintStream err) {
        var given = OPTIONS.parse(arguments);
        if (given.help()) {
            out.print(OPTIONS.usage());
            return 0;
        }
        if (!given.words().isEmpty())
            throw new UsageException("doctor takes no '" + given.words().getFirst() + "'; options are --json and --device D");
        var devices = BackEnds.all().stream().map(Device::of).toList();
        var choice = Choice.of(given.text("device"));
        if (given.flag("json")) out.println(Json.line(fields(devices, choice)));
        else print(devices, choice, out);
        if (choice.problem == null || !given.has("device")) return 0;
        err.println("gannet: " + choice.problem);
        return MISSING;
    }

    // ---- looking

    private static boolean hasVectors() {
        return ModuleLayer.boot().findModule(VECTORS).isPresent();
    }

    /// Apart, because it can be loaded only where the module is.
    private static final class Preferred {
        static int bits() {
            return FloatVector.SPECIES_PREFERRED.vectorBitSize();
        }
    }

    private static String system() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version") + ", " + System.getProperty("os.arch");
    }

    /// What Linux calls the processor; null where nobody tells.
    private static String processor() {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) return null;
        try (var lines = Files.lines(info)) {
            return lines.filter(line -> line.startsWith("model name")).map(line -> line.substring(line.indexOf(':') + 1).trim()).findFirst()
                    .orElse(null);
        } catch (IOException e) {
            return "unknown: " + e.getMessage();
        }
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    // ---- telling

    private static Map<String, Object> fields(List<Device> devices, Choice choice) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("gannet", Main.VERSION);
        fields.put("java", Runtime.version().toString());
        fields.put("vendor", System.getProperty("java.vendor"));
        fields.put("home", System.getProperty("java.home"));
        fields.put("vectorModule", hasVectors());
        fields.put("vectorBits", hasVectors() ? Preferred.bits() : null);
        fields.put("os", system());
        fields.put("cpu", processor());
        fields.put("cores", cores());
        fields.put("maxHeapBytes", Runtime.getRuntime().maxMemory());
        fields.put("devices", devices.stream().map(Device::fields).toList());
        fields.put("asked", choice.asked);
        fields.put("chosen", choice.chosen);
        fields.put("problem", choice.problem);
        return fields;
    }

    private static void print(List<Device> devices, Choice choice, PrintStream out) {
        line(out, "Gannet", Main.VERSION);
        line(out, "Java", Runtime.version() + ", " + System.getProperty("java.vendor"));
        line(out, "", System.getProperty("java.home"));
        line(out, "vectors", hasVectors() ? Preferred.bits() + " bits wide (" + VECTORS + ")"
                : VECTORS + " is not loaded: java --add-modules " + VECTORS);
        line(out, "system", system());
        line(out, "CPU", (processor() == null ? "" : processor() + ", ") + cores() + (cores() == 1 ? " core" : " cores"));
        line(out, "heap", String.format(Locale.ROOT, "at most %.1f GiB (more: GANNET_JAVA_OPTS=-Xmx8g)",
                Runtime.getRuntime().maxMemory() / Math.pow(2, 30)));
        out.println();
        for (Device each : devices) {
            line(out, each.name, each.state());
            for (String found : each.found) line(out, "", found);
        }
        out.println();
        line(out, "asked for", "--device " + choice.asked);
        line(out, "chosen", choice.chosen == null ? "none: " + choice.problem : choice.chosen.replaceFirst("^device: ", ""));
    }

    private static void line(PrintStream out, String left, String right) {
        out.println(left + " ".repeat(Math.max(1, 11 - left.length())) + right);
    }
}
