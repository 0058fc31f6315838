package gannet.examples.lab;

import gannet.examples.lab.Panel.Axis;
import gannet.gan.Objective;
import gannet.gan.loss.GanLoss;
import gannet.gan.loss.Minimax;
import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.loss.Wasserstein;
import gannet.gan.penalty.GradientPenalty;
import gannet.gan.penalty.JsRegulariser;
import gannet.gan.penalty.R1;
import gannet.gan.penalty.R2;
import gannet.io.Npy;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Which GANs converge, exactly: the Dirac-GAN under each loss and remedy, its eigenvalues at the equilibrium against the closed forms, and where 10⁴ steps of
/// simultaneous gradient descent from (1, 1) lead. Near the equilibrium a step of size h multiplies by 1 + hλ, so it converges there where |1 + hλ| < 1; this
/// tells even a tenth beside R1's bound γ = h/4, where 10⁴ steps lead nowhere yet. Nothing is drawn at random, so one seed is enough. Instance noise is not sampled either: its
/// expectation is a quadrature over 64 equally likely values, the midpoints of the normal's quantiles, stretched to variance 1, of which alone the
/// eigenvalues depend.
final class DiracLab implements Lab {
    private static final int STEPS = 10_000, QUICK_STEPS = 4_000, NOISES = 64, SHOWN = 1_500;
    private static final double RATE = 0.1, CONVERGED = 1e-6, CLOSE = 1e-6, START = Math.sqrt(2);
    private static final String GROWTH = "|1 + hλ| - 1";

    /// What an arm adds to the plain loss, and whether the paper has it converge; `real ± √(inner)` are its eigenvalues, NaN where the field has a kink.
    private record Case(String name, String loss, String remedy, double strength, boolean alternating, boolean converges, double real, double inner) {
        /// R1 on minimax: `−γ/2 ± √(γ²/4 − f′(0)²)`, f′(0) = ½.
        static Case r1(String name, double gamma, boolean converges) {
            return new Case(name, "minimax", "R1", gamma, false, converges, -gamma / 2, gamma * gamma / 4 - 0.25);
        }

        /// Whether its steps are the ones of which `1 + hλ` speaks: both at once, and smooth.
        boolean hasGrowth() {
            return !alternating && !Double.isNaN(real);
        }

        /// Whether 10⁴ steps lead somewhere.
        boolean tellsByItsEnd() {
            return !NEAR_THE_BOUND.contains(name);
        }
    }

    private static final List<String> NEAR_THE_BOUND = List.of("r1-0.9-bound", "r1-1.1-bound");

    private static final List<Case> CASES = List.of(
            new Case("plain", "minimax", "none", 0, false, false, 0, -0.25),
            new Case("wgan", "wasserstein", "clip", 1, false, false, 0, -1),
            new Case("wgan-gp", "wasserstein", "gradient penalty", 1, false, false, Double.NaN, Double.NaN),
            new Case("noise", "minimax", "instance noise", 1, false, true, -0.25, 0.0625 - 0.25),
            Case.r1("r1", 1, true),
            new Case("r2", "minimax", "R2", 1, false, true, -0.5, 0),
            new Case("roth", "minimax", "Roth", 1, false, true, -0.25, 0.0625 - 0.25),
            Case.r1("r1-below-bound", RATE / 8, false),
            Case.r1("r1-above-bound", RATE, true),
            new Case("alternating", "minimax", "none", 0, true, false, 0, -0.25),
            new Case("modified", "modified-minimax", "none", 0, false, false, 0, -0.25),
            new Case("modified-r1", "modified-minimax", "R1", 1, false, true, -0.5, 0),
            Case.r1(NEAR_THE_BOUND.getFirst(), 0.9 * RATE / 4, false),
            Case.r1(NEAR_THE_BOUND.getLast(), 1.1 * RATE / 4, true));
    /// Shown in a picture of their own.
    private static final int APART = 7;

    @Override public About about() {
        return new About("dirac", "plain, Wasserstein and WGAN-GP training circle the equilibrium; instance noise, R1, R2 and Roth's regulariser reach it",
                "Mescheder et al. 2018, §2–§4: the Dirac-GAN, h 0.1, simultaneous gradient descent",
                "eigenvalues: none ±f′(0)i = ±0.5i; R1 −γ/2 ± √(γ²/4 − f′(0)²) = −0.5; discrete R1 needs γ > h/4", 0.1, 0.05, 1);
    }

