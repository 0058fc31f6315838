package gannet.examples.lab;

import gannet.examples.lab.Panel.Axis;
import gannet.examples.lab.PlaneGame.Curve;
import gannet.examples.lab.PlaneGame.Sizes;
import gannet.gan.GanTrainer;
import gannet.gan.Objective;
import gannet.gan.Player;
import gannet.gan.loss.Minimax;
import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.loss.Wasserstein;
import gannet.gan.penalty.GradientPenalty;
import gannet.io.Npy;
import gannet.kernel.Kernels;
import gannet.metric.Mixture;
import gannet.tensor.Randoms;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// What G learns from a D that goes on learning while G stands still: the norm of G's gradient against D's steps, from an untrained and from a
/// trained G; after Arjovsky & Bottou 2017, Figure 2, on a ring of eight modes. Where D wins, minimax gives nothing, which is why G takes the
/// modified loss or a Wasserstein critic, for whom the gradient is as strong as ever.
final class VanishingLab implements Lab {
    private static final Mixture RING = Mixture.ring(8, 1, 0.01);
    private static final Sizes SIZES = new Sizes(2, 64, 64, 128, 1e-3, 3e-3, 0.5);
    private static final String MINIMAX = "minimax", MODIFIED = "modified-minimax", CRITIC = "wgan-gp";
    /// Measured each so many steps of D, on so many fakes; what the bars compare with is the norm at step 100.
    private static final int EVERY = 20, FAKES = 512, REFERENCE = 100;
    private static final int STEPS = 4000, QUICK_STEPS = 1500, TRAINED = 1500;
    private static final double FALL = 1000, QUICK_FALL = 300, WITHIN = 10;
    /// Of the gradient penalty, on toy data; Gulrajani et al. 2017.
    private static final double WEIGHT = 0.1;

    @Override public About about() {
        return new About("vanishing", "a D that wins leaves G no gradient under minimax; under the modified loss and WGAN-GP it stays",
                "Arjovsky & Bottou 2017, Fig. 2; Goodfellow et al. 2014, §3", "", 1, 0.5, 5);
    }

    @Override public List<Arm> arms(Scale scale, boolean control) {
        int steps = scale == Scale.QUICK ? QUICK_STEPS : STEPS;
        List<Arm> arms = new ArrayList<>();
        for (String name : List.of(MINIMAX, MODIFIED, CRITIC)) {
            String loss = control ? MINIMAX : name;
            SequencedMap<String, Object> settings = SIZES.settings();
            settings.put("data", "ring-8");
            settings.put("steps of D", (long) steps);
            settings.put("loss", loss);
            settings.put("penalty", loss.equals(CRITIC) ? "gradient, two-sided, target 1" : "none");
            settings.put("weight of the penalty", loss.equals(CRITIC) ? WEIGHT : 0);
            arms.add(new Arm(name, settings, (kernels, seed) -> trial(kernels, seed, loss, steps, TRAINED)));
        }
        return arms;
    }

    private static Objective objective(String loss, Randoms randoms) {
        return switch (loss) {
            case MINIMAX -> Objective.of(new Minimax());
            case MODIFIED -> Objective.of(new ModifiedMinimax());
            default -> Objective.of(new Wasserstein()).with(new GradientPenalty(WEIGHT, randoms));
        };
    }

    static SequencedMap<String, Npy> trial(Kernels kernels, long seed, String loss, int steps, int trained) {
        var game = new PlaneGame(kernels, seed, RING, SIZES);
        SequencedMap<String, Npy> saved = new LinkedHashMap<>();
        Curve at = new Curve();
        for (int step = 0; step <= steps; step += EVERY) at.add(step);
        saved.put("steps", at.array());
        saved.put("norm", norms(game, loss, steps, game.freshDiscriminator()));
        GanTrainer trainer = game.trainer(Objective.of(new ModifiedMinimax()));
        for (int step = 0; step < trained; step++) trainer.step();
        saved.put("norm-trained", norms(game, loss, steps, game.freshDiscriminator()));
        return saved;
    }

    private static Npy norms(PlaneGame game, String loss, int steps, Player judge) {
        Objective objective = objective(loss, game.randoms);
        Curve norms = new Curve();
        for (int step = 0; step <= steps; step++) {
            if (step % EVERY == 0) norms.add(game.generatorGradient(objective, judge.network(), FAKES));
            if (step < steps) game.discriminatorStep(objective, judge);
        }
        return norms.array();
    }

    @Override public SequencedMap<String, Double> figures(String arm, Saved saved) throws IOException {
        float[] steps = saved.array("steps").values(), norm = saved.array("norm").values();
        double peak = 0, least = Double.POSITIVE_INFINITY, most = 0, reference = Double.NaN;
        double last = norm[norm.length - 1];
        for (int i = 0; i < norm.length; i++) {
            peak = Math.max(peak, norm[i]);
            if (steps[i] == REFERENCE) reference = norm[i];
            if (steps[i] < REFERENCE) continue;
            least = Math.min(least, norm[i]);
            most = Math.max(most, norm[i]);
        }
        SequencedMap<String, Double> figures = new LinkedHashMap<>();
        figures.put("peak", peak);
        figures.put("at step 100", reference);
        figures.put("last", last);
        figures.put("fall", peak / last);
        figures.put("widest since 100", Math.max(most / reference, reference / least));
        figures.put("steps", (double) steps[steps.length - 1]);
        return figures;
    }

    @Override public Verdict verdict(Outcome outcome) {
        double needed = outcome.median(MINIMAX, "steps") >= STEPS ? FALL : QUICK_FALL;
        double fall = outcome.median(MINIMAX, "fall"), rise = outcome.median(MODIFIED, "last") / outcome.median(MODIFIED, "at step 100");
        double wide = outcome.median(CRITIC, "widest since 100");
        String why = String.format(Locale.ROOT, "minimax's gradient falls %,.0f times from its peak (bar: %,.0f); the modified loss's"
                + " ends at %.2f times that of step 100 (bar: 1); WGAN-GP's stays within %.1f times (bar: 10)", fall, needed, rise, wide);
        return new Verdict(fall >= needed && rise >= 1 && wide <= WITHIN, why);
    }

    @Override public void draw(Outcome outcome, Path folder) throws IOException {
        Picture.of(panel(outcome, "untrained G", "norm"), panel(outcome, "trained G", "norm-trained")).write(folder.resolve("vanishing.png"));
    }

    private static Panel panel(Outcome outcome, String title, String name) throws IOException {
        Panel panel = Panel.of(title, Axis.of("steps of D, G stands still"), Axis.log("norm of G's gradient"));
        for (String arm : outcome.figures().keySet()) panel = panel.with(Curves.spread(outcome, arm, "steps", name));
        return panel;
    }
}
