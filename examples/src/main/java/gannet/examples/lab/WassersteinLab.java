package gannet.examples.lab;

import static gannet.nn.ActivationLayer.leakyRelu;

import gannet.examples.lab.Panel.Axis;
import gannet.gan.Batch;
import gannet.gan.Objective;
import gannet.gan.loss.Minimax;
import gannet.gan.loss.Wasserstein;
import gannet.gan.penalty.GradientPenalty;
import gannet.io.Npy;
import gannet.kernel.Kernels;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.optim.Adam;
import gannet.optim.Optimizer;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import gannet.tensor.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;

/// What a critic measures: p = N(0, 0.1²) and, in turn nearer and farther, q = N(d, 0.1²), whose Wasserstein distance W₁ is d. A critic trained to the end
/// gives a gap that grows with it; a discriminator gives the Jensen-Shannon divergence, which is log 2 as soon as the two don't overlap, however far
/// apart they are: no slope for G to follow. The penalty that is judged is the one-sided one: in one dimension a slope of −1 can't become 1 without passing
/// 0, which the two-sided penalty forbids, so some of those critics stay upside down (two of five; the others are as good as the one-sided ones). They are shown, without a bar, since a bar on
/// the median would tell only how often that happens. Under a penalty of weight λ the best
/// gap is W₁(1 + W₁/2λ), 3.45 at 3: WGAN-GP overstates long distances.
///
/// Clipping is Arjovsky et al.'s, c = 0.01; their RMSProp at 5e-5 is not, which moves a weight by 0.05 at most in 1,000 steps: all arms have Adam with β₁ 0 and β₂ 0.9, which is RMSProp with
/// its start corrected, at 1e-3 falling to 0. So the clipped critic's gap is 0.009 at distance 3, no distance but in proportion to it, which is all that it is held to.
final class WassersteinLab implements Lab {
    private static final String MINIMAX = "minimax", CLIPPED = "clipped", PENALTY = "wgan-gp-one-sided", TWO_SIDED = "wgan-gp";
    private static final double[] APART = {0.1, 0.25, 0.5, 1, 1.5, 2, 3};
    private static final double DEVIATION = 0.1, RATE = 1e-3, WEIGHT = 10, CLIP = 0.01;
    private static final double CORRELATION = 0.95, OFF = 0.2, FLAT = 0.05, FROM = 1;
    private static final int WIDTH = 64, BATCH = 128, STEPS = 1000, QUICK_STEPS = 500, MEASURED = 8192;

    @Override public About about() {
        return new About("wasserstein-w1", "a critic's gap follows the Wasserstein distance between real and fake; Jensen-Shannon is flat once they are apart",
                "Arjovsky et al. 2017, Example 1 and Fig. 1; Gulrajani et al. 2017",
                "two separate lines: JS = log 2 = 0.693 wherever they are, W₁ = their distance", 0.7, 0.4, 5);
    }

    @Override public List<Arm> arms(Scale scale, boolean control) {
        int steps = scale == Scale.QUICK ? QUICK_STEPS : STEPS;
        List<Arm> arms = new ArrayList<>();
        for (String name : List.of(MINIMAX, CLIPPED, PENALTY, TWO_SIDED)) {
            boolean oneSided = name.equals(PENALTY);
            double weight = (oneSided || name.equals(TWO_SIDED)) && !control ? WEIGHT : 0, clip = name.equals(CLIPPED) && !control ? CLIP : 0;
            SequencedMap<String, Object> settings = new LinkedHashMap<>();
            settings.put("width of D", (long) WIDTH);
            settings.put("batch", (long) BATCH);
            settings.put("steps of D", (long) steps);
            settings.put("rate of D", RATE);
            settings.put("loss", name.equals(MINIMAX) ? "minimax" : "wasserstein");
            settings.put("penalty", weight);
            settings.put("one-sided", oneSided);
            settings.put("clip", clip);
            arms.add(new Arm(name, settings, (kernels, seed) -> trial(kernels, seed, objective(name.equals(MINIMAX), weight, oneSided), clip, steps)));
        }
        return arms;
    }

    /// What D minimises, given the draws of its penalty.
    private static Function<Randoms, Objective> objective(boolean minimax, double weight, boolean oneSided) {
        Objective plain = Objective.of(minimax ? new Minimax() : new Wasserstein(true));
        return randoms -> weight > 0 ? plain.with(new GradientPenalty(weight, 1, oneSided, randoms)) : plain;
    }

    private static SequencedMap<String, Npy> trial(Kernels kernels, long seed, Function<Randoms, Objective> objective, double clip, int steps) {
        double[] estimates = new double[APART.length];
        for (int i = 0; i < APART.length; i++) estimates[i] = estimate(kernels, seed, objective, clip, steps, APART[i]);
        SequencedMap<String, Npy> saved = new LinkedHashMap<>();
        saved.put("w1", Saved.of(APART));
        saved.put("estimate", Saved.of(estimates));
        return saved;
    }

