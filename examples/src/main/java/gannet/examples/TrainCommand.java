package gannet.examples;

import gannet.examples.Options.Given;
import gannet.examples.Options.Option;
import gannet.gan.DivergedException;
import gannet.gan.loss.Losses;
import gannet.gan.penalty.Penalties;
import gannet.io.FormatException;
import gannet.io.Json;
import gannet.kernel.BackEnds;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;

/// `gannet train`: a recipe on data, into a run folder, which a later call with the same `--out` goes on with.
final class TrainCommand {
    static final int DIVERGED = 4, NOT_SAVED = 74, INTERRUPTED = 130;

    private static final Options OPTIONS = new Options("train [RECIPE] [options]", summary(), options());

    private final PrintStream out, err;
    private final Given given;
    private final Map<String, Object> typed = new LinkedHashMap<>();
    private RunFolder run;
    private Settings stored, settings;
    private FileChannel lock;

    private TrainCommand(Given given, PrintStream out, PrintStream err) throws IOException {
        this.out = out;
        this.err = err;
        this.given = given;
        typed();
    }

    private static String summary() {
        var text = new StringBuilder("""
                Trains a GAN and fills a run folder: config.json, log.jsonl, samples/, checkpoint.safetensors, generator.safetensors, best.safetensors.
                A folder that holds a run already is gone on with, to the same bits as if it had never stopped. Recipes:""");
        for (Recipe recipe : Recipe.values())
            text.append("\n  ").append(recipe.id()).append(" ".repeat(8 - recipe.id().length())).append(recipe.summary());
        return text.append("\nLosses:\n").append(list(Losses.names())).append("\nPenalties on the discriminator:\n").append(list(Penalties.names())).toString();
    }

    /// Four a line.
    private static String list(List<String> names) {
        var text = new StringBuilder();
        for (int i = 0; i < names.size(); i++) text.append(i % 4 == 0 ? (i == 0 ? "  " : ",\n  ") : ", ").append(names.get(i));
        return text.toString();
    }

    private static List<Option> options() {
        var options = new ArrayList<>(List.of(Options.text("out", "RUN", null, "the run folder (a new one, runs/NNN-recipe-data)"),
                Options.flag("new", "if there is a run in --out, start a new one beside it")));
        options.addAll(Keys.ALL);
        options.addAll(List.of(Options.text("config", "FILE", null, "read options from a config.json; what is typed goes first"),
                Options.text("set", "KEY=VALUE", null, "as --KEY VALUE; may be given several times"),
                Options.flag("dry-run", "say what would be done, and do nothing"),
                Options.flag("json", "print the result as JSON")));
        return List.copyOf(options);
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) throws IOException {
        Given given = OPTIONS.parse(arguments);
        if (given.help()) {
            out.print(OPTIONS.usage());
            return 0;
        }
        if (given.words().size() > 1) throw new UsageException("train takes one recipe, not '" + String.join(" ", given.words()) + "'");
        return new TrainCommand(given, out, err).run();
    }

    /// The settings of the configuration file, then those of `--set`, then the options, the later overriding the earlier.
    private void typed() throws IOException {
        for (String pair : given.texts("set")) {
            int equals = pair.indexOf('=');
            if (equals < 1) throw new UsageException("--set " + pair + ": expected a setting and its value, such as --set batch=32");
            String key = pair.substring(0, equals);
            typed.put(key, Options.value(Keys.named(key), pair.substring(equals + 1)));
        }
        for (Option option : Keys.ALL) if (given.has(option.name())) typed.put(option.name(), given.value(option.name()));
        if (!given.words().isEmpty()) typed.put(Settings.RECIPE, given.words().getFirst());
        if (given.text("config") == null) return;
        Path file = Path.of(given.text("config"));
        SequencedMap<String, Object> read = withoutNulls(Settings.fromJson(file.toString(), Json.read(file)));
        if (Settings.otherDefaults(read, typed)) read.keySet().removeAll(Keys.DERIVED);
        if (typed.containsKey("steps")) read.remove("schedule-steps"); // it was that run's length
        read.forEach(typed::putIfAbsent);
    }

    private int run() throws IOException {
        try {
            findRun();
            return carryOut();
        } finally {
            if (lock != null) lock.close();
        }
    }

    private int carryOut() throws IOException {
        BackEnds.Choice device = device(settings);
        err.println(device.line());
        Data data = Data.load(settings.text("data"));
        check(data);
        var experiment = new Experiment(settings, data, device.kernels());
        boolean resumed = stored != null && Files.exists(run.checkpoint());
        if (given.flag("dry-run")) return dryRun(experiment, data, device.line(), resumed);
        if (resumed) experiment.restore(run);
        else if (settings.text("from") != null) experiment.startFrom(new RunFolder(Path.of(settings.text("from"))));
        if (settings.preflight() && !resumed) preflight(experiment);
        if (stored == null) takeNew(data);
        return begin(experiment, data, resumed);
    }

