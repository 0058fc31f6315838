package gannet.examples.lab;

import gannet.examples.lab.Panel.Axis;
import gannet.examples.lab.PlaneGame.Curve;
import gannet.examples.lab.PlaneGame.Sizes;
import gannet.gan.Alternation;
import gannet.gan.DivergedException;
import gannet.gan.GanTrainer;
import gannet.gan.Objective;
import gannet.gan.Player;
import gannet.gan.Procedure;
import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.penalty.JsRegulariser;
import gannet.gan.penalty.L2;
import gannet.gan.penalty.Orthogonal;
import gannet.gan.penalty.SpectralPenalty;
import gannet.io.Npy;
import gannet.kernel.Kernels;
import gannet.metric.Mixture;
import gannet.metric.ModeCoverage;
import gannet.metric.SlicedWasserstein;
import gannet.optim.Adam;
import gannet.optim.Optimizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// A wide D that takes five steps to each of G's, on a ring of eight modes. Unregularised, D cuts the modes out so sharply that G runs off to one or
/// two of them and training fails. Two labs: Roth's regulariser, which penalises D's gradient at the samples, and penalties on D's weights, which
/// the course names beside it.
final class RegularisersLab implements Lab {
    private static final Mixture RING = Mixture.ring(8, 1, 0.01);
    private static final Sizes SIZES = new Sizes(8, 64, 128, 64, 1e-3, 2e-3, 0.5);
    private static final String PLAIN = "unregularised", ROTH = "roth";
    private static final String L2 = "l2", ORTHOGONAL = "orthogonal", SPECTRAL = "spectral", CLIPPED = "clipped";
    private static final int TURNS = 5, EVERY = 50, SAMPLES = 2500, HELD = 20;
    /// What counts as failed and as held: the reverse Kullback-Leibler divergence over the modes, of at most ln 8 = 2.08; and how many times nearer
    /// to the data.
    private static final double FAILED = 0.5, HOLDS = 0.1, NEARER = 4;

    /// What an arm adds to the same game: a remedy and its strength.
    private record Remedy(String name, double strength) {}

    private final About about;
    private final List<Remedy> remedies;
    private final int steps;

    private RegularisersLab(About about, int steps, Remedy... remedies) {
        this.about = about;
        this.steps = steps;
        this.remedies = List.of(remedies);
    }

    /// Roth's regulariser, γ = 0.1 as the authors' code has it.
    static RegularisersLab roth() {
        return new RegularisersLab(new About("roth", "at five steps of D to one of G plain training fails; with Roth's regulariser it stays",
                "Roth et al. 2017, §3 and §4", "", 1, 0.7, 5),
                2000, new Remedy(ROTH, 0.1));
    }

    /// Penalties on D's weights, and their bound.
    static RegularisersLab weightPenalties() {
        return new RegularisersLab(new About("weight-penalties", "most penalties on D's weights hold what fails without them",
                "L2; Brock et al. 2019, eq. 3; Yoshida & Miyato 2017; clipping, Arjovsky et al. 2017", "", 1, 0.7, 5),
                1000, new Remedy(L2, 0.015), new Remedy(ORTHOGONAL, 0.01), new Remedy(SPECTRAL, 0.02), new Remedy(CLIPPED, 0.1));
    }

    @Override public About about() {
        return about;
    }

    @Override public List<Arm> arms(Scale scale, boolean control) {
        int length = scale == Scale.QUICK ? steps * 2 / 3 : steps;
        List<Arm> arms = new ArrayList<>();
        arms.add(arm(PLAIN, new Remedy("none", 0), length));
        for (Remedy remedy : remedies) arms.add(arm(remedy.name, control ? new Remedy("none", 0) : remedy, length));
        return arms;
    }

    private static Arm arm(String name, Remedy remedy, int length) {
        SequencedMap<String, Object> settings = SIZES.settings();
        settings.put("data", "ring-8");
        settings.put("steps", (long) length);
        settings.put("steps of D to one of G", (long) TURNS);
        settings.put("regulariser", remedy.name);
        settings.put("strength", remedy.strength);
        return new Arm(name, settings, (kernels, seed) -> trial(kernels, seed, remedy, length));
    }

