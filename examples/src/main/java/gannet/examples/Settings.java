package gannet.examples;

import gannet.examples.Options.Kind;
import gannet.examples.Options.Option;
import gannet.gan.Alternation;
import gannet.gan.loss.GanLoss;
import gannet.gan.loss.Minimax;
import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.loss.Wasserstein;
import gannet.io.FormatException;
import gannet.kernel.BackEnds;
import gannet.optim.Adam;
import gannet.optim.RmsProp;
import gannet.optim.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// What a training run is to do: the value of every key of `config.json`, which are the options of `train`. Null is "not set": without an
/// end, with every processor, without a penalty.
record Settings(SequencedMap<String, Object> values) {
    /// The options that are keys of `config.json`, in its order. What a default depends on is said in words.
    static final List<Option> KEYS = List.of(
            Options.text("data", "DIR", null, "a folder of Fashion-MNIST or MNIST files (the embedded 10,000 images)"),
            Options.whole("steps", "N", null, "generator steps in all (2000, unless --time is given)"),
            Options.text("time", "T", null, "end after this time of training: 90s, 10m, 2h"),
            Options.whole("batch", "N", 64L, "images in a batch"),
            Options.whole("seed", "N", 0L, "of weights, z and the order of the data"),
            Options.text("device", "NAME", null, "auto, scalar, simd or cuda (system property gannet.device, else auto)"),
            Options.whole("threads", "N", null, "worker threads (all processors)"),
            Options.number("lr-g", "X", null, "the generator's learning rate (2e-4; for Wasserstein 1e-4 with a penalty, else 5e-5)"),
            Options.number("lr-d", "X", null, "the discriminator's (the same)"),
            Options.text("loss", "NAME", "modified-minimax", "modified-minimax, minimax, wasserstein or wasserstein-unconstrained"),
            Options.text("penalty", "NAME[:W]", null, "gradient: WGAN-GP's, with weight 10 if none is given"),
            Options.number("clip", "C", null, "bound the discriminator's weights to ±C; the WGAN paper's is 0.01"),
            Options.text("alternate", "D:G[epochs]", null, "discriminator steps (or epochs) to generator steps (1:1; for Wasserstein 5:1)"),
            Options.text("norm-d", "batch|none", null, "the discriminator's normalisation (the recipe's; none with a penalty)"),
            Options.whole("save-every", "N", 200L, "steps from checkpoint to checkpoint"),
            Options.whole("sample-every", "N", 100L, "steps from sample grid to sample grid"),
            Options.text("from", "RUN", null, "start from another run's weights"));

    static final String RECIPE = "recipe";
    static final long STEPS = 2000;

    /// The keys that the bits of a run depend on, which a checkpoint records and a resumed run must not change.
    static final List<String> BITS = List.of(RECIPE, "batch", "seed", "lr-g", "lr-d", "loss", "penalty", "clip", "alternate", "norm-d");

    /// The keys whose defaults depend on others: on the recipe, the loss and the penalty.
    static final List<String> DERIVED = List.of("lr-g", "lr-d", "alternate", "norm-d");

    /// In 32-bit floats the random numbers' step counts exactly up to here.
    private static final long MOST_STEPS = 1 << 24;
    private static final String IN_FLOATS = " that a 32-bit float holds, and below 1e18";
    private static final List<String> LOSSES = List.of("modified-minimax", "minimax", "wasserstein", "wasserstein-unconstrained");
    /// Named in the design, not built yet.
    private static final List<String> LATER = List.of("unroll", "pack", "noise", "ema", "augment");

    /// Refuses the options of versions to come, by name.
    static void refuseLater(String key) {
        if (LATER.contains(key)) throw new UsageException("option --" + key + " is not in this version");
    }

    /// The declaration of a key of `config.json`.
    static Option key(String name) {
        refuseLater(name);
        if (name.equals(RECIPE)) return Options.text(RECIPE, "NAME", Recipe.DCGAN.id(), "");
        for (Option option : KEYS) if (option.name().equals(name)) return option;
        var names = new ArrayList<>(KEYS.stream().map(Option::name).toList());
        names.add(RECIPE);
        throw new UsageException("there is no setting '" + name + "'; did you mean '" + Options.nearest(name, names) + "'?");
    }

