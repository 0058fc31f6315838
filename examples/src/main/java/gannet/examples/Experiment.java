package gannet.examples;

import gannet.gan.Conditions;
import gannet.gan.GanTrainer;
import gannet.gan.Objective;
import gannet.gan.Player;
import gannet.gan.Preflight;
import gannet.gan.Prior;
import gannet.io.Checkpoint;
import gannet.io.FormatException;
import gannet.io.Safetensors;
import gannet.kernel.Kernels;
import gannet.nn.Conditional;
import gannet.nn.Layers;
import gannet.nn.Weights;
import gannet.optim.Optimizer;
import gannet.tensor.Randoms;
import gannet.tensor.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// The parts of a run put together: two networks, their optimisers, the loss, the data, and a trainer over all of them; and how they are
/// saved and restored.
final class Experiment {
    private static final String FORMAT = "format", STEP = "step", BACK_END = "backend", DATA = "data", PRIOR = "prior", SEED = "seed", DISTANCE = "distance";
    /// Plain discriminators need some tens of steps; under spectral norm, a penalty, noise and augmentation together it was 200.
    private static final int PREFLIGHT_STEPS = 1000;
    private static final String CHECKPOINT_FORMAT = "gannet-checkpoint-1", GENERATOR_FORMAT = "gannet-generator-1";

    private final Settings settings;
    private final Kernels kernels;
    private final String fingerprint;
    private final Labels labels;
    private final Weights<?> generator, discriminator;
    private final Remedies remedies;
    private final Preflight preflight;
    private final GanTrainer trainer;

    Experiment(Settings settings, Data data, Kernels kernels) throws FormatException {
        this.settings = settings;
        this.kernels = kernels;
        Recipe recipe = settings.recipe();
        this.fingerprint = data.fingerprint(recipe.labelled());
        labels = Labels.of(recipe, settings.text("condition"), data);
        Layers layers = recipe.layers(kernels, settings.seed());
        generator = recipe.generator(layers, labels);
        discriminator = recipe.discriminator(layers, Design.of(settings), labels);
        var g = new Player(generator, new Optimizer(generator, settings.rule(), settings.number("lr-g")));
        var d = new Player(discriminator, new Optimizer(discriminator, settings.rule(), settings.number("lr-d"), settings.clip()));
        var randoms = new Randoms(kernels, settings.seed());
        remedies = new Remedies(settings, g, d, randoms);
        Objective objective = remedies.objective(labels.with(Objective.of(settings.loss())));
        int images = settings.batch() * settings.pack();
        var source = labels.source(kernels, data.train(), images, settings.seed());
        var alternation = settings.alternation(Math.max(1, data.train().count() / images / settings.accumulate()));
        Prior prior = settings.latent().of(randoms, Prior.USE, recipe.z());
        Conditions conditions = labels.conditions(randoms);
        preflight = new Preflight(g, d, objective, prior, conditions, source, randoms, settings.batch());
        trainer = new GanTrainer(g, d, objective, prior, conditions, source, randoms, remedies.procedure(alternation));
    }

    GanTrainer trainer() {
        return trainer;
    }

    Labels labels() {
        return labels;
    }

    Weights<?> generator() {
        return generator;
    }

    Weights<?> discriminator() {
        return discriminator;
    }

    /// The generator that pictures are drawn from: at the average of its weights, if the run keeps one.
    Conditional shown() {
        return remedies.shown();
    }

    /// Sees that D can tell the untrained generator's images, and leaves everything as it was; the steps that D took.
    int preflight() {
        return preflight.run(PREFLIGHT_STEPS);
    }

    /// Saves the generator for sampling, and at averaged weights if there are such, then all that is needed to go on: whatever stops it between the two, the
    /// checkpoint is never ahead.
    void save(RunFolder run) throws IOException {
        Checkpoint.save(run.generator(), generator.states(), generatorMetadata());
        if (remedies.averages()) Checkpoint.save(run.averagedGenerator(), remedies.averagedStates(), generatorMetadata());
        Checkpoint.save(run.checkpoint(), trainer.states(), metadata());
    }

