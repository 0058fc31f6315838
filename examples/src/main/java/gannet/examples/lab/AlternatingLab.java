package gannet.examples.lab;

import gannet.examples.lab.Panel.Axis;
import gannet.gan.Alternation;
import gannet.gan.Batch;
import gannet.gan.GanTrainer;
import gannet.gan.Objective;
import gannet.gan.Player;
import gannet.gan.Prior;
import gannet.gan.Procedure;
import gannet.gan.Source;
import gannet.gan.loss.GanLoss;
import gannet.gan.loss.Minimax;
import gannet.io.Npy;
import gannet.kernel.Kernels;
import gannet.nn.Dense;
import gannet.nn.Layer;
import gannet.nn.Network;
import gannet.nn.Parts;
import gannet.optim.Sgd;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.Supplier;

/// Why G and D take turns: "both at once" aims at a target that is moving. A Gaussian in the plane is to be moved onto another: G(z) = z/10 + θ,
/// D(x) = ψ·x, minimax and plain gradient descent, so that the equilibrium is θ = ψ = 0 and every distance from it can be seen. At once, each step
/// goes a little outwards (Mescheder et al. 2018, §2: the field turns around the equilibrium) until the data's own width holds it; in turn, that
/// width draws the course in, slowly. (Where the data have no width, turns alone don't bring it in either: lab `dirac`.)
final class AlternatingLab implements Lab {
    private static final String AT_ONCE = "at-once", IN_TURN = "in-turn", STEPS = "steps-3-1", EPOCHS = "epochs-1-1";
    private static final int BATCH = 64, EPOCH = 4, TRAINED = 3000, SHOWN = 64, SHOWN_EVERY = 600;
    private static final double RATE = 0.2, WIDTH = 0.1, GROWN = 2, STAYS = 1.5;

    /// `x = z/10 + θ`
    private record Shift(Tensor theta) implements Layer {
        @Override public Tensor apply(Tensor z) {
            return z.times(WIDTH).plus(theta);
        }

        @Override public Shift with(Parts parts) {
            return new Shift(parts.weight("theta", theta));
        }
    }

    /// Minimax that writes down whose turn it was: 0 for D, 1 for G.
    private record Noted(List<Integer> turns) implements GanLoss {
        private static final Minimax LOSS = new Minimax();

        @Override public Tensor discriminator(Tensor real, Tensor fake) {
            turns.add(0);
            return LOSS.discriminator(real, fake);
        }

        @Override public Tensor generator(Supplier<Tensor> real, Tensor fake) {
            turns.add(1);
            return LOSS.generator(real, fake);
        }

        @Override public String name() {
            return LOSS.name();
        }
    }

    @Override public About about() {
        return new About("alternating", "moving G and D at once drives them away from the equilibrium; in turn, D first, they stay near it",
                "Goodfellow et al. 2014, Algorithm 1; Mescheder et al. 2018, §2", "", 0.3, 0.3, 5);
    }

    @Override public List<Arm> arms(Scale scale, boolean control) {
        List<Arm> arms = new ArrayList<>();
        for (String name : List.of(AT_ONCE, IN_TURN, STEPS, EPOCHS)) {
            Alternation order = control ? Alternation.simultaneous() : order(name);
            SequencedMap<String, Object> settings = new LinkedHashMap<>();
            settings.put("rate", RATE);
            settings.put("batch", (long) BATCH);
            settings.put("steps", (long) TRAINED);
            settings.put("turns", order.toString());
            arms.add(new Arm(name, settings, (kernels, seed) -> trial(kernels, seed, order, TRAINED)));
        }
        return arms;
    }

    private static Alternation order(String arm) {
        return switch (arm) {
            case AT_ONCE -> Alternation.simultaneous();
            case IN_TURN -> Alternation.steps(1, 1);
            case STEPS -> Alternation.steps(3, 1);
            default -> Alternation.epochs(1, 1, EPOCH);
        };
    }

    static SequencedMap<String, Npy> trial(Kernels kernels, long seed, Alternation order, int steps) {
        double angle = 2.4 * seed; // about the golden angle: starts all around
        Network g = Network.of("generator", new Shift(Tensor.weight(kernels, Shape.of(1, 2), Math.cos(angle), Math.sin(angle))));
        Network d = Network.of("discriminator", new Dense(Tensor.weight(kernels, Shape.of(2, 1), 0, 0), null, null));
        var randoms = new Randoms(kernels, seed);
        List<Integer> turns = new ArrayList<>();
        var trainer = new GanTrainer(Player.of(g, new Sgd(0), RATE), Player.of(d, new Sgd(0), RATE), Objective.of(new Noted(turns)),
                Prior.normal(randoms, 2), real(randoms), randoms, Procedure.of(BATCH).with(order));
        float[] course = new float[4 * (steps + 1)];
        for (int step = 0; step <= steps; step++) {
            if (step > 0) trainer.step();
            double[] theta = g.weights().getFirst().toArray(), psi = d.weights().getFirst().toArray();
            for (int i = 0; i < 2; i++) {
                course[4 * step + i] = (float) theta[i];
                course[4 * step + 2 + i] = (float) psi[i];
            }
        }
        SequencedMap<String, Npy> saved = new LinkedHashMap<>();
        saved.put("course", new Npy(new int[] {steps + 1, 4}, course));
        saved.put("turns", Saved.of(turns.stream().mapToDouble(Integer::doubleValue).toArray()));
        saved.put("order", Saved.of(order.discriminator(), order.generator()));
        return saved;
    }

