package gannet.examples;

import gannet.examples.bench.BenchCommand;
import gannet.examples.lab.LabCommand;
import gannet.gan.DivergedException;
import gannet.gan.PreflightException;
import gannet.io.FormatException;
import gannet.kernel.DeviceFailedException;
import gannet.kernel.DeviceMemoryError;
import gannet.kernel.MissingDeviceException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.List;

/// The command line `gannet`: finds the command, and turns whatever stops it into one clear line and an exit code.
public final class Main {
    static final String VERSION = "0.1.0";

    private static final int USAGE = 2, BAD_DATA = 3, DIVERGED = 4, REFUSED = 6, OUT_OF_MEMORY = 7, MISSING = 69, IO = 74, BUG = 1;
    private static final List<String> COMMANDS = List.of("train", "sample", "lab", "bench", "doctor");
    /// Named in the design, not built yet.
    private static final List<String> LATER = List.of("evaluate", "walk", "export", "diagnose", "compare", "data");

    private static final String HELP = """
            usage: gannet COMMAND [options]

            Trains generative adversarial networks in pure Java.

            commands:
              train [RECIPE]  train a GAN and fill a run folder; recipes: %s
              sample RUN      draw images from a trained run
              lab NAME        an experiment of the course, with a verdict; lab --list tells of all
              bench           measure kernels and training steps
              doctor          look at the environment: JDK, vector width, cores, memory, devices

            options:
              --help          this text; after a command, that command's options
              --version       the version

            exit codes: 0 ok, 1 a bug, 2 usage, 3 bad data or file, 4 diverged, 5 a lab's claim is not shown,
            6 refused by the pre-flight, 7 out of memory, 69 a JDK or device is missing or was lost, 74 I/O or disk full, 130 and 143 interrupted after saving
            """;

    private Main() {}

    public static void main(String[] arguments) {
        System.setProperty("java.awt.headless", "true");
        int code = run(List.of(arguments), System.out, System.err);
        if (System.out.checkError() && code == 0)
            code = line(System.err, "cannot write to standard output: is the disk full, or the pipe closed?", IO);
        System.err.flush();
        System.exit(code);
    }

    /// Runs one command and gives its exit code.
    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        try {
            return dispatch(arguments, out, err);
        } catch (Throwable failure) {
            return explain(failure, arguments, err);
        }
    }

    private static int dispatch(List<String> arguments, PrintStream out, PrintStream err) throws IOException {
        if (arguments.isEmpty()) throw new UsageException("which command? " + String.join(", ", COMMANDS) + "; or --help");
        String command = arguments.getFirst();
        List<String> rest = arguments.subList(1, arguments.size());
        switch (command) {
            case "train" -> {
                return TrainCommand.run(rest, out, err);
            }
            case "sample" -> {
                return SampleCommand.run(rest, out, err);
            }
            case "lab" -> {
                return LabCommand.run(rest, out, err);
            }
            case "bench" -> {
                return BenchCommand.run(rest, out, err);
            }
            case "doctor" -> {
                return DoctorCommand.run(rest, out, err);
            }
            case "--help", "-h", "help" -> out.print(HELP.replace("%s", String.join(", ", Recipe.ids())));
            case "--version" -> out.println("gannet " + VERSION);
            default -> throw unknown(command);
        }
        return 0;
    }

    private static UsageException unknown(String command) {
        if (LATER.contains(command)) return new UsageException("command '" + command + "' is not in this version");
        if (command.startsWith("-")) return new UsageException("there is no option " + command + " before a command; did you mean --"
                + Options.nearest(command.replace("-", ""), List.of("help", "version")) + "?");
        return new UsageException("there is no command '" + command + "'; did you mean " + Options.nearest(command, COMMANDS)
                + "? there are: " + String.join(", ", COMMANDS));
    }

    /// One line for what the user can mend; a stack trace only for what can only be our mistake.
    private static int explain(Throwable failure, List<String> arguments, PrintStream err) {
        return switch (failure) {
            case UsageException e -> line(err, e.getMessage(), USAGE);
            case FormatException e -> line(err, e.getMessage(), BAD_DATA);
            case DivergedException e -> line(err, e.getMessage(), DIVERGED);
            case PreflightException e -> line(err, e.getMessage(), REFUSED);
            case DeviceMemoryError e -> line(err, "out of memory: " + e.getMessage(), OUT_OF_MEMORY);
            case OutOfMemoryError e -> line(err, "out of memory (" + e.getMessage() + "; the heap may grow to "
                    + Runtime.getRuntime().maxMemory() / (1 << 20)
                    + " MiB): choose a smaller --batch or --count, or give Java more: GANNET_JAVA_OPTS=-Xmx8g", OUT_OF_MEMORY);
            case MissingDeviceException e -> line(err, e.getMessage(), MISSING);
            case DeviceFailedException e -> line(err, e.getMessage(), MISSING);
            case InvalidPathException e -> line(err, "'" + e.getInput() + "' is no path here: " + e.getReason()
                    + "; names beyond ASCII need a UTF-8 locale, such as LC_ALL=C.UTF-8", USAGE);
            case UncheckedIOException e -> explain(e.getCause(), arguments, err);
            case IOException e -> line(err, e.getMessage(), IO);
            case Throwable bug -> {
                bug.printStackTrace(err);
                String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
                yield line(err, "this is a bug in gannet: please report it with the lines above, gannet " + VERSION + ", Java "
                        + Runtime.version() + " on " + system + ", and the command: gannet " + String.join(" ", arguments), BUG);
            }
        };
    }

    private static int line(PrintStream err, String message, int code) {
        err.println("gannet: " + message);
        return code;
    }
}
