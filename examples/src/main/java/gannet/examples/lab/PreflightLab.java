package gannet.examples.lab;

import gannet.examples.lab.Panel.Axis;
import gannet.examples.lab.PlaneGame.Curve;
import gannet.examples.lab.PlaneGame.Sizes;
import gannet.gan.Conditions;
import gannet.gan.Objective;
import gannet.gan.Preflight;
import gannet.gan.PreflightException;
import gannet.gan.loss.ModifiedMinimax;
import gannet.io.Npy;
import gannet.kernel.Kernels;
import gannet.metric.Mixture;
import gannet.nn.Layer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// If a classifier can't beat the untrained G, training can't start: D alone against a G that was never trained tells more than 95 % right within a
/// few hundred steps, or something is wrong with D or with the data. The failing arm's D is blind: what it is shown is nothing.
final class PreflightLab implements Lab {
    private static final Mixture RING = Mixture.ring(8, 1, 0.01);
    private static final Sizes SIZES = new Sizes(2, 64, 64, 128, 1e-3, 1e-3, 0.5);
    private static final String SEEING = "seeing", BLIND = "blind";
    private static final int MOST = 500, EVERY = 5, SHOWN = 300, SAMPLES = 500;
    private static final double NEEDED = 0.95;

    @Override public About about() {
        return new About("preflight", "D beats the untrained G within a few hundred steps, or training is refused",
                "the course: if a classifier can't beat the untrained G, training can't start", "", 0.1, 0.1, 5);
    }

    @Override public List<Arm> arms(Scale scale, boolean control) {
        return List.of(arm(SEEING, control ? 0 : 1), arm(BLIND, 0));
    }

    private static Arm arm(String name, double sight) {
        SequencedMap<String, Object> settings = SIZES.settings();
        settings.put("data", "ring-8");
        settings.put("most steps", (long) MOST);
        settings.put("D sees x times", sight);
        return new Arm(name, settings, (kernels, seed) -> trial(kernels, seed, sight));
    }

    private static SequencedMap<String, Npy> trial(Kernels kernels, long seed, double sight) {
        var game = new PlaneGame(kernels, seed, RING, SIZES);
        Layer view = x -> x.times(sight);
        Objective objective = Objective.of(new ModifiedMinimax()).seenThrough(view);
        double steps;
        try {
            steps = new Preflight(game.g, game.d, objective, game.prior(), Conditions.NONE, game.data, game.randoms, SIZES.batch()).run(MOST);
        } catch (PreflightException _) {
            steps = Double.NaN; // refused
        }
        Curve at = new Curve(), accuracy = new Curve();
        for (int step = 0; step <= SHOWN; step++) {
            if (step % EVERY == 0) {
                at.add(step);
                accuracy.add(accuracy(game, view));
            }
            game.discriminatorStep(objective, game.d);
        }
        SequencedMap<String, Npy> saved = new LinkedHashMap<>();
        saved.put("preflight", Saved.of(steps));
        saved.put("steps", at.array());
        saved.put("accuracy", accuracy.array());
        return saved;
    }

    /// D's share of right answers on new samples of both sides.
    private static double accuracy(PlaneGame game, Layer view) {
        double right = 0;
        for (double logit : game.judged(game.real(SAMPLES), view)) if (logit > 0) right++;
        for (double logit : game.judged(game.samples(SAMPLES), view)) if (logit <= 0) right++;
        return right / (2 * SAMPLES);
    }

    @Override public SequencedMap<String, Double> figures(String arm, Saved saved) throws IOException {
        double[] accuracy = saved.curve("accuracy");
        SequencedMap<String, Double> figures = new LinkedHashMap<>();
        figures.put("steps needed", saved.curve("preflight")[0]);
        figures.put("accuracy", accuracy[accuracy.length - 1]);
        return figures;
    }

    @Override public Verdict verdict(Outcome outcome) {
        int passed = 0, refused = 0, all = outcome.seeds().size();
        for (double steps : outcome.values(SEEING, "steps needed")) if (steps <= MOST) passed++;
        for (double steps : outcome.values(BLIND, "steps needed")) if (Double.isNaN(steps)) refused++;
        double seeing = outcome.median(SEEING, "accuracy"), blind = outcome.median(BLIND, "accuracy");
        String why = String.format(Locale.ROOT, "the pre-flight lets %d of %d through within %d steps, D right on %.1f %% (bar: over 95),"
                + " and refuses %d of %d blind ones, right on %.1f %%",
                passed, all, MOST, 100 * seeing, refused, all, 100 * blind);
        return new Verdict(passed == all && refused == all && seeing > NEEDED && blind < NEEDED, why);
    }

    @Override public void draw(Outcome outcome, Path folder) throws IOException {
        Panel panel = Panel.of("D alone against the untrained G", Axis.of("steps of D"), Axis.of("accuracy on new samples").from(0.4, 1.02));
        for (String arm : outcome.figures().keySet()) panel = panel.with(Curves.spread(outcome, arm, "steps", "accuracy"));
        panel = panel.with(new Mark.Line("needed: 95 %", new double[] {0, SHOWN}, new double[] {NEEDED, NEEDED}));
        Picture.of(panel).write(folder.resolve("preflight.png"));
    }
}