    /// The settings in a parsed `config.json`, which may leave out keys.
    static SequencedMap<String, Object> fromJson(String file, Object json) throws FormatException {
        if (!(json instanceof Map<?, ?> map)) throw new FormatException(file, "holds no object, expected the settings {\"batch\": 64, …}");
        var values = new LinkedHashMap<String, Object>();
        for (var entry : map.entrySet()) {
            String name = (String) entry.getKey();
            Object value = entry.getValue();
            Option option = key(name);
            if (option.kind() == Kind.NUMBER && value instanceof Long whole) value = (double) whole;
            boolean fits = value == null || switch (option.kind()) {
                case FLAG -> value instanceof Boolean;
                case TEXT -> value instanceof String text && !text.isEmpty();
                case WHOLE -> value instanceof Long;
                case NUMBER -> value instanceof Double;
            };
            if (!fits) throw new FormatException(file, "'" + name + "' is " + value + ", expected " + switch (option.kind()) {
                case FLAG -> "true or false";
                case TEXT -> "a string that isn't empty";
                case WHOLE -> "a whole number";
                case NUMBER -> "a number";
            });
            values.put(name, value);
        }
        return values;
    }

    /// Checks `typed` and puts the defaults, which depend on the recipe and the loss, into what it leaves out.
    static Settings of(Map<String, Object> typed) {
        var values = new LinkedHashMap<String, Object>();
        values.put(RECIPE, typed.getOrDefault(RECIPE, Recipe.DCGAN.id()));
        for (Option option : KEYS) values.put(option.name(), typed.get(option.name()) == null ? option.standard() : typed.get(option.name()));
        var settings = new Settings(values);
        settings.complete();
        settings.check();
        return settings;
    }

    /// The value as [#of] keeps it, which gives the penalty's weight a value; null stays null.
    static Object canonical(String key, Object value) {
        return key.equals("penalty") && value instanceof String text ? "gradient:" + penaltyWeight(text) : value;
    }

    /// Whether `typed` asks for another recipe, loss or penalty than a configuration `read`: the rates there, which may be no more than that
    /// recipe's and loss's defaults, are then not meant for it.
    static boolean otherDefaults(Map<String, Object> read, Map<String, Object> typed) {
        for (String key : List.of(RECIPE, "loss", "penalty")) {
            Object before = read.getOrDefault(key, key(key).standard());
            if (typed.containsKey(key) && !canonical(key, typed.get(key)).equals(canonical(key, before))) return true;
        }
        return false;
    }

    private void complete() {
        Recipe recipe = recipe();
        if (values.get("steps") == null && values.get("time") == null) values.put("steps", STEPS);
        values.replaceAll(Settings::canonical);
        String penalty = text("penalty");
        boolean critic = loss().needsLipschitz() || text("loss").startsWith("wasserstein");
        double rate = !critic ? 2e-4 : penalty != null ? 1e-4 : 5e-5;
        values.putIfAbsent("lr-g", rate);
        values.putIfAbsent("lr-d", rate);
        values.putIfAbsent("alternate", critic ? "5:1" : "1:1");
        values.putIfAbsent("norm-d", recipe.normalises() && penalty == null ? "batch" : "none");
    }

    private void check() {
        positive("batch");
        positive("threads");
        positive("steps");
        positive("save-every");
        positive("sample-every");
        above("lr-g");
        above("lr-d");
        above("clip");
        if (values.get("steps") != null && whole("steps") > MOST_STEPS)
            throw new UsageException("--steps " + whole("steps") + ": expected at most " + MOST_STEPS);
        if (whole("batch") > 1 << 20) throw new UsageException("--batch " + whole("batch") + ": expected at most " + (1 << 20));
        if (values.get("threads") != null && whole("threads") > 1024)
            throw new UsageException("--threads " + whole("threads") + ": expected at most 1024");
        if (text("time") != null) Text.seconds(text("time"));
        alternation(1);
        if (!text("norm-d").equals("batch") && !text("norm-d").equals("none"))
            throw new UsageException("--norm-d " + text("norm-d") + ": expected batch or none");
        if (text("norm-d").equals("batch") && !recipe().normalises())
            throw new UsageException("--norm-d batch: recipe '" + recipe().id()
                    + "' has no batch norm in its discriminator; leave the option out");
        if (loss().needsLipschitz() && text("penalty") == null && values.get("clip") == null)
            throw new UsageException("--loss wasserstein needs a Lipschitz device: add --clip 0.01 or --penalty gradient, or ask for"
                    + " wasserstein-unconstrained by name");
    }