    /// Saves the generator that pictures are drawn from, as it is now, as the run's best.
    void saveBest(RunFolder run, Best best) throws IOException {
        var metadata = generatorMetadata();
        metadata.put(DISTANCE, Double.toString(best.distance()));
        Checkpoint.save(run.best(), remedies.averages() ? remedies.averagedStates() : generator.states(), metadata);
    }

    /// The step whose images were nearest to held-out ones, and how near.
    record Best(long step, double distance) {
        /// Any step is better.
        static final Best NONE = new Best(0, Double.POSITIVE_INFINITY);
        private static final String REMEDY = "put it back, or delete it, and the best is looked for from here on";

        /// The one saved in a run's folder.
        static Best of(RunFolder run) throws IOException {
            if (!Files.exists(run.best())) return NONE;
            try {
                Map<String, String> metadata = Checkpoint.metadata(run.best());
                requireFormat(run.best(), metadata, GENERATOR_FORMAT);
                return new Best(Saved.number(run.best(), metadata, STEP), Double.parseDouble(metadata.getOrDefault(DISTANCE, "")));
            } catch (NumberFormatException e) {
                throw new FormatException(run.best().toString(), "has no number '" + DISTANCE + "' in its metadata: " + REMEDY, e);
            } catch (FormatException e) {
                throw new FormatException(run.best().toString(), "can't be read: " + REMEDY + " (" + e.getMessage() + ")", e);
            }
        }
    }

    /// What the run's bits depend on, and how far it is; no time, path or number of threads.
    private Map<String, String> metadata() {
        var metadata = new TreeMap<>(settings.bits());
        metadata.put(FORMAT, CHECKPOINT_FORMAT);
        metadata.put(BACK_END, backEnd());
        metadata.put(DATA, fingerprint);
        metadata.put(STEP, Long.toString(trainer.steps()));
        return metadata;
    }

    private TreeMap<String, String> generatorMetadata() {
        var metadata = new TreeMap<>(labels.metadata());
        metadata.put(FORMAT, GENERATOR_FORMAT);
        metadata.put(Settings.RECIPE, settings.recipe().id());
        metadata.put(PRIOR, settings.latent().id());
        metadata.put(SEED, Long.toString(settings.seed()));
        metadata.put(STEP, Long.toString(trainer.steps()));
        return metadata;
    }

    private String backEnd() {
        return kernels.name() + ": " + kernels.description();
    }

    /// Goes to where the run's checkpoint was written.
    void restore(RunFolder run) throws IOException {
        Path file = run.checkpoint();
        Map<String, String> saved = Checkpoint.metadata(file);
        requireFormat(file, saved, CHECKPOINT_FORMAT);
        if (!backEnd().equals(saved.get(BACK_END)))
            throw new UsageException(file + " was written by back end " + saved.get(BACK_END) + ", this is " + backEnd()
                    + ", whose bits are others: choose the former with"
                    + " --device and --precision, or start a new run from its weights: --from " + Text.quoted(run.path().toString()));
        var differing = new ArrayList<String>();
        var keys = new TreeSet<>(metadata().keySet());
        keys.addAll(Keys.BITS);
        keys.remove(STEP);
        for (String key : keys) {
            String before = saved.getOrDefault(key, "null"), now = metadata().getOrDefault(key, "null");
            if (!before.equals(now) && !(saved.get(key) == null && isStandard(key, now))) differing.add(key + " was " + before + ", is " + now);
        }
        if (!differing.isEmpty()) throw mismatch(run, differing);
        Checkpoint.load(file, trainer.states());
        if (!Long.toString(trainer.steps()).equals(saved.get(STEP)))
            throw new FormatException(file.toString(), "says in its metadata that it is of step " + saved.get(STEP) + ", its step counter is "
                    + trainer.steps() + ": the file is damaged");
    }

