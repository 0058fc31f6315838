package gannet.examples.lab;

import gannet.examples.lab.Panel.Axis;
import gannet.examples.lab.PlaneGame.Curve;
import gannet.examples.lab.PlaneGame.Sizes;
import gannet.gan.GanTrainer;
import gannet.gan.Objective;
import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.penalty.R1;
import gannet.gan.remedy.MovingAverage;
import gannet.io.Npy;
import gannet.kernel.BackEnds;
import gannet.kernel.Kernels;
import gannet.metric.ClassifierTwoSampleTest;
import gannet.metric.Mixture;
import gannet.nn.Layer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// When a GAN has converged: D is right half of the time, **and** a fresh classifier, trained on samples and judged on others, can't tell them from
/// real ones either (C2ST, Lopez-Paz & Oquab 2017). The first alone proves nothing: a D that is too weak is right half of the time as well, and
/// there the fresh classifier tells. It must also tell real from a G at a tenth of the steps, or it would be too weak to count. Rates fall linearly
/// to 0, and samples are those of the moving average of G's weights.
final class ConvergenceLab implements Lab {
    private static final Mixture TARGET = Mixture.ring(2, 1, 0.32);
    private static final int WIDTH = 64, WEAK = 3;
    private static final String ABLE = "able-d", WEAK_D = "weak-d";
    private static final int TURNS = 2, STEPS = 3500, QUICK_STEPS = 3000, EVERY = 100, SAMPLES = 2000;
    private static final double R1_WEIGHT = 0.1, BETA = 0.99, CANT_TELL = 0.05, TELLS = 0.001;

    static Sizes sizes(int widthD) {
        return new Sizes(2, 64, widthD, 512, 1e-3, 2e-3, 0.5);
    }

    @Override public About about() {
        return new About("convergence",
                "converged is: D at 50 %, and a fresh classifier can't tell either; a weak D is at 50 % too, which proves nothing",
                "Goodfellow et al. 2014, Prop. 2; Lopez-Paz & Oquab 2017, §3", "", 1.5, 1.2, 5);
    }

    @Override public List<Arm> arms(Scale scale, boolean control) {
        int steps = scale == Scale.QUICK ? QUICK_STEPS : STEPS;
        return List.of(arm(ABLE, control ? WEAK : WIDTH, steps), arm(WEAK_D, WEAK, steps));
    }

    private static Arm arm(String name, int widthD, int steps) {
        Sizes sizes = sizes(widthD);
        SequencedMap<String, Object> settings = sizes.settings();
        settings.put("data", "two modes 2 apart, sigma 0.32");
        settings.put("steps", (long) steps);
        settings.put("steps of D to one of G", (long) TURNS);
        settings.put("r1", R1_WEIGHT);
        settings.put("average of G's weights", BETA);
        return new Arm(name, settings, (kernels, seed) -> trial(kernels, seed, sizes, steps));
    }

    static SequencedMap<String, Npy> trial(Kernels kernels, long seed, Sizes sizes, int steps) {
        var game = new PlaneGame(kernels, seed, TARGET, sizes);
        var average = new MovingAverage(game.generator, BETA);
        GanTrainer trainer = game.trainer(Objective.of(new ModifiedMinimax()).with(new R1(R1_WEIGHT)), game.settling(TURNS, steps).with(average));
        Layer g = average.averaged().given(null);
        SequencedMap<String, Npy> saved = new LinkedHashMap<>();
        Curve at = new Curve(), accuracy = new Curve();
        double sum = 0;
        for (int step = 1; step <= steps; step++) {
            trainer.step();
            sum += (trainer.meter().realAccuracy() + trainer.meter().fakeAccuracy()) / 2;
            if (step == steps / 10) saved.put("early", PlaneGame.points(game.samples(g, SAMPLES)));
            if (step % EVERY != 0) continue;
            at.add(step);
            accuracy.add(sum / EVERY);
            sum = 0;
        }
        saved.put("steps", at.array());
        saved.put("accuracy", accuracy.array());
        saved.put("samples", PlaneGame.points(game.samples(g, SAMPLES)));
        saved.put("real", PlaneGame.points(game.real(SAMPLES)));
        return saved;
    }

    @Override public SequencedMap<String, Double> figures(String arm, Saved saved) throws IOException {
        double[] accuracy = saved.curve("accuracy");
        int last = Math.max(1, accuracy.length / 10);
        double inLoop = 0;
        for (int i = accuracy.length - last; i < accuracy.length; i++) inLoop += accuracy[i] / last;
        float[] real = saved.array("real").values();
        ClassifierTwoSampleTest end, early;
        try (Kernels kernels = BackEnds.open(1).kernels()) {
            end = ClassifierTwoSampleTest.of(kernels, real, saved.array("samples").values(), 2, 0);
            early = ClassifierTwoSampleTest.of(kernels, real, saved.array("early").values(), 2, 0);
        }
        SequencedMap<String, Double> figures = new LinkedHashMap<>();
        figures.put("in-loop accuracy", inLoop);
        figures.put("C2ST accuracy", end.accuracy());
        figures.put("C2ST p", end.p());
        figures.put("C2ST p at a tenth", early.p());
        return figures;
    }

    @Override public Verdict verdict(Outcome outcome) {
        double able = outcome.median(ABLE, "in-loop accuracy"), weak = outcome.median(WEAK_D, "in-loop accuracy");
        double p = outcome.median(ABLE, "C2ST p"), early = outcome.median(ABLE, "C2ST p at a tenth"), pWeak = outcome.median(WEAK_D, "C2ST p");
        String why = String.format(Locale.ROOT, "an able D ends at %.1f %% (bar: 45 to 55), a fresh classifier can't tell: p = %.2g"
                + " (bar: over 0.05), but tells a tenth of the way: p = %.1g (bar: under 0.001);"
                + " a weak D ends at %.1f %% too (bar: 45 to 55), and a fresh classifier tells: p = %.1g (bar: under 0.001)",
                100 * able, p, early, 100 * weak, pWeak);
        return new Verdict(half(able) && half(weak) && p > CANT_TELL && early < TELLS && pWeak < TELLS, why);
    }

    private static boolean half(double accuracy) {
        return accuracy >= 0.45 && accuracy <= 0.55;
    }

    @Override public void draw(Outcome outcome, Path folder) throws IOException {
        Panel curves = Panel.of("D's accuracy as it trains", Axis.of("steps of G"), Axis.of("accuracy").from(0.4, 1.02));
        for (String arm : outcome.figures().keySet()) curves = curves.with(Curves.spread(outcome, arm, "steps", "accuracy"));
        Picture.of(curves, Curves.samples(outcome, ABLE, "C2ST accuracy", TARGET, 2.2), Curves.samples(outcome, WEAK_D, "C2ST accuracy", TARGET, 2.2))
                .write(folder.resolve("convergence.png"));
    }
}