    @Override public List<Arm> arms(Scale scale, boolean control) {
        int steps = scale == Scale.QUICK ? QUICK_STEPS : STEPS;
        List<Arm> arms = new ArrayList<>();
        for (Case each : CASES) {
            double strength = control ? 0 : each.strength;
            SequencedMap<String, Object> settings = new LinkedHashMap<>();
            settings.put("steps", (long) steps);
            settings.put("h", RATE);
            settings.put("start", "1, 1");
            settings.put("loss", each.loss);
            settings.put("remedy", each.remedy);
            settings.put("strength", strength);
            settings.put("alternating", each.alternating);
            arms.add(new Arm(each.name, settings, (_, _) -> trial(each, strength, steps)));
        }
        return arms;
    }

    private static Objective objective(Kernels k, Case arm, double strength) {
        GanLoss loss = switch (arm.loss) {
            case "minimax" -> new Minimax();
            case "modified-minimax" -> new ModifiedMinimax();
            default -> new Wasserstein();
        };
        Objective plain = Objective.of(loss);
        if (strength == 0) return plain;
        return switch (arm.remedy) {
            case "R1" -> plain.with(new R1(strength));
            case "R2" -> plain.with(new R2(strength));
            case "Roth" -> plain.with(JsRegulariser.of(k, strength));
            case "gradient penalty" -> plain.with(new GradientPenalty(strength, new Randoms(k, 1)));
            case "instance noise" -> {
                Tensor noise = noise(k, strength);
                yield plain.seenThrough(x -> x.plus(noise));
            }
            default -> plain;
        };
    }

    /// Equally likely values of variance `sigma²`, `[n,1]`.
    private static Tensor noise(Kernels k, double sigma) {
        double[] values = new double[NOISES];
        double squares = 0;
        for (int i = 0; i < NOISES; i++) {
            values[i] = Gaussian.quantile((i + 0.5) / NOISES);
            squares += values[i] * values[i];
        }
        for (int i = 0; i < NOISES; i++) values[i] *= sigma / Math.sqrt(squares / NOISES);
        return Tensor.of(k, Shape.of(NOISES, 1), values);
    }

    private static SequencedMap<String, Npy> trial(Case arm, double strength, int steps) {
        var kernels = new ReferenceKernels();
        var game = new DiracGame(kernels, objective(kernels, arm, strength));
        double clip = arm.remedy.equals("clip") && strength > 0 ? strength : Double.POSITIVE_INFINITY;
        double[][] course = game.course(steps, RATE, arm.alternating, clip);
        float[] flat = new float[2 * course.length];
        for (int i = 0; i < flat.length; i++) flat[i] = (float) course[i / 2][i % 2];
        SequencedMap<String, Npy> saved = new LinkedHashMap<>();
        saved.put("course", new Npy(new int[] {course.length, 2}, flat));
        saved.put("eigenvalues", Saved.of(DiracGame.eigenvalues(game.jacobian(0, 0))));
        return saved;
    }

    private static Case named(String arm) {
        for (Case each : CASES) if (each.name.equals(arm)) return each;
        throw new IllegalArgumentException("lab 'dirac' has no arm '" + arm + "'");
    }

    @Override public SequencedMap<String, Double> figures(String arm, Saved saved) throws IOException {
        float[] course = saved.array("course").values(), eigenvalues = saved.array("eigenvalues").values();
        SequencedMap<String, Double> figures = new LinkedHashMap<>();
        figures.put("end radius", Math.hypot(course[course.length - 2], course[course.length - 1]));
        if (Double.isNaN(named(arm).real)) return figures; // the norm of WGAN-GP's gradient has a kink at the equilibrium
        figures.put("Re λ", (double) eigenvalues[0]);
        figures.put("Im λ", (double) eigenvalues[1]);
        figures.put("off closed form", distance(named(arm), eigenvalues));
        if (named(arm).hasGrowth()) figures.put(GROWTH, growth(eigenvalues));
        return figures;
    }