    /// Whether a checkpoint that doesn't name the setting, older than it is, had this value.
    private static boolean isStandard(String key, String value) {
        return Keys.BITS.contains(key) && value.equals(String.valueOf(Keys.named(key).standard()));
    }

    /// What to answer to a run that was begun otherwise.
    static UsageException mismatch(RunFolder run, List<String> differing) {
        return new UsageException("run " + run.path() + " was begun with other settings: " + String.join("; ", differing)
                + "; leave these options out to go on, or add --new to start beside it");
    }

    /// Takes over the weights and running statistics of another run of the same recipe, nothing else.
    void startFrom(RunFolder other) throws IOException {
        if (!Files.exists(other.checkpoint()))
            throw new UsageException("--from " + other.path() + ": expected a run's folder, with a " + other.checkpoint().getFileName() + " in it");
        Map<String, String> saved = Checkpoint.metadata(other.checkpoint());
        requireFormat(other.checkpoint(), saved, CHECKPOINT_FORMAT);
        for (String key : List.of(Settings.RECIPE, "prior", "norm-d", "pack", "minibatch-stddev", "condition")) {
            String its = saved.getOrDefault(key, String.valueOf(Keys.named(key).standard())), own = String.valueOf(settings.values().get(key));
            if (!its.equals(own)) throw new UsageException("--from " + other.path() + ": its " + key + " is " + its + ", this run's " + own + ": the weights don't fit");
        }
        List<State> weights = new ArrayList<>(generator.states());
        weights.addAll(discriminator.states());
        Checkpoint.loadPart(other.checkpoint(), weights);
    }

    private static void requireFormat(Path file, Map<String, String> metadata, String format) throws FormatException {
        if (!format.equals(metadata.get(FORMAT)))
            throw new FormatException(file.toString(), "says its format is " + metadata.get(FORMAT) + ", expected " + format);
    }

    /// A generator that was saved by a run.
    record Saved(Recipe recipe, Labels labels, Weights<?> generator, Latent latent, long seed, long step) {
        static Saved load(Path file, Kernels kernels) throws IOException {
            Map<String, String> metadata = Checkpoint.metadata(file);
            requireFormat(file, metadata, GENERATOR_FORMAT);
            String id = metadata.get(Settings.RECIPE);
            if (!Recipe.ids().contains(id))
                throw new FormatException(file.toString(), "is of recipe '" + id + "', which this version doesn't have");
            Recipe recipe = Recipe.of(id);
            Labels labels = Labels.of(file.toString(), recipe, metadata);
            String prior = metadata.getOrDefault(PRIOR, Latent.NORMAL.id()); // an older file has no other
            if (!Latent.IDS.contains(prior)) throw new FormatException(file.toString(), "is of prior '" + prior + "', which this version doesn't have");
            Weights<?> generator = recipe.generator(recipe.layers(kernels, 0), labels);
            requireElements(file, generator.states().getFirst(), kernels);
            Checkpoint.load(file, generator.states());
            return new Saved(recipe, labels, generator, Latent.named(prior), number(file, metadata, SEED), number(file, metadata, STEP));
        }

        private static void requireElements(Path file, State first, Kernels kernels) throws IOException {
            boolean wide;
            try (var in = Safetensors.open(file)) {
                wide = in.entry(first.name()).type() == Safetensors.Type.F64;
            }
            if (wide != first.wide())
                throw new UsageException(file + " holds " + (wide ? 64 : 32) + "-bit floats, back end '" + kernels.name()
                        + "' computes in others: choose --device " + (wide ? "reference" : "simd or scalar"));
        }

        private static long number(Path file, Map<String, String> metadata, String key) throws FormatException {
            try {
                return Long.parseLong(metadata.getOrDefault(key, ""));
            } catch (NumberFormatException e) {
                throw new FormatException(file.toString(), "has no whole number '" + key + "' in its metadata", e);
            }
        }
    }
}
