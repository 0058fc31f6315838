package gannet.examples.bench;

import gannet.examples.Devices;
import gannet.examples.Options;
import gannet.examples.UsageException;
import gannet.io.Json;
import gannet.kernel.BackEnds;
import java.io.PrintStream;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// `gannet bench`: the work that other engines are measured at too, one JSON line a case, so that lines can be compared. It uses the
/// library as anyone can: kernels on storages, networks and the trainer. See [Measurement] for what is measured and how, [Case] for the
/// names.
public final class BenchCommand {
    private static final Options OPTIONS = new Options("bench [options]",
            "Measures kernels and whole training steps. Prints a JSON line a case, with the names and fields that peers/ has.", List.of(
            Options.text("only", "REGEX", ".", "the cases in whose names the regular expression is found"),
            Options.whole("threads", "N", (long) Runtime.getRuntime().availableProcessors(), "threads to compute on"),
            Options.number("seconds", "S", 1.5, "how long to measure a case, after its warm-up"),
            Options.text("device", "D", BackEnds.device(), "auto, or the name of a back end"),
            Options.text("precision", "NAME", Devices.precision(), "of cuda's products: fp32, or on tensor cores tf32 or tf32x3")));

    private BenchCommand() {}

    /// Runs it; the result is the exit code.
    ///
    /// @throws UsageException for options that make no sense
    /// @throws gannet.kernel.MissingDeviceException if a device was asked for that can't be had
    public static int run(List<String> arguments, PrintStream out, PrintStream err) {
        var given = OPTIONS.parse(arguments);
        if (given.help()) {
            out.print(OPTIONS.usage());
            return 0;
        }
        if (!given.words().isEmpty())
            throw new UsageException("bench takes no '" + given.words().getFirst() + "'; to choose cases: --only REGEX");
        int threads = threads(given.whole("threads"));
        double seconds = given.number("seconds");
        if (!(seconds >= 0)) throw new UsageException("--seconds " + seconds + ": expected 0 or more");
        List<Case> cases = matching(given.text("only"));
        var choice = Devices.open(given.text("device"), threads, given.text("precision"));
        err.println(choice.line());
        for (Case each : cases) {
            Call call = each.setUp().apply(choice.kernels());
            out.println(Json.line(each.line(threads, Measurement.of(call, seconds), call.bytes().getAsLong())));
            out.flush();
        }
        return 0;
    }

    private static int threads(long asked) {
        if (asked < 1 || asked > 1024) throw new UsageException("--threads " + asked + ": expected 1 to 1024");
        return (int) asked;
    }

    private static List<Case> matching(String only) {
        Pattern pattern;
        try {
            pattern = Pattern.compile(only);
        } catch (PatternSyntaxException e) {
            throw new UsageException("--only " + only + ": not a regular expression (" + e.getDescription() + " at character "
                    + (e.getIndex() + 1) + ")");
        }
        List<Case> cases = Case.all().stream().filter(each -> pattern.matcher(each.name()).find()).toList();
        if (cases.isEmpty())
            throw new UsageException("--only " + only + ": found in no case's name; the cases are "
                    + String.join(", ", Case.all().stream().map(Case::name).toList()));
        return cases;
    }
}