    /// The greater `|1 + hλ| − 1` of the two eigenvalues: the share by which a step leads farther from the equilibrium, near it.
    private static double growth(float[] eigenvalues) {
        return Math.max(Math.hypot(1 + RATE * eigenvalues[0], RATE * eigenvalues[1]), Math.hypot(1 + RATE * eigenvalues[2], RATE * eigenvalues[3])) - 1;
    }

    /// The greater distance of the two eigenvalues from `real ± √(inner)`.
    private static double distance(Case arm, float[] eigenvalues) {
        double root = Math.sqrt(Math.abs(arm.inner)), real = arm.inner < 0 ? 0 : root, imaginary = arm.inner < 0 ? root : 0;
        return Math.max(Math.hypot(eigenvalues[0] - arm.real - real, eigenvalues[1] - imaginary),
                Math.hypot(eigenvalues[2] - arm.real + real, eigenvalues[3] + imaginary));
    }

    @Override public Verdict verdict(Outcome outcome) {
        List<String> wrong = new ArrayList<>();
        double worst = 0;
        for (Case each : CASES) {
            double radius = outcome.median(each.name, "end radius");
            if (each.tellsByItsEnd() && radius < CONVERGED != each.converges) wrong.add(each.name + " ends at radius " + Table.number(radius));
            if (Double.isNaN(each.real)) continue;
            if (each.hasGrowth() && outcome.median(each.name, GROWTH) < 0 != each.converges)
                wrong.add(each.name + " has " + GROWTH + " = " + Table.number(outcome.median(each.name, GROWTH)));
            double off = outcome.median(each.name, "off closed form");
            worst = Math.max(worst, off);
            if (!(off < CLOSE)) wrong.add("the eigenvalues of " + each.name + " are off by " + Table.number(off));
        }
        return new Verdict(wrong.isEmpty(), wrong.isEmpty() ? "from radius 1.41 those that should converge end within 1e-6 of the"
                + " equilibrium, and no others; eigenvalues within " + Table.number(worst)
                + " of the closed forms; |1 + hλ| is below 1 for those and no others, R1 at 1.1 and 0.9 of its bound h/4 included" : String.join("; ", wrong));
    }

    @Override public void draw(Outcome outcome, Path folder) throws IOException {
        long seed = outcome.seeds().getFirst();
        List<Panel> main = new ArrayList<>(), apart = new ArrayList<>();
        for (Case each : CASES) if (each.tellsByItsEnd()) (main.size() < APART ? main : apart).add(course(each, outcome.saved(each.name, seed)));
        Panel radius = Panel.of("distance to equilibrium", Axis.of("step"), Axis.log("").from(1e-8, 1e2));
        for (Case each : CASES.subList(0, APART)) radius = radius.with(radius(each.name, outcome.saved(each.name, seed)));
        main.add(radius);
        Picture.squares(4, main).write(folder.resolve("dirac.png"));
        Picture.squares(apart.size(), apart).write(folder.resolve("dirac-apart.png"));
    }

    private static Panel course(Case arm, Saved saved) throws IOException {
        float[] course = saved.array("course").values();
        double[] theta = new double[SHOWN], psi = new double[SHOWN];
        double reach = START;
        for (int i = 0; i < SHOWN; i++) {
            theta[i] = course[2 * i];
            psi[i] = course[2 * i + 1];
            reach = Math.max(reach, Math.max(Math.abs(theta[i]), Math.abs(psi[i])));
        }
        Axis x = Axis.of("θ").from(-1.1 * reach, 1.1 * reach), y = Axis.of("ψ").from(-1.1 * reach, 1.1 * reach);
        return Panel.of(arm.name, x, y).with(new Mark.Line(arm.name, theta, psi)).with(new Mark.Rings("", new double[] {0}, new double[] {0}));
    }

    private static Mark radius(String name, Saved saved) throws IOException {
        float[] course = saved.array("course").values();
        double[] step = new double[course.length / 20], radius = new double[step.length];
        for (int i = 0; i < step.length; i++) {
            step[i] = 10 * i;
            radius[i] = Math.hypot(course[20 * i], course[20 * i + 1]);
        }
        return new Mark.Line(name, step, radius);
    }
}