    private void preflight(Experiment experiment) {
        err.println("pre-flight: the discriminator alone, against the untrained generator …");
        err.println("pre-flight: it tells real from fake after " + Text.counted(experiment.preflight(), "step"));
    }

    /// Makes the folder of a new run, which no other process can have then.
    private void takeNew(Data data) throws IOException {
        if (run == null) run = RunFolder.take(RunFolder.RUNS, settings.recipe().id(), data.name());
        run.create();
        lock = run.claim();
        if (run.begun()) throw new UsageException("--out " + run.path()
                + ": another process has just begun a run there: repeat the command to go on with it, or add --new to start beside it");
    }

    private int begin(Experiment experiment, Data data, boolean resumed) throws IOException {
        double earlierSeconds = 0;
        Experiment.Best best = resumed ? Experiment.Best.of(run) : Experiment.Best.NONE; // before anything is written
        if (stored == null || !stored.equals(settings)) Json.write(run.config(), settings.values());
        Map<?, ?> lastLine = run.rewindLog(experiment.trainer().steps());
        if (lastLine.get("seconds") instanceof Number n) earlierSeconds = n.doubleValue();
        var training = new Training(settings, experiment, data, run, best, new Progress(err, Progress.onTerminal(), settings), earlierSeconds);
        if (resumed) {
            if (training.ended()) return complete(experiment, training);
            err.println("going on with " + run.path() + " after step " + Text.grouped(experiment.trainer().steps()));
        }
        return train(experiment, training, data);
    }

    /// Finds the run folder and, if a run was begun there, lays what was typed over its own settings.
    private void findRun() throws IOException {
        if (given.text("out") != null) {
            run = new RunFolder(Path.of(given.text("out")));
            if (given.flag("new") && Files.exists(run.path())) run = run.beside();
            run.requireFolder();
            if (run.begun()) openBegun();
            else requireEmpty(run.path());
        }
        settings = stored == null ? Settings.of(typed) : goingOn();
    }

    /// Claims the folder before anything in it is read, so that no other process changes it after.
    private void openBegun() throws IOException {
        if (!given.flag("dry-run")) {
            run.create();
            lock = run.claim();
        }
        SequencedMap<String, Object> values = withoutNulls(Settings.fromJson(run.config().toString(), Json.read(run.config())));
        try {
            stored = Settings.of(values);
        } catch (UsageException e) {
            throw new UsageException(run.config() + " asks for what this version refuses: " + e.getMessage() + "; a new run can start from its weights: --from " + Text.quoted(run.path().toString()));
        }
        if (!Files.exists(run.checkpoint()) && Files.exists(run.generator()))
            throw new FormatException(run.checkpoint().toString(), "is missing, though " + run.generator().getFileName()
                    + " is there: put it back, delete that one to start again at step 0, or add --new to start beside it");
    }

    private static SequencedMap<String, Object> withoutNulls(SequencedMap<String, Object> values) {
        values.values().removeIf(Objects::isNull);
        return values;
    }

