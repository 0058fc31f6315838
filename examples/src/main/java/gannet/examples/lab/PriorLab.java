package gannet.examples.lab;

import gannet.examples.lab.Panel.Axis;
import gannet.examples.lab.PlaneGame.Curve;
import gannet.examples.lab.PlaneGame.Sizes;
import gannet.gan.GanTrainer;
import gannet.gan.Objective;
import gannet.gan.Prior;
import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.penalty.R1;
import gannet.io.Npy;
import gannet.kernel.Kernels;
import gannet.metric.Mixture;
import gannet.metric.SlicedWasserstein;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// Where z comes from matters little, as long as it is random: the same run with z uniform in (−1, 1) and with z normal ends as near to the data.
/// Without any randomness, z = 0 always, G can give a single point.
final class PriorLab implements Lab {
    private static final Mixture RING = Mixture.ring(4, 1, 0.2);
    private static final Sizes SIZES = new Sizes(2, 64, 64, 128, 1e-3, 2e-3, 0.5);
    private static final String NORMAL = "normal", UNIFORM = "uniform", CONSTANT = "constant";
    private static final int TURNS = 1, STEPS = 1500, QUICK_STEPS = 1000, EVERY = 100, SAMPLES = 2500;
    private static final double R1_WEIGHT = 0.1;

    @Override public About about() {
        return new About("prior", "z uniform or normal: the difference is within the spread over seeds; z constant: G gives one point",
                "Goodfellow et al. 2014, §3; Radford et al. 2016, §4", "", 0.4, 0.3, 5);
    }

    @Override public List<Arm> arms(Scale scale, boolean control) {
        int steps = scale == Scale.QUICK ? QUICK_STEPS : STEPS;
        return List.of(arm(NORMAL, NORMAL, steps), arm(UNIFORM, control ? CONSTANT : UNIFORM, steps), arm(CONSTANT, CONSTANT, steps));
    }

    private static Arm arm(String name, String prior, int steps) {
        SequencedMap<String, Object> settings = SIZES.settings();
        settings.put("data", "ring-4, sigma 0.2");
        settings.put("steps", (long) steps);
        settings.put("prior", prior);
        return new Arm(name, settings, (kernels, seed) -> trial(kernels, seed, prior, steps));
    }

    private static Prior prior(String name, PlaneGame game, Randoms randoms) {
        int size = game.sizes.z();
        return switch (name) {
            case NORMAL -> Prior.normal(randoms, size);
            case UNIFORM -> Prior.uniform(randoms, size);
            default -> n -> Tensor.full(game.kernels, Shape.of(n, size), 0);
        };
    }

    static SequencedMap<String, Npy> trial(Kernels kernels, long seed, String name, int steps) {
        var game = new PlaneGame(kernels, seed, RING, SIZES);
        GanTrainer trainer = game.trainer(Objective.of(new ModifiedMinimax()).with(new R1(R1_WEIGHT)), prior(name, game, game.randoms),
                game.settling(TURNS, steps));
        Prior held = prior(name, game, game.held);
        float[] real = game.real(SAMPLES);
        Curve at = new Curve(), distance = new Curve();
        for (int step = 1; step <= steps; step++) {
            trainer.step();
            if (step % EVERY != 0) continue;
            at.add(step);
            distance.add(SlicedWasserstein.of(game.samplesFrom(held, SAMPLES), real, 2));
        }
        SequencedMap<String, Npy> saved = new LinkedHashMap<>();
        saved.put("steps", at.array());
        saved.put("distance", distance.array());
        saved.put("samples", PlaneGame.points(game.samplesFrom(held, SAMPLES)));
        saved.put("real", PlaneGame.points(real));
        return saved;
    }

    @Override public SequencedMap<String, Double> figures(String arm, Saved saved) throws IOException {
        SequencedMap<String, Double> figures = new LinkedHashMap<>();
        figures.put("sliced Wasserstein", SlicedWasserstein.of(saved.array("samples").values(), saved.array("real").values(), 2));
        return figures;
    }

    @Override public Verdict verdict(Outcome outcome) {
        double normal = outcome.median(NORMAL, "sliced Wasserstein"), uniform = outcome.median(UNIFORM, "sliced Wasserstein");
        double constant = outcome.median(CONSTANT, "sliced Wasserstein");
        double spread = Math.max(spread(outcome, NORMAL), spread(outcome, UNIFORM));
        String why = String.format(Locale.ROOT, "sliced Wasserstein distance from the data: normal %.4f, uniform %.4f, apart by %.4f"
                + " (bar: the wider spread over seeds, %.4f); constant z %.3f (needed: twice the worst of both)",
                normal, uniform, Math.abs(normal - uniform), spread, constant);
        double worst = Math.max(greatest(outcome, NORMAL), greatest(outcome, UNIFORM));
        return new Verdict(Math.abs(normal - uniform) <= spread && constant > 2 * worst, why);
    }

    private static double greatest(Outcome outcome, String arm) {
        return Arrays.stream(outcome.values(arm, "sliced Wasserstein")).max().orElseThrow();
    }

    private static double spread(Outcome outcome, String arm) {
        return greatest(outcome, arm) - Arrays.stream(outcome.values(arm, "sliced Wasserstein")).min().orElseThrow();
    }

    @Override public void draw(Outcome outcome, Path folder) throws IOException {
        Panel curves = Panel.of("distance from the data", Axis.of("steps of G"), Axis.log("sliced Wasserstein"));
        for (String arm : outcome.figures().keySet()) curves = curves.with(Curves.spread(outcome, arm, "steps", "distance"));
        Picture.of(curves, Curves.samples(outcome, NORMAL, "sliced Wasserstein", RING, 2),
                Curves.samples(outcome, UNIFORM, "sliced Wasserstein", RING, 2))
                .write(folder.resolve("prior.png"));
    }
}
