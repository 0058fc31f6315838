package gannet.examples.lab;

import static gannet.nn.ActivationLayer.leakyRelu;

import gannet.examples.lab.PlaneGame.Sizes;
import gannet.gan.GanTrainer;
import gannet.gan.Objective;
import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.penalty.R1;
import gannet.gan.remedy.MovingAverage;
import gannet.io.Npy;
import gannet.kernel.Kernels;
import gannet.metric.Mixture;
import gannet.metric.ModeCoverage;
import gannet.nn.Network;
import gannet.optim.Adam;
import gannet.optim.Optimizer;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import gannet.tensor.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// Discriminative and generative on the same points: a classifier learns p(y|x), a line between two of the modes and the others; a GAN learns p(x),
/// all of the density. The classifier is judged by its accuracy on new points, the GAN by the modes that its samples hold and by their negative
/// log-likelihood under the true mixture, whose entropy no samples can be told to beat without losing modes. A G that was never trained stands for
/// what knowing nothing gives.
final class GenerativeLab implements Lab {
    private static final Mixture RING = Mixture.ring(4, 1, 0.2);
    private static final Sizes SIZES = new Sizes(2, 64, 64, 512, 1e-3, 2e-3, 0.5);
    private static final String CLASSIFIER = "classifier", GAN = "gan", UNTRAINED = "untrained-gan";
    private static final int TURNS = 2, STEPS = 3000, QUICK_STEPS = 1500, SAMPLES = 2500, HELD = 20, SIDE = 60;
    private static final double R1_WEIGHT = 0.1, BETA = 0.99, REACH = 2, ACCURACY = 0.95, NATS = 0.25;
    /// The one class is the half plane in this direction, between two modes.
    private static final double ANGLE = Math.PI / 4;

    @Override public About about() {
        return new About("generative", "a classifier draws a line through the data, a GAN fills their density",
                "Goodfellow et al. 2014, §1; Ng & Jordan 2002", "", 0.7, 0.4, 5);
    }

    @Override public List<Arm> arms(Scale scale, boolean control) {
        int steps = scale == Scale.QUICK ? QUICK_STEPS : STEPS;
        return List.of(arm(CLASSIFIER, steps), arm(GAN, control ? 0 : steps), arm(UNTRAINED, 0));
    }

    private static Arm arm(String name, int steps) {
        SequencedMap<String, Object> settings = SIZES.settings();
        settings.put("data", "ring-4, sigma 0.2");
        settings.put("model", name.equals(CLASSIFIER) ? "p(y|x)" : "p(x)");
        settings.put("steps", (long) steps);
        return new Arm(name, settings, (kernels, seed) -> name.equals(CLASSIFIER) ? classifier(kernels, seed, steps) : gan(kernels, seed, steps));
    }

    static SequencedMap<String, Npy> gan(Kernels kernels, long seed, int steps) {
        var game = new PlaneGame(kernels, seed, RING, SIZES);
        var average = new MovingAverage(game.generator, BETA);
        GanTrainer trainer = game.trainer(Objective.of(new ModifiedMinimax()).with(new R1(R1_WEIGHT)),
                game.settling(TURNS, Math.max(1, steps)).with(average));
        for (int step = 0; step < steps; step++) trainer.step();
        SequencedMap<String, Npy> saved = new LinkedHashMap<>();
        saved.put("samples", PlaneGame.points(game.samples(average.averaged().given(null), SAMPLES)));
        return saved;
    }

    static SequencedMap<String, Npy> classifier(Kernels kernels, long seed, int steps) {
        var game = new PlaneGame(kernels, seed, RING, SIZES);
        Network classifier = PlaneGame.perceptron(kernels, "classifier", seed, 2, SIZES.widthD(), 1, leakyRelu(0.2));
        var optimizer = new Optimizer(classifier, new Adam(SIZES.beta1(), 0.999, 1e-8), SIZES.rateD());
        var workspace = new Workspace(kernels);
        Randoms randoms = game.randoms;
        for (int step = 0; step < steps; step++) {
            try (var _ = workspace.open()) {
                Tensor x = RING.sample(randoms, SIZES.batch()), side = side(x); // ±1
                optimizer.descend(classifier.apply(x).times(side).negate().softplus().mean()); // cross-entropy
            }
            randoms.advance();
        }
        SequencedMap<String, Npy> saved = new LinkedHashMap<>();
        float[] held = game.real(SAMPLES);
        saved.put("samples", PlaneGame.points(held));
        saved.put("logits", logits(classifier, held));
        saved.put("surface", logits(classifier, lattice()));
        return saved;
    }