    private static void requireEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) return;
        var own = Set.of(RunFolder.SAMPLES, RunFolder.LOCK);
        try (var files = Files.newDirectoryStream(folder, file -> !own.contains(file.getFileName().toString()))) {
            if (files.iterator().hasNext())
                throw new UsageException("--out " + folder
                        + " holds other files and no run (no config.json): choose another folder, or add --new to start beside it");
        }
    }

    /// The run's settings with those typed that may change: where and how fast it runs, and a later end.
    private Settings goingOn() {
        var differing = new ArrayList<String>();
        var fixed = new ArrayList<>(Keys.BITS);
        fixed.add("from");
        for (String key : fixed) {
            // Before they are checked together: what doesn't go with the stored ones was not asked for here.
            Object before = stored.values().get(key), now = Settings.canonical(key, typed.get(key));
            if (now != null && !now.equals(before)) differing.add(key + " was " + before + ", is " + now);
        }
        if (!differing.isEmpty()) throw Experiment.mismatch(run, differing);
        var values = new LinkedHashMap<>(stored.values());
        if (typed.containsKey("steps") || typed.containsKey("time")) {
            values.remove("steps");
            values.remove("time");
        }
        values.putAll(typed);
        values.values().removeIf(Objects::isNull);
        Settings merged = Settings.of(values);
        if (stored.values().get("steps") != null && merged.steps() < stored.steps())
            differing.add("steps was " + stored.steps() + ", is " + merged.steps());
        if (stored.text("time") != null && merged.seconds() < stored.seconds())
            differing.add("time was " + stored.text("time") + ", is " + merged.text("time"));
        if (!differing.isEmpty()) throw Experiment.mismatch(run, differing);
        return merged;
    }

    static BackEnds.Choice device(Settings settings) {
        return Devices.open(settings.device(), settings.threads(), settings.precision());
    }

    private void check(Data data) throws FormatException {
        var images = data.train();
        if (images.height() != Recipe.HEIGHT || images.width() != Recipe.WIDTH || images.channels() != Recipe.CHANNELS)
            throw new FormatException(data.name(), "has images of " + images.height() + "×" + images.width() + "×" + images.channels()
                    + ", recipe '"
                    + settings.recipe().id() + "' needs " + Recipe.HEIGHT + "×" + Recipe.WIDTH + "×" + Recipe.CHANNELS);
        if (settings.batch() * settings.pack() > images.count())
            throw new UsageException("--batch " + settings.batch() + (settings.pack() > 1 ? " --pack " + settings.pack() : "") + " is more than the " + Text.grouped(images.count())
                    + " images to train on: choose a smaller one, or more data");
    }

    private int dryRun(Experiment experiment, Data data, String device, boolean resumed) throws IOException {
        if (run == null) run = RunFolder.next(RunFolder.RUNS, settings.recipe().id(), data.name());
        if (resumed) experiment.restore(run);
        if (given.flag("json")) {
            out.print(Json.lines(settings.values()));
            return 0;
        }
        out.println("recipe  " + settings.recipe().id() + ": " + Text.grouped(experiment.generator().size()) + " weights in the generator, "
                + Text.grouped(experiment.discriminator().size()) + " in the discriminator");
        out.println("data    " + data.name() + ": " + Text.grouped(data.train().count()) + " images to train on, "
                + Text.grouped(data.heldOut().count()) + " held out");
        out.println("length  " + (settings.text("time") != null ? settings.text("time") : Text.counted(settings.steps(), "step") + ", "
                + epochs(settings.steps(), data)));
        out.println(device);
        out.println("run     " + run.path() + (resumed ? ", after step " + experiment.trainer().steps() : ", new"));
        out.println("config  " + Json.line(settings.values()));
        return 0;
    }

    private String epochs(long steps, Data data) {
        return Text.fixed((double) steps * settings.batch() * settings.pack() * settings.accumulate() / data.train().count(), 1) + " epochs";
    }

    private int complete(Experiment experiment, Training training) {
        if (given.flag("json")) out.println(Json.line(result(experiment, training, true)));
        else out.println("run " + run.path() + " is complete: " + Text.counted(experiment.trainer().steps(), "step")
                + "; to train it further, give a greater --steps or --time");
        return 0;
    }

    private int train(Experiment experiment, Training training, Data data) throws IOException {
        var interruption = new Interruption();
        try {
            training.run(interruption);
            boolean ended = training.ended();
            if (!ended) err.println("interrupted after step " + Text.grouped(experiment.trainer().steps())
                    + ": all saved; to go on: ./gannet train --out "
                    + Text.quoted(run.path().toString()));
            if (given.flag("json")) out.println(Json.line(result(experiment, training, ended)));
            else if (ended) tell(experiment, training, data);
            out.flush();
            return ended ? 0 : INTERRUPTED;
        } catch (DivergedException e) {
            err.println("gannet: " + e.getMessage() + "; " + (Files.exists(run.checkpoint()) ? "the last good checkpoint is " + run.checkpoint()
                    : "no checkpoint was saved before it") + "; try smaller learning rates, --lr-g and --lr-d");
            return DIVERGED;
        } catch (IOException e) {
            if (!interruption.requested()) throw e;
            // Java ends with the signal's code as soon as the interruption is closed, before anything else could tell of this.
            err.println("gannet: interrupted, and NOT saved: " + e.getMessage() + "; the run stands where its last checkpoint is");
            err.flush();
            Runtime.getRuntime().halt(NOT_SAVED);
            throw e;
        } finally {
            interruption.close();
        }
    }

    private void tell(Experiment experiment, Training training, Data data) {
        long steps = experiment.trainer().steps();
        out.println(Text.counted(steps, "step") + " (" + epochs(steps, data) + ") in " + Text.duration(training.seconds()));
        out.println("grid: " + run.sample(steps));
        if (training.last() != null && training.last().heldOut() != null) out.println(training.last().heldOut().text() + "\nbest: step " + Text.grouped(training.best().step())
                + ", distance " + Text.fixed(training.best().distance(), 3) + ": sample it with --weights best");
        out.println("run:  " + run.path() + "; for more images: ./gannet sample " + Text.quoted(run.path().toString()));
    }

    private Map<String, Object> result(Experiment experiment, Training training, boolean complete) {
        var result = new LinkedHashMap<String, Object>();
        long steps = experiment.trainer().steps();
        result.put("run", run.path().toString());
        result.put("recipe", settings.recipe().id());
        result.put("complete", complete);
        result.put("steps", steps);
        if (training.last() != null) result.putAll(training.last().json());
        result.remove("step");
        result.put("seconds", Math.round(training.seconds() * 100) / 100.0);
        result.put("grid", run.sample(steps).toString());
        result.put("checkpoint", run.checkpoint().toString());
        result.put("generator", run.generator().toString());
        if (Files.exists(run.best())) result.put("best", run.best().toString());
        return result;
    }
}
