package gannet.examples.lab;

import gannet.examples.Interruption;
import gannet.examples.Options;
import gannet.examples.Options.Given;
import gannet.examples.Progress;
import gannet.examples.RunFolder;
import gannet.examples.Text;
import gannet.examples.UsageException;
import gannet.examples.lab.Lab.Scale;
import gannet.gan.DivergedException;
import gannet.io.Json;
import gannet.kernel.BackEnds;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `gannet lab`: an experiment of the course, its failing arms beside the remedied ones, with a verdict; or the verdict again, from what a run saved.
public final class LabCommand {
    static final int DIVERGED = 4, NOT_SHOWN = 5, INTERRUPTED = 130;
    private static final long MOST_SEEDS = 1000;

    private static final Options OPTIONS = new Options("lab NAME [options]", """
            Runs an experiment: a failing arm beside its remedies, over several seeds. Prints the figures, the source's beside them, and whether the claim
            is shown (exit code 0) or not (5); saves the samples or curves, and the picture. --list tells of all labs.""", List.of(
            Options.flag("list", "what each lab shows, its source, how long it takes"),
            Options.whole("seed", "N", 1L, "the first seed"),
            Options.whole("seeds", "K", null, "how many seeds, from the first one on (the lab's own number)"),
            Options.flag("quick", "a shorter form, where the lab has one"),
            Options.flag("full", "the source's own length, where the lab has it: hours"),
            Options.flag("control", "take the remedy's strength away: the verdict must be 'not shown'"),
            Options.text("out", "RUN", null, "the run folder (a new one, runs/NNN-lab-NAME); an unfinished run there is gone on with"),
            Options.text("judge", "RUN", null, "train nothing: figures, verdict and pictures again from what a run saved"),
            Options.text("data", "DIR", null, "a folder of real data, for the labs that need it"),
            Options.whole("threads", "N", (long) Runtime.getRuntime().availableProcessors(), "trials at a time, each on one thread"),
            Options.text("device", "D", BackEnds.device(), "auto, or the name of a back end"),
            Options.flag("json", "print the result as one JSON line")));

    private final Given given;
    private final PrintStream out, err;

    private LabCommand(Given given, PrintStream out, PrintStream err) {
        this.given = given;
        this.out = out;
        this.err = err;
    }

    /// Runs it; the result is the exit code.
    ///
    /// @throws UsageException for options that make no sense
    public static int run(List<String> arguments, PrintStream out, PrintStream err) throws IOException {
        Given given = OPTIONS.parse(arguments);
        if (given.help()) {
            out.print(OPTIONS.usage());
            return 0;
        }
        return new LabCommand(given, out, err).run();
    }

    private int run() throws IOException {
        if (given.words().size() > 1) throw new UsageException("lab takes one name, not '" + String.join(" ", given.words()) + "'");
        if (given.flag("list")) {
            list();
            return 0;
        }
        if (given.words().isEmpty()) {
            if (given.text("judge") != null) return judge(null);
            throw new UsageException("which lab? " + String.join(", ", Labs.names()) + "; lab --list says what each shows");
        }
        Lab lab = Labs.named(given.words().getFirst());
        return given.text("judge") != null ? judge(lab) : train(lab);
    }

    private void list() {
        if (given.flag("json")) {
            for (Lab lab : Labs.ALL) out.println(Json.line(about(lab.about())));
            return;
        }
        int width = 0;
        for (String name : Labs.names()) width = Math.max(width, name.length());
        for (Lab lab : Labs.ALL) {
            Lab.About about = lab.about();
            String indent = "\n" + " ".repeat(width + 2);
            out.println(about.name() + " ".repeat(width - about.name().length() + 2) + about.claim() + indent + about.source() + indent
                    + Text.counted(about.seeds(), "seed") + ", about " + Text.duration(60 * about.minutes()) + " on two cores"
                    + (about.quickMinutes() < about.minutes() ? "; --quick " + Text.duration(60 * about.quickMinutes()) : ""));
        }
    }

    private static Map<String, Object> about(Lab.About about) {
        var json = new LinkedHashMap<String, Object>();
        json.put("lab", about.name());
        json.put("claim", about.claim());
        json.put("source", about.source());
        json.put("published", about.published());
        json.put("minutes", about.minutes());
        json.put("quick-minutes", about.quickMinutes());
        json.put("seeds", about.seeds());
        return json;
    }

    /// From what was saved alone.
    private int judge(Lab named) throws IOException {
        for (String other : List.of("seed", "seeds", "quick", "full", "control", "out", "data"))
            if (given.has(other)) throw new UsageException("--" + other + " says what to train, --judge trains nothing: leave one of them out");
        Path folder = Path.of(given.text("judge"));
        Plan plan = Plan.read(folder);
        if (named != null && named != plan.lab())
            throw new UsageException("--judge " + folder + " is a run of lab '" + plan.lab().about().name() + "', not of '" + named.about().name() + "'");
        return tell(plan, folder);
    }

