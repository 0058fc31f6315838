package gannet.examples;

import gannet.data.ImageSource;
import gannet.gan.GanTrainer;
import gannet.gan.Objective;
import gannet.gan.Player;
import gannet.gan.Prior;
import gannet.gan.Procedure;
import gannet.gan.penalty.GradientPenalty;
import gannet.io.Checkpoint;
import gannet.io.FormatException;
import gannet.io.Safetensors;
import gannet.kernel.Kernels;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.optim.Optimizer;
import gannet.tensor.Randoms;
import gannet.tensor.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The parts of a run put together: two networks, their optimisers, the loss, the data, and a trainer over all of them; and how they are
/// saved and restored.
final class Experiment {
    private static final String FORMAT = "format", STEP = "step", BACK_END = "backend", DATA = "data", SEED = "seed";
    private static final String CHECKPOINT_FORMAT = "gannet-checkpoint-1", GENERATOR_FORMAT = "gannet-generator-1";

    private final Settings settings;
    private final Kernels kernels;
    private final String fingerprint;
    private final Network generator, discriminator;
    private final GanTrainer trainer;

    Experiment(Settings settings, Data data, Kernels kernels) {
        this.settings = settings;
        this.kernels = kernels;
        this.fingerprint = data.fingerprint();
        Recipe recipe = settings.recipe();
        Layers layers = recipe.layers(kernels, settings.seed());
        generator = recipe.generator(layers);
        discriminator = recipe.discriminator(layers, settings.normD());
        var g = new Player(generator, new Optimizer(generator, settings.rule(), settings.number("lr-g")));
        var d = new Player(discriminator, new Optimizer(discriminator, settings.rule(), settings.number("lr-d"), settings.clip()));
        var randoms = new Randoms(kernels, settings.seed());
        Objective objective = Objective.of(settings.loss());
        if (settings.penalty() > 0) objective = objective.with(new GradientPenalty(settings.penalty(), randoms));
        var source = ImageSource.of(kernels, data.train(), settings.batch(), settings.seed());
        var alternation = settings.alternation(data.train().count() / settings.batch());
        trainer = new GanTrainer(g, d, objective, Prior.normal(randoms, recipe.z()), source, randoms,
                Procedure.of(settings.batch()).with(alternation));
    }

    GanTrainer trainer() {
        return trainer;
    }

    Network generator() {
        return generator;
    }

    Network discriminator() {
        return discriminator;
    }

    /// Saves the generator for sampling, then all that is needed to go on: whatever stops it between the two, the checkpoint is never ahead.
    void save(RunFolder run) throws IOException {
        Checkpoint.save(run.generator(), generator.states(), generatorMetadata());
        Checkpoint.save(run.checkpoint(), trainer.states(), metadata());
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

    private Map<String, String> generatorMetadata() {
        return Map.of(FORMAT, GENERATOR_FORMAT, Settings.RECIPE, settings.recipe().id(), SEED, Long.toString(settings.seed()), STEP,
                Long.toString(trainer.steps()));
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
                    + " --device, or start a new run from its weights: --from " + Text.quoted(run.path().toString()));
        var differing = new ArrayList<String>();
        metadata().forEach((key, value) -> {
            if (!key.equals(STEP) && !value.equals(saved.get(key))) differing.add(key + " was " + saved.get(key) + ", is " + value);
        });
        if (!differing.isEmpty()) throw mismatch(run, differing);
        Checkpoint.load(file, trainer.states());
        if (!Long.toString(trainer.steps()).equals(saved.get(STEP)))
            throw new FormatException(file.toString(), "says in its metadata that it is of step " + saved.get(STEP) + ", its step counter is "
                    + trainer.steps() + ": the file is damaged");
    }

    /// What to answer to a run that was begun otherwise.
    static UsageException mismatch(RunFolder run, List<String> differing) {
        return new UsageException("run " + run.path() + " was begun with other settings: " + String.join("; ", differing)
                + "; leave these options out to go on, or add --new to start beside it");
    }

    /// Takes over the weights and running statistics of another run of the same recipe, nothing else.
    void startFrom(RunFolder other) throws IOException {
        Map<String, String> saved = Checkpoint.metadata(other.checkpoint());
        requireFormat(other.checkpoint(), saved, CHECKPOINT_FORMAT);
        for (String key : List.of(Settings.RECIPE, "norm-d"))
            if (!settings.text(key).equals(saved.get(key)))
                throw new UsageException("--from " + other.path() + ": its " + key + " is " + saved.get(key) + ", this run's "
                        + settings.text(key) + ": the weights don't fit");
        List<State> weights = new ArrayList<>(generator.states());
        weights.addAll(discriminator.states());
        Checkpoint.loadPart(other.checkpoint(), weights);
    }

    private static void requireFormat(Path file, Map<String, String> metadata, String format) throws FormatException {
        if (!format.equals(metadata.get(FORMAT)))
            throw new FormatException(file.toString(), "says its format is " + metadata.get(FORMAT) + ", expected " + format);
    }

    /// A generator that was saved by a run.
    record Saved(Recipe recipe, Network generator, long seed, long step) {
        static Saved load(Path file, Kernels kernels) throws IOException {
            Map<String, String> metadata = Checkpoint.metadata(file);
            requireFormat(file, metadata, GENERATOR_FORMAT);
            String id = metadata.get(Settings.RECIPE);
            if (!Recipe.ids().contains(id))
                throw new FormatException(file.toString(), "is of recipe '" + id + "', which this version doesn't have");
            Recipe recipe = Recipe.of(id);
            Network generator = recipe.generator(recipe.layers(kernels, 0));
            requireElements(file, generator.states().getFirst(), kernels);
            Checkpoint.load(file, generator.states());
            return new Saved(recipe, generator, number(file, metadata, SEED), number(file, metadata, STEP));
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