    private static Tensor side(Tensor x) {
        Tensor normal = Tensor.temporary(x.kernels(), Shape.of(2, 1), Math.cos(ANGLE), Math.sin(ANGLE));
        return Tensor.unrecorded(() -> x.matmul(normal).sign());
    }

    private static boolean above(double x, double y) {
        return Math.cos(ANGLE) * x + Math.sin(ANGLE) * y > 0;
    }

    private static Npy logits(Network classifier, float[] points) {
        double[] all = new double[points.length];
        for (int i = 0; i < all.length; i++) all[i] = points[i];
        return Saved.of(classifier.infer(Tensor.of(classifier.kernels(), Shape.of(all.length / 2, 2), all)).toArray());
    }

    /// The points of a square lattice, the bottom row first.
    private static float[] lattice() {
        float[] points = new float[2 * SIDE * SIDE];
        for (int i = 0; i < SIDE * SIDE; i++) {
            points[2 * i] = (float) (REACH * (2 * (i % SIDE + 0.5) / SIDE - 1));
            points[2 * i + 1] = (float) (REACH * (2 * (i / SIDE + 0.5) / SIDE - 1));
        }
        return points;
    }

    @Override public SequencedMap<String, Double> figures(String arm, Saved saved) throws IOException {
        SequencedMap<String, Double> figures = new LinkedHashMap<>();
        float[] samples = saved.array("samples").values();
        double right = Double.NaN, modes = Double.NaN, nll = Double.NaN;
        if (arm.equals(CLASSIFIER)) {
            double[] logits = saved.curve("logits");
            right = 0;
            for (int i = 0; i < logits.length; i++) if (logits[i] > 0 == above(samples[2 * i], samples[2 * i + 1])) right += 1.0 / logits.length;
        } else {
            modes = ModeCoverage.of(RING, samples).modes(HELD);
            nll = negativeLogLikelihood(samples) - entropy();
        }
        figures.put("accuracy", right);
        figures.put("modes", modes);
        figures.put("nats above entropy", nll);
        return figures;
    }

    /// `−1/n Σ ln p(xᵢ)`, a point of no measurable density counted as one of e^−100.
    static double negativeLogLikelihood(float[] points) {
        double sum = 0;
        for (int i = 0; i < points.length; i += 2) sum -= Math.log(Math.max(RING.density(points[i], points[i + 1]), Math.exp(-100)));
        return sum / (points.length / 2);
    }

    /// Of the mixture, whose modes hardly overlap: `ln k + 1 + ln 2πσ²`.
    private static double entropy() {
        return Math.log(RING.modes()) + 1 + Math.log(2 * Math.PI * RING.sigma() * RING.sigma());
    }

    @Override public Verdict verdict(Outcome outcome) {
        double accuracy = outcome.median(CLASSIFIER, "accuracy"), modes = outcome.median(GAN, "modes");
        double nats = outcome.median(GAN, "nats above entropy");
        double nothing = outcome.median(UNTRAINED, "nats above entropy");
        String why = String.format(Locale.ROOT, "the classifier is right on %.1f %% (bar: 95); the GAN's samples hold %.1f of 4 modes (bar: 4),"
                + " %.2f nats from the mixture's entropy (bar: within 0.25), an untrained G's %.1f",
                100 * accuracy, modes, nats, nothing);
        return new Verdict(accuracy >= ACCURACY && modes == RING.modes() && Math.abs(nats) <= NATS && nothing > NATS, why);
    }

    @Override public void draw(Outcome outcome, Path folder) throws IOException {
        Saved saved = outcome.saved(CLASSIFIER, outcome.seeds().getFirst());
        double[] p = saved.curve("surface");
        for (int i = 0; i < p.length; i++) p[i] = 1 / (1 + Math.exp(-p[i]));
        Panel line = Panel.plane("discriminative: p(y|x)", REACH).with(new Mark.Surface("", SIDE, SIDE, p, -REACH, REACH, -REACH, REACH, -0.5, 1.5))
                .with(Mark.Points.of("data", saved.array("samples").values()));
        Picture.of(line, Curves.samples(outcome, GAN, "nats above entropy", RING, REACH),
                Curves.samples(outcome, UNTRAINED, "nats above entropy", RING, REACH))
                .write(folder.resolve("generative.png"));
    }
}