    private int train(Lab lab) throws IOException {
        Plan plan = plan(lab);
        err.println(plan.backEnd());
        List<Arm> arms = plan.arms();
        if (plan.scale() != Lab.Scale.NORMAL && settings(arms).equals(settings(plan.lab().arms(Lab.Scale.NORMAL, plan.control()))))
            err.println("lab '" + lab.about().name() + "' has no form for --" + plan.scale().name().toLowerCase(Locale.ROOT) + ": this is all of it");
        Path folder = folder(lab.about().name());
        plan.begin(folder, arms);
        var trials = new Trials(folder, given.text("device"), arms, plan.seeds());
        int all = arms.size() * plan.seeds().size();
        if (trials.count() < all) err.println("going on with " + folder + ": " + (all - trials.count()) + " of " + all + " trials are there");
        try (var interruption = new Interruption()) {
            var progress = new LabProgress(err, Progress.onTerminal(), trials.count(), expected(plan) * trials.count() / all);
            if (!trials.run(threads(), progress, interruption::requested)) {
                err.println("interrupted; the trials that were done are saved; to go on: repeat the command with --out " + Text.quoted(folder.toString()));
                err.flush();
                return INTERRUPTED;
            }
        } catch (Trials.Failure failure) {
            return explain(lab, failure);
        }
        return tell(plan, folder);
    }

    private static List<Map<String, Object>> settings(List<Arm> arms) {
        return arms.stream().map(arm -> Map.<String, Object>copyOf(arm.settings())).toList();
    }

    private Plan plan(Lab lab) throws IOException {
        if (given.flag("quick") && given.flag("full")) throw new UsageException("--quick and --full exclude each other");
        Scale scale = given.flag("quick") ? Scale.QUICK : given.flag("full") ? Scale.FULL : Scale.NORMAL;
        long count = given.has("seeds") ? given.whole("seeds") : lab.about().seeds(), first = given.whole("seed");
        if (count < 1 || count > MOST_SEEDS) throw new UsageException("--seeds " + count + ": expected 1 to " + MOST_SEEDS);
        if (first < 0 || first > Long.MAX_VALUE - count) throw new UsageException("--seed " + first + ": expected 0 or more");
        var seeds = new ArrayList<Long>();
        for (long i = 0; i < count; i++) seeds.add(first + i);
        String data = given.text("data");
        if (data == null) lab.requireData();
        return new Plan(data == null ? lab : lab.on(Path.of(data)), scale, given.flag("control"), List.copyOf(seeds), data, backEnd());
    }

    /// What the device is, in words; a name that none has is a wrong option.
    private String backEnd() {
        threads();
        try {
            BackEnds.Choice choice = BackEnds.open(given.text("device"), 1);
            choice.kernels().close();
            return choice.line();
        } catch (IllegalArgumentException e) {
            throw new UsageException("--device " + given.text("device") + ": " + e.getMessage());
        }
    }

    private int threads() {
        long threads = given.whole("threads");
        if (threads < 1 || threads > 1024) throw new UsageException("--threads " + threads + ": expected 1 to 1024");
        return (int) threads;
    }

    /// The seconds that the lab says it takes, at as many seeds and threads as here.
    private double expected(Plan plan) {
        Lab.About about = plan.lab().about();
        double minutes = plan.scale() == Scale.QUICK ? about.quickMinutes() : about.minutes();
        return 60 * minutes * plan.seeds().size() / about.seeds() * 2 / Math.min(2, threads());
    }

    private Path folder(String lab) throws IOException {
        if (given.text("out") == null) return RunFolder.take(RunFolder.RUNS, "lab", lab).path();
        Path folder = Path.of(given.text("out"));
        var run = new RunFolder(folder);
        run.requireFolder();
        run.make();
        if (!Plan.begunIn(folder))
            try (var files = Files.newDirectoryStream(folder)) {
                if (files.iterator().hasNext()) throw new UsageException("--out " + folder + " holds other files and no lab's run: choose another folder");
            }
        return folder;
    }

    /// One line for a trial that diverged; what else can stop one is explained where every command's failures are.
    private int explain(Lab lab, Trials.Failure failure) throws IOException {
        String what = "lab '" + lab.about().name() + "', " + failure.getMessage();
        switch (failure.getCause()) {
            case DivergedException _ -> {
                err.println("gannet: " + what);
                return DIVERGED;
            }
            case IOException e -> throw e;
            case UsageException e -> throw e;
            case Error e -> throw e;
            case Throwable bug -> throw new IllegalStateException(what, bug);
        }
    }

    private int tell(Plan plan, Path folder) throws IOException {
        Lab lab = plan.lab();
        Outcome outcome = plan.judge(folder);
        Verdict verdict = lab.verdict(outcome);
        lab.draw(outcome, folder);
        var result = new Result(plan, outcome, verdict);
        Json.write(folder.resolve("result.json"), result.whole());
        if (given.flag("json")) out.println(Json.line(result.medians()));
        else out.print(result.text());
        return verdict.shown() ? 0 : NOT_SHOWN;
    }
}
