package gannet.kernel.cuda;

import gannet.kernel.DeviceMemoryError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `doctor` tells of the driver and the cards: the versions found and needed, and what each card gets.
final class Report {
    /// Where NVIDIA's driver for Linux tells its own version, which the CUDA driver can't be asked for.
    private static final Path VERSION = Path.of("/proc/driver/nvidia/version");
    private static final Pattern NUMBER = Pattern.compile("(\\d+\\.\\d+(\\.\\d+)?)\\s");

    private Report() {}

    /// A line each; none if there is no driver at `library`, which [CudaBackEnd#missing] tells.
    static List<String> of(String library) {
        int version = DriverLibrary.version(library);
        if (version == DriverLibrary.ABSENT) return List.of();
        var lines = new ArrayList<>(List.of("driver " + (Files.isReadable(VERSION) ? number(VERSION) : "") + library + ", for CUDA " + DriverLibrary.text(version)
                + " (needed: " + DriverLibrary.text(DriverLibrary.LEAST) + ")"));
        if (version < DriverLibrary.LEAST) return lines;
        try {
            int result = DriverLibrary.initialise(library);
            if (result != 0) lines.add("cuInit: " + Driver.name(result) + " (" + result + ")");
            else for (int i = 0; i < Card.count(); i++) lines.add(line(Card.at(i)));
        } catch (CudaException | LinkageError | DeviceMemoryError failure) {
            lines.add(failure.getMessage().lines().findFirst().orElse(""));
        }
        return lines;
    }

    private static String line(Card card) {
        if (card.capability() < Modules.LEAST) return card + ": too old, 7.5 is needed";
        return card + (card.ordinal() == 0 ? ": " + kernels(card) : ": not used (CUDA_VISIBLE_DEVICES chooses)");
    }

    /// Opens the card and has the driver compile a kernel: it may refuse the PTX, or JCuda's native library lack what it needs.
    private static String kernels(Card card) {
        try (var cuda = new Cuda(card)) {
            cuda.function("random", "random_numbers").handle();
            return "used, with the PTX for " + cuda.level() / 10 + "." + cuda.level() % 10;
        } catch (CudaException | DeviceMemoryError failure) {
            return failure.getMessage();
        }
    }

    private static String number(Path file) {
        try {
            Matcher number = NUMBER.matcher(Files.readString(file));
            return number.find() ? number.group(1) + ", " : "";
        } catch (IOException _) {
            return "";
        }
    }
}