    private void positive(String key) {
        if (values.get(key) != null && whole(key) < 1) throw new UsageException("--" + key + " " + whole(key) + ": expected at least 1");
    }

    private void above(String key) {
        if (values.get(key) != null && !isFloatAboveZero(number(key)))
            throw new UsageException("--" + key + " " + number(key) + ": expected a number above 0" + IN_FLOATS);
    }

    /// What the kernels compute with: a smaller number would be 0 there, and the square of a greater one infinity.
    private static boolean isFloatAboveZero(double value) {
        return (float) value > 0 && value < 1e18;
    }

    private static double penaltyWeight(String text) {
        String name = text.contains(":") ? text.substring(0, text.indexOf(':')) : text;
        if (!name.equals("gradient")) throw new UsageException("there is no penalty '" + name + "'; did you mean gradient?");
        if (name.equals(text)) return 10;
        double weight = (Double) Options.value(Options.number("penalty gradient:", "W", null, ""), text.substring(name.length() + 1));
        if (!isFloatAboveZero(weight)) throw new UsageException("--penalty " + text + ": expected a weight above 0" + IN_FLOATS);
        return weight;
    }

    Recipe recipe() {
        return Recipe.of(text(RECIPE));
    }

    GanLoss loss() {
        return switch (text("loss")) {
            case "modified-minimax" -> new ModifiedMinimax();
            case "minimax" -> new Minimax();
            case "wasserstein" -> new Wasserstein();
            case "wasserstein-unconstrained" -> new Wasserstein(true);
            case String other -> throw new UsageException("there is no loss '" + other + "'; did you mean " + Options.nearest(other, LOSSES)
                    + "? there are: " + String.join(", ", LOSSES));
        };
    }

    /// The optimiser of the paper that the loss is from: DCGAN's Adam, WGAN's RMSProp (Arjovsky et al. 2017, Algorithm 1), or with a penalty
    /// WGAN-GP's Adam (Gulrajani et al. 2017, Algorithm 1).
    Rule rule() {
        if (!text("loss").startsWith("wasserstein")) return Adam.DCGAN;
        return text("penalty") != null ? new Adam(0, 0.9, 1e-8) : RmsProp.WGAN;
    }

    /// The penalty's weight, 0 for none.
    double penalty() {
        return text("penalty") == null ? 0 : penaltyWeight(text("penalty"));
    }

    /// The bound of the discriminator's weights; infinity for none.
    double clip() {
        return values.get("clip") == null ? Double.POSITIVE_INFINITY : number("clip");
    }

    boolean normD() {
        return text("norm-d").equals("batch");
    }

    /// Who takes how many steps, where an epoch has `batches` steps.
    Alternation alternation(int batches) {
        String text = text("alternate"), ratio = text.endsWith("epochs") ? text.substring(0, text.length() - "epochs".length()) : text;
        int colon = ratio.indexOf(':');
        try {
            int d = Integer.parseInt(ratio.substring(0, Math.max(0, colon))), g = Integer.parseInt(ratio.substring(colon + 1));
            return ratio.length() == text.length() ? Alternation.steps(d, g) : Alternation.epochs(d, g, batches);
        } catch (IllegalArgumentException | ArithmeticException _) {
            throw new UsageException("--alternate " + text
                    + ": expected discriminator to generator steps, such as 5:1, or epochs, such as 5:1epochs");
        }
    }

    int batch() {
        return (int) whole("batch");
    }

    long seed() {
        return whole("seed");
    }

    /// The total of steps; the most there can be where only the time ends the run.
    long steps() {
        return values.get("steps") == null ? MOST_STEPS : whole("steps");
    }

    /// The seconds after which the run ends.
    double seconds() {
        return text("time") == null ? Double.POSITIVE_INFINITY : Text.seconds(text("time"));
    }

    String device() {
        return text("device") == null ? BackEnds.device() : text("device");
    }

    int threads() {
        return values.get("threads") == null ? Runtime.getRuntime().availableProcessors() : (int) whole("threads");
    }

    /// May be null.
    String text(String key) {
        return (String) values.get(key);
    }

    long whole(String key) {
        return (Long) values.get(key);
    }

    double number(String key) {
        return (Double) values.get(key);
    }

    /// The values that the run's bits depend on, for the checkpoint's metadata.
    Map<String, String> bits() {
        var bits = new LinkedHashMap<String, String>();
        for (String key : BITS) bits.put(key, String.valueOf(values.get(key)));
        return bits;
    }
}
