package gannet.examples.lab;

import gannet.examples.lab.Panel.Axis;
import gannet.examples.lab.PlaneGame.Curve;
import gannet.examples.lab.PlaneGame.Sizes;
import gannet.gan.Alternation;
import gannet.gan.GanTrainer;
import gannet.gan.Objective;
import gannet.gan.Procedure;
import gannet.gan.loss.GanLoss;
import gannet.gan.loss.Minimax;
import gannet.gan.remedy.InstanceNoise;
import gannet.io.Npy;
import gannet.kernel.Kernels;
import gannet.metric.Mixture;
import gannet.metric.ModeCoverage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// A D that is far stronger than G, ten steps to one at twenty times the rate and four times the width, on a ring of eight modes, with and without noise on what it sees;
/// Arjovsky & Bottou 2017, §3. Eight narrow modes and a curve of fakes hardly overlap, so D is right nearly always and G learns nothing of the modes it has left; with noise they
/// overlap, D is wrong often enough to teach, and G finds more modes. The noise fades to nothing.
///
/// The loss is minimax, the one of the theory, under which a D that is always right gives G no gradient. Under the modified one G learns all the same, gets into a mode or two, and what
/// lies there no D can tell: it is right on 94 % with five steps to one, and on 92 % with ten and this width.
final class NoiseLab implements Lab {
    private static final Mixture RING = Mixture.ring(8, 1, 0.01);
    private static final Sizes SIZES = new Sizes(2, 64, 256, 64, 1e-4, 2e-3, 0.5);
    private static final GanLoss LOSS = new Minimax();
    private static final String PLAIN = "plain", NOISE = "noise";
    private static final double SIGMA = 0.5, ALWAYS_RIGHT = 0.98;
    private static final int TURNS = 10, STEPS = 3000, QUICK_STEPS = 2000, EVERY = 50, SAMPLES = 2500, HELD = 20;

    @Override public About about() {
        return new About("noise", "noise on D's inputs, fading, keeps an over-strong D from being always right, and G finds more modes",
                "Arjovsky & Bottou 2017, §3; Sønderby et al. 2017, §4", "", 2.3, 1.6, 5);
    }

    @Override public List<Arm> arms(Scale scale, boolean control) {
        int steps = scale == Scale.QUICK ? QUICK_STEPS : STEPS;
        return List.of(arm(PLAIN, 0, steps), arm(NOISE, control ? 0 : SIGMA, steps));
    }

    private static Arm arm(String name, double sigma, int steps) {
        SequencedMap<String, Object> settings = SIZES.settings();
        settings.put("data", "ring-8");
        settings.put("steps", (long) steps);
        settings.put("loss", LOSS.name());
        settings.put("steps of D to one of G", (long) TURNS);
        settings.put("sigma, linear to 0", sigma);
        return new Arm(name, settings, (kernels, seed) -> trial(kernels, seed, sigma, steps));
    }

    static SequencedMap<String, Npy> trial(Kernels kernels, long seed, double sigma, int steps) {
        var game = new PlaneGame(kernels, seed, RING, SIZES);
        var noise = new InstanceNoise(game.randoms, sigma, InstanceNoise.Decay.LINEAR, steps);
        GanTrainer trainer = game.trainer(Objective.of(LOSS).seenThrough(noise),
                Procedure.of(SIZES.batch()).with(Alternation.steps(TURNS, 1)).with(noise));
        Curve at = new Curve(), accuracy = new Curve();
        double sum = 0;
        for (int step = 1; step <= steps; step++) {
            trainer.step();
            sum += (trainer.meter().realAccuracy() + trainer.meter().fakeAccuracy()) / 2;
            if (step % EVERY != 0) continue;
            at.add(step);
            accuracy.add(sum / EVERY);
            sum = 0;
        }
        SequencedMap<String, Npy> saved = new LinkedHashMap<>();
        saved.put("steps", at.array());
        saved.put("accuracy", accuracy.array());
        saved.put("samples", PlaneGame.points(game.samples(SAMPLES)));
        return saved;
    }

    @Override public SequencedMap<String, Double> figures(String arm, Saved saved) throws IOException {
        ModeCoverage coverage = ModeCoverage.of(RING, saved.array("samples").values());
        double sum = 0;
        double[] accuracy = saved.curve("accuracy");
        for (double a : accuracy) sum += a;
        SequencedMap<String, Double> figures = new LinkedHashMap<>();
        figures.put("accuracy", sum / accuracy.length);
        figures.put("modes", (double) coverage.modes(HELD));
        figures.put("high quality", coverage.highQuality());
        figures.put("reverse KL", coverage.reverseKl());
        return figures;
    }

    @Override public Verdict verdict(Outcome outcome) {
        double plain = outcome.median(PLAIN, "accuracy"), noisy = outcome.median(NOISE, "accuracy");
        double few = outcome.median(PLAIN, "modes"), more = outcome.median(NOISE, "modes");
        String why = String.format(Locale.ROOT, "D is right on %.1f %% without noise (needed: 98) and %.1f %% with it (needed: 60 to 90);"
                + " G holds %.1f modes without, %.1f with (needed: more)",
                100 * plain, 100 * noisy, few, more);
        return new Verdict(plain >= ALWAYS_RIGHT && noisy >= 0.6 && noisy <= 0.9 && more > few, why);
    }

    @Override public void draw(Outcome outcome, Path folder) throws IOException {
        Panel curves = Panel.of("D's accuracy as it trains", Axis.of("steps of G"), Axis.of("accuracy").from(0.45, 1.02));
        for (String arm : outcome.figures().keySet()) curves = curves.with(Curves.spread(outcome, arm, "steps", "accuracy"));
        Picture.of(curves, Curves.samples(outcome, PLAIN, "modes", RING, 1.6), Curves.samples(outcome, NOISE, "modes", RING, 1.6))
                .write(folder.resolve("noise.png"));
    }
}
