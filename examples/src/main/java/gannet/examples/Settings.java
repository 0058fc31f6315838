package gannet.examples;

import gannet.examples.Options.Kind;
import gannet.examples.Options.Option;
import gannet.gan.Alternation;
import gannet.gan.loss.GanLoss;
import gannet.gan.loss.LabelSmoothing;
import gannet.gan.loss.Losses;
import gannet.gan.penalty.Penalties;
import gannet.gan.remedy.Augmentation;
import gannet.gan.remedy.DiffAugment;
import gannet.gan.remedy.InstanceNoise.Decay;
import gannet.io.FormatException;
import gannet.kernel.BackEnds;
import gannet.optim.Adam;
import gannet.optim.Optimistic;
import gannet.optim.RmsProp;
import gannet.optim.Rule;
import gannet.optim.Sgd;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/// What a training run is to do: the value of every key of `config.json` ([Keys]). Null is "not set": without an end, with every processor, without a
/// penalty.
record Settings(SequencedMap<String, Object> values) {
    static final String RECIPE = Keys.RECIPE;
    static final long STEPS = 2000;
    /// In 32-bit floats the random numbers' step counts exactly up to here.
    static final long MOST_STEPS = 1 << 24;
    static final List<String> SCHEDULES = List.of("constant", "linear", "cosine", "exponential");

    private static final String ADA = "ada", SGD = "sgd";
    private static final List<String> OPTIMIZERS = List.of("adam", "optimistic-adam", "extra-adam", "rmsprop", SGD);