    private static SequencedMap<String, Npy> trial(Kernels kernels, long seed, Remedy remedy, int length) {
        var game = new PlaneGame(kernels, seed, RING, SIZES);
        double clip = remedy.name.equals(CLIPPED) ? remedy.strength : Double.POSITIVE_INFINITY;
        Player d = new Player(game.discriminator, new Optimizer(game.discriminator, new Adam(SIZES.beta1(), 0.999, 1e-8), SIZES.rateD(), clip));
        var trainer = new GanTrainer(game.g, d, objective(game, remedy), game.prior(), game.data, game.randoms,
                Procedure.of(SIZES.batch()).with(Alternation.steps(TURNS, 1)));
        float[] real = game.real(SAMPLES), fake = game.samples(SAMPLES);
        Curve at = new Curve(), distance = new Curve();
        boolean diverged = false;
        for (int step = 1; step <= length; step++) {
            try {
                if (!diverged) trainer.step();
            } catch (DivergedException _) {
                diverged = true; // a way to fail: the samples stay where they were
            }
            if (step % EVERY != 0) continue;
            fake = game.samples(SAMPLES);
            at.add(step);
            distance.add(SlicedWasserstein.of(fake, real, 2));
        }
        SequencedMap<String, Npy> saved = new LinkedHashMap<>();
        saved.put("steps", at.array());
        saved.put("distance", distance.array());
        saved.put("samples", PlaneGame.points(fake));
        saved.put("diverged", Saved.of(diverged ? 1 : 0));
        return saved;
    }

    private static Objective objective(PlaneGame game, Remedy remedy) {
        Objective plain = Objective.of(new ModifiedMinimax());
        return switch (remedy.name) {
            case ROTH -> plain.with(JsRegulariser.of(game.kernels, remedy.strength));
            case L2 -> plain.with(new L2(remedy.strength, game.discriminator));
            case ORTHOGONAL -> plain.with(new Orthogonal(remedy.strength, game.discriminator));
            case SPECTRAL -> plain.with(new SpectralPenalty(remedy.strength, game.discriminator, game.randoms));
            default -> plain;
        };
    }

    @Override public SequencedMap<String, Double> figures(String arm, Saved saved) throws IOException {
        ModeCoverage coverage = ModeCoverage.of(RING, saved.array("samples").values());
        double[] distance = saved.curve("distance");
        SequencedMap<String, Double> figures = new LinkedHashMap<>();
        figures.put("sliced Wasserstein", distance[distance.length - 1]);
        figures.put("reverse KL", coverage.reverseKl());
        figures.put("modes", (double) coverage.modes(HELD));
        figures.put("diverged", saved.curve("diverged")[0]);
        return figures;
    }

    @Override public Verdict verdict(Outcome outcome) {
        double kl = outcome.median(PLAIN, "reverse KL"), distance = outcome.median(PLAIN, "sliced Wasserstein");
        double diverged = outcome.median(PLAIN, "diverged");
        var why = new StringBuilder(String.format(Locale.ROOT, "unregularised: reverse KL %.2f (needed: over 0.5), sliced Wasserstein %.3f",
                kl, distance));
        int held = 0;
        for (Remedy remedy : remedies) {
            double itsKl = outcome.median(remedy.name, "reverse KL"), its = outcome.median(remedy.name, "sliced Wasserstein");
            // A trial that diverged is left with the samples that it had before, which may be good ones.
            double lost = Arrays.stream(outcome.values(remedy.name, "diverged")).sum();
            boolean holds = lost == 0 && itsKl <= HOLDS && its * NEARER <= distance;
            why.append(String.format(Locale.ROOT, "; %s %s: %.3f (bar: 0.1), %.3f", remedy.name, holds ? "holds" : "does not hold", itsKl, its));
            if (lost > 0) why.append(String.format(Locale.ROOT, ", and %.0f of its seeds diverged", lost));
            if (holds) held++;
        }
        why.append(" (bar: a quarter); needed: more than half of the remedies hold");
        return new Verdict((kl > FAILED || diverged > 0) && 2 * held > remedies.size(), why.toString());
    }

    @Override public void draw(Outcome outcome, Path folder) throws IOException {
        Panel curves = Panel.of("distance from the data", Axis.of("steps of G, five of D to each"), Axis.log("sliced Wasserstein"));
        for (String arm : outcome.figures().keySet()) curves = curves.with(Curves.spread(outcome, arm, "steps", "distance"));
        Picture.of(curves, Curves.samples(outcome, PLAIN, "reverse KL", RING, 1.6),
                Curves.samples(outcome, remedies.getFirst().name, "reverse KL", RING, 1.6))
                .write(folder.resolve(about.name() + ".png"));
    }
}