    /// What D, trained anew, makes of p and q: a critic its gap, a discriminator the Jensen-Shannon divergence `log 2 − ½ L_D` (Goodfellow et al. 2014, Theorem 1).
    private static double estimate(Kernels kernels, long seed, Function<Randoms, Objective> game, double clip, int steps, double apart) {
        Layers layers = Layers.fanIn(kernels, seed);
        Network d = Network.of("discriminator", layers.dense(1, WIDTH), leakyRelu(0.2), layers.dense(WIDTH, WIDTH), leakyRelu(0.2), layers.dense(WIDTH, 1));
        var optimizer = new Optimizer(d, new Adam(0, 0.9, 1e-8), RATE, clip > 0 ? clip : Double.POSITIVE_INFINITY);
        var randoms = new Randoms(kernels, seed);
        Objective objective = game.apply(randoms);
        var workspace = new Workspace(kernels);
        for (int step = 0; step < steps; step++) {
            optimizer.rate().assign(Tensor.of(kernels, Shape.of(), RATE * (1 - (double) step / steps)));
            try (var _ = workspace.open()) {
                optimizer.descend(objective.discriminator(d, Batch.of(real(randoms, BATCH)), Batch.of(fake(randoms, BATCH, apart))).loss());
            }
            randoms.advance();
        }
        double loss = Objective.of(objective.loss())
                .discriminator(d, Batch.of(real(randoms, MEASURED)), Batch.of(fake(randoms, MEASURED, apart))).loss().item();
        return objective.loss() instanceof Minimax ? Math.log(2) - loss / 2 : -loss;
    }

    private static Tensor real(Randoms randoms, int n) {
        return Tensor.unrecorded(() -> randoms.normal("real", Shape.of(n, 1)).times(DEVIATION));
    }

    private static Tensor fake(Randoms randoms, int n, double apart) {
        return Tensor.unrecorded(() -> randoms.normal("fake", Shape.of(n, 1)).times(DEVIATION).plus(apart));
    }

    @Override public SequencedMap<String, Double> figures(String arm, Saved saved) throws IOException {
        double[] w1 = saved.curve("w1"), estimate = saved.curve("estimate");
        double off = 0, near = Double.NaN, last = estimate[estimate.length - 1];
        for (int i = 0; i < w1.length; i++) {
            off = Math.max(off, Math.abs(estimate[i] - w1[i]) / w1[w1.length - 1]);
            if (w1[i] == FROM) near = estimate[i];
        }
        SequencedMap<String, Double> figures = new LinkedHashMap<>();
        figures.put("correlation", correlation(w1, estimate));
        figures.put("at 1", near);
        figures.put("at 3", last);
        figures.put("rise from 1 to 3", last / near - 1);
        figures.put("off W1", off);
        return figures;
    }

    /// Pearson's.
    private static double correlation(double[] a, double[] b) {
        double meanA = 0, meanB = 0, ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.length; i++) {
            meanA += a[i] / a.length;
            meanB += b[i] / b.length;
        }
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return ab / Math.sqrt(aa * bb);
    }

    @Override public Verdict verdict(Outcome outcome) {
        double penalty = outcome.median(PENALTY, "correlation"), clipped = outcome.median(CLIPPED, "correlation");
        double minimax = outcome.median(MINIMAX, "correlation");
        double off = outcome.median(PENALTY, "off W1"), rise = outcome.median(MINIMAX, "rise from 1 to 3");
        boolean shown = penalty > CORRELATION && clipped > CORRELATION && minimax < CORRELATION && off < OFF && Math.abs(rise) < FLAT;
        return new Verdict(shown, "correlation with W1: one-sided WGAN-GP " + Table.number(penalty) + ", clipped " + Table.number(clipped) + " (bar: 0.95), minimax "
                + Table.number(minimax) + "; the first's gap is off W1 by " + Table.number(off) + " of the greatest (bar: 0.2); from distance 1 to 3 minimax rises by "
                + Table.number(rise));
    }

    @Override public void draw(Outcome outcome, Path folder) throws IOException {
        List<Panel> panels = new ArrayList<>();
        for (String arm : outcome.figures().keySet()) {
            Saved first = outcome.saved(arm, outcome.seeds().getFirst());
            Panel panel = Panel.of(arm.equals(MINIMAX) ? arm + " D" : "critic, " + arm, Axis.of("W1 (exact)").from(0, 3.1),
                    Axis.of(arm.equals(MINIMAX) ? "JS divergence" : "gap")
                    .from(arm.equals(TWO_SIDED) ? Double.NaN : 0, Double.NaN)).with(Curves.spread(outcome, arm, "w1", "estimate"));
            if (arm.equals(MINIMAX)) panel = panel.with(new Mark.Line("log 2", new double[] {0, 3.1}, new double[] {Math.log(2), Math.log(2)}));
            if (arm.equals(PENALTY) || arm.equals(TWO_SIDED)) panel = panel.with(new Mark.Line("W1", first.curve("w1"), first.curve("w1")));
            panels.add(panel);
        }
        Picture.of(2, panels).write(folder.resolve("wasserstein-w1.png"));
    }
}
