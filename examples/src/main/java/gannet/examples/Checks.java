package gannet.examples;

import gannet.gan.penalty.Penalties;
import gannet.gan.remedy.Ada;
import java.util.List;

/// What settings must satisfy, each alone and together. Every refusal names the option and says what to do.
final class Checks {
    /// A graph of so many steps of D is in memory at once.
    private static final long MOST_UNROLLED = 100;

    private final Settings settings;

    private Checks(Settings settings) {
        this.settings = settings;
    }

    static void check(Settings settings) {
        var checks = new Checks(settings);
        checks.numbers();
        checks.names();
        checks.discriminator();
        checks.losses();
        checks.remedies();
        checks.schedules();
    }

    private void numbers() {
        for (String key : List.of("batch", "threads", "steps", "save-every", "sample-every", "unroll", "pack", "replay", "accumulate", "schedule-steps")) positive(key);
        for (String key : List.of("lr-g", "lr-d", "clip")) above(key);
        atMost("steps", Settings.MOST_STEPS);
        atMost("schedule-steps", Settings.MOST_STEPS);
        atMost("threads", 1024);
        atMost("unroll", MOST_UNROLLED);
        atMost("accumulate", 1 << 20);
        for (String key : List.of("batch", "pack", "replay")) atMost(key, 1 << 20);
        if ((long) settings.batch() * settings.pack() > 1 << 20)
            throw new UsageException("--batch " + settings.batch() + " --pack " + settings.pack() + ": expected at most " + (1 << 20) + " images together");
        if (settings.has("ema") && !(settings.number("ema") > 0 && settings.number("ema") < 1 && (float) settings.number("ema") < 1))
            throw new UsageException("--ema " + settings.number("ema") + ": expected a share above 0 and below 1, such as 0.999");
        for (String key : List.of("beta1", "beta2")) beta(key);
        if (settings.text("time") != null) Text.seconds(settings.text("time"));
        settings.alternation(1);
    }

    private void names() {
        settings.loss();
        settings.rule();
        betas();
        Devices.requireKnown(settings.precision());
        oneOf("norm-d", Norm.IDS);
        oneOf("prior", Latent.IDS);
        oneOf("lr-schedule", Settings.SCHEDULES);
        if (settings.norm().layers() && !settings.recipe().normalises())
            throw new UsageException("--norm-d " + settings.norm().id() + ": recipe '" + settings.recipe().id()
                    + "' has no place for it in its discriminator; leave the option out, or take spectral");
        if (!settings.has("condition")) return;
        if (!settings.recipe().labelled()) throw new UsageException("--condition " + settings.text("condition") + ": recipe '" + settings.recipe().id()
                + "' is told no classes; leave the option out, or train " + Recipe.CGAN.id());
        oneOf("condition", Labels.CONDITIONS);
    }

    private void discriminator() {
        Recipe recipe = settings.recipe();
        if (settings.pack() > 1 && recipe.way() != Labels.Way.NONE)
            throw new UsageException("--pack " + settings.pack() + ": recipe '" + recipe.id()
                    + "' is told something of each image, a pack has no one class; leave the option out, or train " + Recipe.DCGAN.id());
        if (settings.pack() > 1 && "ada".equals(settings.text("augment")))
            throw new UsageException("--pack " + settings.pack() + " --augment ada: ada moves by how D judges single images, not packs; leave one of the two out");
        if (settings.stddev() && settings.batch() < 2)
            throw new UsageException("--minibatch-stddev --batch " + settings.batch() + ": it says how much the images of a batch differ, one alone differs from none; give a --batch"
                    + " of 2 or more, best a multiple of 4");
        if (settings.has("replay") && recipe.way() != Labels.Way.NONE)
            throw new UsageException("--replay " + settings.whole("replay") + ": recipe '" + recipe.id()
                    + "' is told something of each image, which the pool's have lost; leave the option out, or train " + Recipe.DCGAN.id());
    }