    /// The settings in a parsed `config.json`, which may leave out keys.
    static SequencedMap<String, Object> fromJson(String file, Object json) throws FormatException {
        if (!(json instanceof Map<?, ?> map)) throw new FormatException(file, "holds no object, expected the settings {\"batch\": 64, …}");
        var values = new LinkedHashMap<String, Object>();
        for (var entry : map.entrySet()) {
            String name = (String) entry.getKey();
            Object value = entry.getValue();
            Option option = Keys.named(name);
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
        for (Option option : Keys.ALL) values.put(option.name(), typed.get(option.name()) == null ? option.standard() : typed.get(option.name()));
        var settings = new Settings(values);
        settings.complete();
        Checks.check(settings);
        return settings;
    }

    /// The value as [#of] keeps it, whatever way it was typed in; null stays null.
    static Object canonical(String key, Object value) {
        if (!(value instanceof String text)) return value;
        return switch (key) {
            case "penalty" -> String.join("+", penalties(text).stream().map(Penalties.Setting::toString).toList());
            case "noise" -> Noise.parse(text).toString();
            case "augment" -> {
                if (!text.equals(ADA)) policy(text);
                yield text.replace(" ", "");
            }
            default -> value;
        };
    }

    /// Whether `typed` asks for another recipe, loss, penalty or optimiser than a configuration `read`: the rates there, which may be no more than that
    /// recipe's and loss's defaults, are then not meant for it.
    static boolean otherDefaults(Map<String, Object> read, Map<String, Object> typed) {
        for (String key : List.of(RECIPE, "loss", "penalty", "optimizer")) {
            Object before = read.getOrDefault(key, Keys.named(key).standard());
            if (typed.containsKey(key) && !canonical(key, typed.get(key)).equals(canonical(key, before))) return true;
        }
        return false;
    }

    private void complete() {
        Recipe recipe = recipe();
        if (values.get("steps") == null && values.get("time") == null) values.put("steps", STEPS);
        values.replaceAll(Settings::canonical);
        boolean onGradients = perSample();
        if (SGD.equals(text("optimizer")) && !(has("lr-g") && has("lr-d")))
            throw new UsageException("--optimizer sgd: it has no usual rates for GANs, and Adam's are far too small for it; give --lr-g and --lr-d, such as 0.01");
        double rate = !critic() ? 2e-4 : onGradients ? 1e-4 : 5e-5;
        values.putIfAbsent("lr-g", rate);
        values.putIfAbsent("lr-d", rate);
        values.putIfAbsent("alternate", critic() && !extragradient() ? "5:1" : "1:1");
        values.putIfAbsent("norm-d", recipe.normalises() && !onGradients ? Norm.BATCH.id() : Norm.NONE.id());
        if (schedules() && has("steps")) values.putIfAbsent("schedule-steps", whole("steps"));
        if (recipe.labelled()) {
            values.putIfAbsent("condition", recipe.way().id());
            values.putIfAbsent("ema", 0.995); // Karras et al. 2018 have 0.999, which after 2,000 steps still holds an eighth of the untrained weights
        }
    }

    private boolean critic() {
        return text("loss").startsWith("wasserstein");
    }

    Recipe recipe() {
        return Recipe.of(text(RECIPE));
    }

    GanLoss loss() {
        try {
            GanLoss loss = Losses.named(text("loss"));
            if (!has("smooth")) return loss;
            if (loss instanceof LabelSmoothing)
                throw new UsageException("--smooth " + number("smooth") + ": loss '" + loss.name() + "' is smoothed already; choose it without -smoothed");
            return new LabelSmoothing(loss, number("smooth"));
        } catch (IllegalArgumentException e) {
            boolean known = Losses.names().contains(text("loss"));
            throw new UsageException((known ? "--smooth " + number("smooth") : "--loss " + text("loss")) + ": " + e.getMessage());
        }
    }

    /// The penalties by name and weight; none: empty.
    List<Penalties.Setting> penalties() {
        return text("penalty") == null ? List.of() : penalties(text("penalty"));
    }

    private static List<Penalties.Setting> penalties(String text) {
        var penalties = new ArrayList<Penalties.Setting>();
        for (String each : text.split("[+,](?=[a-zA-Z ]|$)", -1)) {
            Penalties.Setting penalty;
            try {
                penalty = Penalties.parse(each.strip());
            } catch (IllegalArgumentException e) {
                throw new UsageException("--penalty " + text + ": " + e.getMessage());
            }
            if (!Checks.isFloatAboveZero(penalty.weight()))
                throw new UsageException("--penalty " + text + ": expected a weight above 0 that a 32-bit float holds, and below 1e18");
            if (penalties.stream().anyMatch(p -> p.name().equals(penalty.name()))) throw new UsageException("--penalty " + text + ": '" + penalty.name() + "' is named twice");
            penalties.add(penalty);
        }
        return penalties;
    }

    /// Whether a penalty goes by the gradient of each sample's logit.
    boolean perSample() {
        return penalties().stream().anyMatch(Penalties.Setting::perSample);
    }

    /// The optimiser asked for or, if none is, that of the paper that the loss is from: DCGAN's Adam, WGAN's RMSProp (Arjovsky et al. 2017, Algorithm 1), or
    /// with a penalty WGAN-GP's Adam (Gulrajani et al. 2017, Algorithm 1).
    Rule rule() {
        String name = optimizer();
        return switch (name) {
            case "adam", "extra-adam" -> adam();
            case "optimistic-adam" -> new Optimistic(adam());
            case "rmsprop" -> RmsProp.WGAN;
            case SGD -> new Sgd(0); // Goodfellow et al. 2014, Algorithm 1
            default -> throw new UsageException("--optimizer " + name + ": did you mean " + Options.nearest(name, OPTIMIZERS) + "? there are: " + String.join(", ", OPTIMIZERS));
        };
    }

    /// The optimiser's name, typed or not.
    String optimizer() {
        return has("optimizer") ? text("optimizer") : critic() && !perSample() ? "rmsprop" : "adam";
    }

    private Adam adam() {
        Adam standard = critic() ? Adam.SAGAN : Adam.DCGAN;
        return new Adam(has("beta1") ? number("beta1") : standard.beta1(), has("beta2") ? number("beta2") : standard.beta2(), standard.epsilon());
    }

    /// Whether both players look ahead before they move.
    boolean extragradient() {
        return "extra-adam".equals(text("optimizer"));
    }

    /// The bound of the discriminator's weights; infinity for none.
    double clip() {
        return has("clip") ? number("clip") : Double.POSITIVE_INFINITY;
    }

    Norm norm() {
        return Norm.valueOf(text("norm-d").toUpperCase(Locale.ROOT));
    }

    Latent latent() {
        return Latent.named(text("prior"));
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

    /// Instance noise: its deviation at first, and how that comes down.
    record Noise(double sigma, Decay decay) {
        static Noise parse(String text) {
            int colon = text.indexOf(':');
            String number = colon < 0 ? text : text.substring(0, colon), decay = colon < 0 ? "constant" : text.substring(colon + 1);
            double sigma = (Double) Options.value(Options.number("noise", "S", null, ""), number);
            for (Decay each : Decay.values())
                if (each.name().equalsIgnoreCase(decay)) {
                    if (!Checks.isFloatAboveZero(sigma)) throw new UsageException("--noise " + text + ": expected a deviation above 0, such as 0.1:linear");
                    return new Noise(sigma, each);
                }
            throw new UsageException("--noise " + text + ": expected a deviation and, if it is to come down to 0, how: such as 0.1, 0.1:linear or 0.1:exponential");
        }

        boolean decays() {
            return decay != Decay.CONSTANT;
        }

        @Override public String toString() {
            return sigma + (decays() ? ":" + decay.name().toLowerCase(Locale.ROOT) : "");
        }
    }

    /// Whether something changes over the length of the run.
    boolean schedules() {
        return noise() != null && noise().decays() || annealed() || !text("lr-schedule").equals("constant");
    }

    /// Whether a penalty's weight is annealed.
    boolean annealed() {
        return penalties().stream().anyMatch(Penalties.Setting::annealed);
    }

    /// Over how many steps it does.
    long scheduleSteps() {
        return has("schedule-steps") ? whole("schedule-steps") : 1;
    }

    /// Null: none.
    Noise noise() {
        return has("noise") ? Noise.parse(text("noise")) : null;
    }

    /// Whether the augmentation's strength follows how far D overfits.
    boolean adaptive() {
        return ADA.equals(text("augment"));
    }

    /// The augmentations by name.
    List<Augmentation> policy() {
        return policy(text("augment"));
    }

    private static List<Augmentation> policy(String text) {
        try {
            return DiffAugment.policy(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--augment " + text + ": " + e.getMessage() + "; or ada alone");
        }
    }

    int batch() {
        return (int) whole("batch");
    }

    /// How many images D sees at a time.
    int pack() {
        return has("pack") ? (int) whole("pack") : 1;
    }

    /// Whether D sees how much the images of a batch differ.
    boolean stddev() {
        return (Boolean) values.get("minibatch-stddev");
    }

    /// How many batches make a step.
    int accumulate() {
        return has("accumulate") ? (int) whole("accumulate") : 1;
    }

    /// How far ahead of D the generator looks.
    int unroll() {
        return has("unroll") ? (int) whole("unroll") : 0;
    }

    boolean preflight() {
        return (Boolean) values.get("preflight");
    }

    long seed() {
        return whole("seed");
    }

    /// The total of steps; the most there can be where only the time ends the run.
    long steps() {
        return has("steps") ? whole("steps") : MOST_STEPS;
    }

    /// The seconds after which the run ends.
    double seconds() {
        return text("time") == null ? Double.POSITIVE_INFINITY : Text.seconds(text("time"));
    }

    String device() {
        return text("device") == null ? BackEnds.device() : text("device");
    }

    String precision() {
        return text("precision") == null ? Devices.precision() : text("precision");
    }

    int threads() {
        return has("threads") ? (int) whole("threads") : Runtime.getRuntime().availableProcessors();
    }

    /// Whether a key has a value.
    boolean has(String key) {
        return values.get(key) != null;
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

    /// The values that the run's bits depend on, for the checkpoint's metadata; what is not set is left out.
    Map<String, String> bits() {
        var bits = new LinkedHashMap<String, String>();
        for (String key : Keys.BITS) if (has(key)) bits.put(key, String.valueOf(values.get(key)));
        return bits;
    }
}