    private static Source real(Randoms randoms) {
        return new Source() {
            @Override public Batch next(int n) {
                return Batch.of(Tensor.unrecorded(() -> randoms.normal("data", Shape.of(n, 2)).times(WIDTH)));
            }

            @Override public List<State> states() {
                return List.of();
            }
        };
    }

    @Override public SequencedMap<String, Double> figures(String arm, Saved saved) throws IOException {
        double[] distances = distances(saved), turns = saved.curve("turns"), order = saved.curve("order");
        double widest = 0;
        for (double r : distances) widest = Math.max(widest, r);
        int breaches = 0;
        for (int i = 0; i < turns.length; i++) {
            boolean g = i % (order[0] + order[1]) >= order[0];
            if (turns[i] != (g ? 1 : 0)) breaches++;
        }
        SequencedMap<String, Double> figures = new LinkedHashMap<>();
        figures.put("distance at the end", distances[distances.length - 1]);
        figures.put("widest", widest);
        figures.put("turns out of order", (double) breaches);
        return figures;
    }

    /// ‖(θ, ψ)‖ after each step; 1 at the start.
    private static double[] distances(Saved saved) throws IOException {
        double[] course = saved.curve("course"), distances = new double[course.length / 4];
        for (int i = 0; i < distances.length; i++)
            distances[i] = Math.hypot(Math.hypot(course[4 * i], course[4 * i + 1]), Math.hypot(course[4 * i + 2], course[4 * i + 3]));
        return distances;
    }

    @Override public Verdict verdict(Outcome outcome) {
        double away = outcome.median(AT_ONCE, "distance at the end"), near = outcome.median(IN_TURN, "widest");
        double end = outcome.median(IN_TURN, "distance at the end"), breaches = 0;
        for (String arm : outcome.figures().keySet()) for (double b : outcome.values(arm, "turns out of order")) breaches += b;
        String why = String.format(Locale.ROOT, "from distance 1, at once ends %.1f away (needed: over 2), in turn never goes beyond %.2f"
                + " (bar: 1.5) and ends at %.2f (bar: 1); turns out of order: %.0f",
                away, near, end, breaches);
        return new Verdict(away >= GROWN && near <= STAYS && end <= 1 && breaches == 0, why);
    }

    @Override public void draw(Outcome outcome, Path folder) throws IOException {
        Panel distances = Panel.of("distance from the equilibrium", Axis.of("steps of G"), Axis.log("length of (theta, psi)"));
        for (String arm : outcome.figures().keySet()) {
            double[][] curves = new double[outcome.seeds().size()][];
            for (int i = 0; i < curves.length; i++) curves[i] = distances(outcome.saved(arm, outcome.seeds().get(i)));
            double[] steps = new double[curves[0].length];
            for (int i = 0; i < steps.length; i++) steps[i] = i;
            distances = distances.with(new Mark.Spread(arm, steps, curves));
        }
        Picture.of(course(outcome, AT_ONCE), course(outcome, IN_TURN), distances).write(folder.resolve("alternating.png"));
    }

    /// How far G is off along the direction in which it started, against D's slope along it: one turn around the equilibrium in so many.
    private static Panel course(Outcome outcome, String arm) throws IOException {
        double[] c = outcome.saved(arm, outcome.seeds().getFirst()).curve("course");
        int n = c.length / 4;
        double[] theta = new double[n], psi = new double[n];
        for (int i = 0; i < n; i++) {
            boolean shown = arm.equals(AT_ONCE) || i % SHOWN_EVERY < SHOWN;
            if (!shown) theta[i] = Double.NaN;
            else theta[i] = c[4 * i] * c[0] + c[4 * i + 1] * c[1];
            psi[i] = c[4 * i + 2] * c[0] + c[4 * i + 3] * c[1];
        }
        return Panel.of(arm, Axis.of("theta: G's place").from(-4, 4), Axis.of("psi: D's slope").from(-4, 4)).with(new Mark.Line(arm, theta, psi))
                .with(new Mark.Rings("", new double[] {0}, new double[] {0}));
    }
}
