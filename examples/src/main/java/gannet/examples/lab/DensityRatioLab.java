package gannet.examples.lab;

import static gannet.nn.ActivationLayer.TANH;

import gannet.gan.Batch;
import gannet.gan.Objective;
import gannet.gan.Player;
import gannet.gan.loss.Minimax;
import gannet.io.Npy;
import gannet.kernel.Kernels;
import gannet.metric.Mixture;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.optim.Adam;
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

/// What D learns when G stands still: `σ(D(x)) = p(x) / (p(x) + q(x))`; Goodfellow et al. 2014, Proposition 1. p and q are mixtures of known density, so D's
/// error can be integrated over the plane, weighted by (p + q)/2: elsewhere D has seen nothing. The arms differ in how long D is trained.
final class DensityRatioLab implements Lab {
    private static final Mixture REAL = new Mixture(new double[][] {{-1, 0}, {1, 0}}, 0.33), FAKE = new Mixture(new double[][] {{0, -1}, {0, 1}}, 0.33);
    private static final String UNTRAINED = "untrained", SHORT = "short", TRAINED = "trained";
    private static final int WIDTH = 64, BATCH = 256, STEPS = 3000, QUICK_STEPS = 1500, FEW = 200, SIDE = 100;
    private static final double RATE = 1e-3, REACH = 2.5, BAR = 0.03;

    @Override public About about() {
        return new About("density-ratio", "a trained D tells the ratio of densities p/(p + q) at every point, to 0.03",
                "Goodfellow et al. 2014, Proposition 1", "the optimal discriminator is D*(x) = p/(p + q)", 0.4, 0.2, 5);
    }

    @Override public List<Arm> arms(Scale scale, boolean control) {
        List<Arm> arms = new ArrayList<>();
        for (String name : List.of(UNTRAINED, SHORT, TRAINED)) {
            int steps = control ? 0 : switch (name) {
                case UNTRAINED -> 0;
                case SHORT -> FEW;
                default -> scale == Scale.QUICK ? QUICK_STEPS : STEPS;
            };
            SequencedMap<String, Object> settings = new LinkedHashMap<>();
            settings.put("width of D", (long) WIDTH);
            settings.put("batch", (long) BATCH);
            settings.put("rate of D", RATE);
            settings.put("steps of D", (long) steps);
            arms.add(new Arm(name, settings, (kernels, seed) -> trial(kernels, seed, steps)));
        }
        return arms;
    }

    private static SequencedMap<String, Npy> trial(Kernels kernels, long seed, int steps) {
        Layers layers = Layers.fanIn(kernels, seed);
        Network d = Network.of("discriminator", layers.dense(2, WIDTH), TANH, layers.dense(WIDTH, WIDTH), TANH, layers.dense(WIDTH, 1));
        Player player = Player.of(d, Adam.PAPER, RATE);
        Objective objective = Objective.of(new Minimax());
        var randoms = new Randoms(kernels, seed);
        var workspace = new Workspace(kernels);
        for (int step = 0; step < steps; step++) {
            // The rate falls to 0: what is left of the error is not the last batch's noise.
            player.optimizer().rate().assign(Tensor.of(kernels, Shape.of(), RATE * (1 - (double) step / steps)));
            try (var _ = workspace.open()) {
                Tensor real = REAL.sample(randoms, BATCH), fake = FAKE.sample(randoms, BATCH);
                player.optimizer().descend(objective.discriminator(d, Batch.of(real), Batch.of(fake)).loss());
            }
            randoms.advance();
        }
        SequencedMap<String, Npy> saved = new LinkedHashMap<>();
        saved.put("surface", surface(kernels, d));
        return saved;
    }

    /// The middle of cell i of the grid that covers −REACH … REACH.
    private static double at(int i) {
        return REACH * ((2 * i + 1.0) / SIDE - 1);
    }

    /// `σ(D)` over the plane, `[row,column]`, the lowest row first.
    private static Npy surface(Kernels kernels, Network d) {
        double[] points = new double[2 * SIDE * SIDE];
        for (int i = 0; i < SIDE * SIDE; i++) {
            points[2 * i] = at(i % SIDE);
            points[2 * i + 1] = at(i / SIDE);
        }
        double[] values = Tensor.unrecorded(() -> d.infer(Tensor.of(kernels, Shape.of(SIDE * SIDE, 2), points)).sigmoid()).toArray();
        float[] surface = new float[values.length];
        for (int i = 0; i < values.length; i++) surface[i] = (float) values[i];
        return new Npy(new int[] {SIDE, SIDE}, surface);
    }

    private static double best(int cell) {
        double p = REAL.density(at(cell % SIDE), at(cell / SIDE)), q = FAKE.density(at(cell % SIDE), at(cell / SIDE));
        return p + q == 0 ? 0.5 : p / (p + q);
    }

    @Override public SequencedMap<String, Double> figures(String arm, Saved saved) throws IOException {
        float[] surface = saved.array("surface").values();
        double error = 0, mass = 0, plain = 0;
        for (int i = 0; i < surface.length; i++) {
            double x = at(i % SIDE), y = at(i / SIDE), off = Math.abs(surface[i] - best(i)), weight = REAL.density(x, y) + FAKE.density(x, y);
            error += off * weight;
            mass += weight;
            plain += off;
        }
        SequencedMap<String, Double> figures = new LinkedHashMap<>();
        figures.put("mean error", error / mass);
        figures.put("unweighted", plain / surface.length);
        return figures;
    }

    @Override public Verdict verdict(Outcome outcome) {
        double error = outcome.median(TRAINED, "mean error"), before = outcome.median(UNTRAINED, "mean error");
        return new Verdict(error <= BAR && before > BAR, "trained, σ(D) is off p/(p + q) by " + Table.number(error) + " (bar: " + BAR + "), untrained by "
                + Table.number(before));
    }

    @Override public void draw(Outcome outcome, Path folder) throws IOException {
        double[] best = new double[SIDE * SIDE];
        for (int i = 0; i < best.length; i++) best[i] = best(i);
        List<Panel> panels = new ArrayList<>();
        panels.add(panel("D* = p/(p + q)", best, 0, 1));
        for (String arm : outcome.figures().keySet()) panels.add(panel("σ(D), " + arm, outcome.typical(arm, "mean error").curve("surface"), 0, 1));
        Picture.squares(panels.size(), panels).write(folder.resolve("density-ratio.png"));
    }

    private static Panel panel(String title, double[] values, double low, double high) {
        return Panel.plane(title, REACH).with(new Mark.Surface("", SIDE, SIDE, values, -REACH, REACH, -REACH, REACH, low, high))
                .with(new Mark.Rings("modes of p", new double[] {-1, 1}, new double[] {0, 0}))
                .with(new Mark.Rings("modes of q", new double[] {0, 0}, new double[] {-1, 1}));
    }
}