    private void losses() {
        var loss = settings.loss();
        boolean lipschitz = settings.has("clip") || settings.norm() == Norm.SPECTRAL || settings.penalties().stream().anyMatch(Penalties.Setting::lipschitz);
        if (loss.needsLipschitz() && !lipschitz)
            throw new UsageException("--loss wasserstein needs a Lipschitz device: add --clip 0.01, --penalty gradient or --norm-d spectral, or ask for"
                    + " wasserstein-unconstrained by name");
        for (Penalties.Setting penalty : settings.penalties()) goesWith(() -> penalty.requireLoss(loss), "--penalty " + penalty);
        if (settings.adaptive()) goesWith(() -> Ada.requireSigns(loss), "--augment ada");
    }

    /// The trainer's own rule, told of an option.
    private static void goesWith(Runnable rule, String option) {
        try {
            rule.run();
        } catch (IllegalArgumentException e) {
            throw new UsageException(option + ": " + e.getMessage());
        }
    }

    private void remedies() {
        if (!settings.extragradient()) return;
        if (!settings.text("alternate").equals("1:1"))
            throw new UsageException("--optimizer extra-adam --alternate " + settings.text("alternate") + ": in it both move together; leave --alternate out");
        if (settings.has("unroll"))
            throw new UsageException("--optimizer extra-adam --unroll " + settings.whole("unroll") + ": both look ahead, each in its own way; leave one of the two out");
    }

    private void schedules() {
        if (!settings.schedules() && settings.has("schedule-steps"))
            throw new UsageException("--schedule-steps " + settings.whole("schedule-steps")
                    + ": nothing has a schedule; leave it out, or add --lr-schedule linear, --noise 0.1:linear or --penalty roth:0.1:anneal");
        if (!settings.schedules() || settings.has("schedule-steps")) return;
        String what = !settings.text("lr-schedule").equals("constant") ? "--lr-schedule " + settings.text("lr-schedule")
                : settings.annealed() ? "--penalty " + settings.text("penalty") : "--noise " + settings.text("noise");
        throw new UsageException(what + ": it needs to know how long the run is; give --steps N beside --time, or --schedule-steps N");
    }

    private void positive(String key) {
        if (settings.has(key) && settings.whole(key) < 1) throw new UsageException("--" + key + " " + settings.whole(key) + ": expected at least 1");
    }

    private void atMost(String key, long most) {
        if (settings.has(key) && settings.whole(key) > most) throw new UsageException("--" + key + " " + settings.whole(key) + ": expected at most " + most);
    }

    private void above(String key) {
        if (settings.has(key) && !isFloatAboveZero(settings.number(key)))
            throw new UsageException("--" + key + " " + settings.number(key) + ": expected a number above 0 that a 32-bit float holds, and below 1e18");
    }

    /// What the kernels compute with: a smaller number would be 0 there, and the square of a greater one infinity.
    static boolean isFloatAboveZero(double value) {
        return (float) value > 0 && value < 1e18;
    }

    private void beta(String key) {
        if (!settings.has(key)) return;
        double beta = settings.number(key);
        if (!(beta >= 0 && (float) beta < 1)) throw new UsageException("--" + key + " " + beta + ": expected a share of at least 0 and below 1, such as " + (key.equals("beta1") ? 0.5 : 0.999));
    }

    private void betas() {
        for (String key : List.of("beta1", "beta2"))
            if (settings.has(key) && !settings.optimizer().endsWith("adam"))
                throw new UsageException("--" + key + " " + settings.number(key) + ": optimizer " + settings.optimizer() + " has no such thing; leave the option out, or give --optimizer adam");
    }

    private void oneOf(String key, List<String> names) {
        String name = settings.text(key);
        if (!names.contains(name))
            throw new UsageException("--" + key + " " + name + ": did you mean " + Options.nearest(name, names) + "? there are: " + String.join(", ", names));
    }
}
