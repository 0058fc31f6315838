package gannet.gan.penalty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.loss.GanLoss;
import gannet.gan.loss.Losses;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.nn.Layer;
import gannet.nn.Network;
import gannet.nn.Parts;
import gannet.tensor.GradientCheck;
import gannet.tensor.Gradients;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Every penalty of the registry against its formula written out in plain arithmetic, on `D(x) = a·x + ½b‖x‖²`, whose slope is `a + bx`.
class PenaltiesTest {
    private static final double TOLERANCE = 1e-11, B = 0.7;
    private static final long SEED = 21;
    private static final double[] A = {0.4, -1.1}, REAL = {0.5, 1, -2, 0.3, 1.5, 0.25}, FAKE = {-1, 0.4, 0.8, -1.5, 0.1, 2};
    private static final int N = 3, DIMENSIONS = 2;

    private final Kernels kernels = new ReferenceKernels();
    private final Tensor real = Tensor.of(kernels, Shape.of(N, DIMENSIONS), REAL), fake = Tensor.of(kernels, Shape.of(N, DIMENSIONS), FAKE);

    /// `x[n,2] → a·x + ½b‖x‖²`, `[n,1]`; a is `[2,1]`.
    private record Bowl(Tensor a, double b) implements Layer {
        @Override public Tensor apply(Tensor x) {
            return x.matmul(a).plus(x.square().sum(1, 2).times(b / 2));
        }

        @Override public Bowl with(Parts parts) {
            return new Bowl(parts.weight("a", a), b);
        }
    }

    private Network bowl(double b, double... a) {
        return Network.of("bowl", new Bowl(Tensor.weight(kernels, Shape.of(a.length, 1), a), b));
    }

    private Randoms randoms() {
        return new Randoms(kernels, SEED);
    }

    private static double s(double[] a, double[] x) {
        return a[0] * x[0] + a[1] * x[1] + B / 2 * (x[0] * x[0] + x[1] * x[1]);
    }

    private static double squaredSlope(double[] a, double[] x) {
        return Math.pow(a[0] + B * x[0], 2) + Math.pow(a[1] + B * x[1], 2);
    }

    private static double sigmoid(double s) {
        return 1 / (1 + Math.exp(-s));
    }

    private interface Term {
        double at(double[] a, double[] x);
    }

    private static double mean(double[] points, double[] a, Term term) {
        double sum = 0;
        for (int i = 0; i < N; i++) sum += term.at(a, new double[] {points[2 * i], points[2 * i + 1]});
        return sum / N;
    }

    /// Between real and fake, by the uniform number of each sample.
    private double[] mixed() {
        double[] e = randoms().uniform("gradient penalty", Shape.of(N, 1)).toArray(), mixed = new double[REAL.length];
        for (int i = 0; i < mixed.length; i++) mixed[i] = e[i / 2] * REAL[i] + (1 - e[i / 2]) * FAKE[i];
        return mixed;
    }

    /// Half a standard deviation of noise around the real samples, to both sides.
    private double[] perturbed() {
        double mean = 0, variance = 0;
        for (double x : REAL) mean += x / REAL.length;
        for (double x : REAL) variance += (x - mean) * (x - mean) / REAL.length;
        double[] noise = randoms().normal("dragan", Shape.of(N, DIMENSIONS)).toArray(), perturbed = new double[REAL.length];
        for (int i = 0; i < perturbed.length; i++) perturbed[i] = REAL[i] + 0.5 * Math.sqrt(variance) * noise[i];
        return perturbed;
    }

    /// Each penalty at its weight 3, as a function of a.
    private Map<String, ToDoubleFunction<double[]>> forms() {
        Term twoSided = (a, x) -> 3 * Math.pow(Math.sqrt(squaredSlope(a, x)) - 1, 2);
        Term oneSided = (a, x) -> 3 * Math.pow(Math.max(0, Math.sqrt(squaredSlope(a, x)) - 1), 2);
        Term zeroCentred = (a, x) -> 1.5 * squaredSlope(a, x);
        return Map.of("gradient", a -> mean(mixed(), a, twoSided), "gradient-one-sided", a -> mean(mixed(), a, oneSided),
                "r1", a -> mean(REAL, a, zeroCentred), "r2", a -> mean(FAKE, a, zeroCentred),
                "roth", a -> mean(REAL, a, (w, x) -> 1.5 * Math.pow(1 - sigmoid(s(w, x)), 2) * squaredSlope(w, x))
                        + mean(FAKE, a, (w, x) -> 1.5 * Math.pow(sigmoid(s(w, x)), 2) * squaredSlope(w, x)),
                "dragan", a -> mean(perturbed(), a, twoSided),
                "l2", a -> 1.5 * (a[0] * a[0] + a[1] * a[1]), "orthogonal", _ -> 0, // one column is at right angles to no other
                "spectral", a -> 1.5 * (a[0] * a[0] + a[1] * a[1]), "drift", a -> mean(REAL, a, (w, x) -> 3 * s(w, x) * s(w, x)));
    }

    @Test void everyPenaltyIsItsFormula() {
        var forms = forms();
        assertEquals(forms.keySet(), Set.copyOf(Penalties.names()), "a penalty without a closed form here, or the other way round");
        for (String name : Penalties.names()) {
            Network d = bowl(B, A);
            Tensor y = new Penalties.Setting(name, 3).of(d, randoms()).of(d, real, fake), a = d.weights().getFirst();
            assertEquals(1, y.shape().count(), name);
            assertEquals(forms.get(name).applyAsDouble(A), y.item(), TOLERANCE, name);
            assertArrayEquals(differences(forms.get(name)), Gradients.of(y, a).get(a).toArray(), 1e-8, name + ", by a");
        }
    }

    /// Of the plain formula, which is thereby an oracle for the gradient of a gradient too.
    private static double[] differences(ToDoubleFunction<double[]> f) {
        double[] slopes = new double[2];
        double h = 1e-4;
        for (int i = 0; i < 2; i++) {
            double[][] at = new double[4][];
            for (int j = 0; j < 4; j++) {
                at[j] = A.clone();
                at[j][i] += (j < 2 ? j - 2 : j - 1) * h;
            }
            slopes[i] = (8 * (f.applyAsDouble(at[2]) - f.applyAsDouble(at[1])) - f.applyAsDouble(at[3]) + f.applyAsDouble(at[0])) / (12 * h);
        }
        return slopes;
    }

    @Test void logitsAtHandGiveTheSame() {
        for (String name : Penalties.names()) {
            Network d = bowl(B, A);
            var setting = new Penalties.Setting(name, 3);
            double alone = setting.of(d, randoms()).of(d, real, fake).item();
            Tensor shared = setting.of(d, randoms()).of(d, real, fake, d.apply(real), d.apply(fake));
            assertEquals(alone, shared.item(), 0, name);
        }
    }

    @Test void slopesTowardsATarget() {
        Network d = bowl(0, 0.4, -0.3); // slope 0.5 everywhere
        double two = new GradientPenalty(10, 2, false, randoms()).of(d, real, fake).item();
        double one = new GradientPenalty(10, 0.25, true, randoms()).of(d, real, fake).item();
        assertEquals(10 * 0.75 * 0.75, two, 1e-9, "(½/2 − 1)²"); // but for the ε in the root
        assertEquals(10, one, 1e-9, "(½/¼ − 1)²");
        assertEquals(0, new GradientPenalty(10, 2, true, randoms()).of(d, real, fake).item(), 0, "below the target one side is free");
    }

    /// A sample's mix is one number, not one for each of its pixels.
    @Test void mixesWholeSamples() {
        Tensor zeros = Tensor.of(kernels, Shape.of(2, 3, 3, 1), new double[18]), ones = Tensor.of(kernels, Shape.of(2, 3, 3, 1), zeros.plus(1).toArray());
        Tensor[] seen = {null};
        Layer watching = x -> (seen[0] = x).sum(1, 4).reshape(2, 1);
        new GradientPenalty(10, randoms()).of(watching, zeros, ones);
        double[] x = seen[0].toArray();
        for (int i = 0; i < 18; i++) assertEquals(x[i / 9 * 9], x[i], 0, "pixel " + i);
        assertTrue(x[0] != x[9], "each sample has a mix of its own");
    }

    /// DRAGAN's norm is a whole image's: 9 pixels of slope ⅓ make 1.
    @Test void normsAreOverWholeImages() {
        Tensor images = weights("images", 2, 3, 3, 1);
        Layer mean = x -> x.sum(1, 4).reshape(2, 1).times(1.0 / 3);
        for (Penalty penalty : List.of(new Dragan(10, randoms()), new GradientPenalty(10, randoms())))
            assertEquals(0, penalty.of(mean, images, images).item(), 1e-20, penalty.toString());
    }

    /// `x[n,2] → tanh(x·w₁)·w₂`
    private record Hidden(Tensor w1, Tensor w2) implements Layer {
        @Override public Tensor apply(Tensor x) {
            return x.matmul(w1).tanh().matmul(w2);
        }

        @Override public Hidden with(Parts parts) {
            return new Hidden(parts.weight("w1", w1), parts.weight("w2", w2));
        }
    }

    private Tensor weights(String use, int... sizes) {
        return Tensor.of(kernels, Shape.of(sizes), new Randoms(kernels, SEED).normal(use, Shape.of(sizes)).toArray());
    }

    /// By D's weights and by the batches, through the gradient that the penalty contains.
    @Test void gradientsOfGradients() {
        Tensor w1 = weights("w1", 2, 4), w2 = weights("w2", 4, 1);
        for (String name : Penalties.names()) {
            if (name.equals("spectral")) continue; // its vectors are constants, so that its gradient is no function to differentiate; see below
            double error = GradientCheck.error(w -> {
                Layer d = new Hidden(w.get(0), w.get(1));
                return new Penalties.Setting(name, 3).of(bowl(B, A), randoms()).at(w).of(d, real, fake);
            }, List.of(w1, w2), 2, SEED);
            assertTrue(error < 1e-6, name + ": " + error + ", seed " + SEED);
        }
    }

    @Test void aFlatDiscriminatorGivesFiniteNumbers() {
        for (String name : Penalties.names()) {
            Network flat = bowl(0, 0, 0);
            Tensor y = new Penalties.Setting(name, 3).of(flat, randoms()).of(flat, real, fake), a = flat.weights().getFirst();
            assertTrue(Double.isFinite(y.item()), name + ": " + y.item());
            for (double slope : Gradients.of(y, a).get(a).toArray()) assertTrue(Double.isFinite(slope), name + ", by its weights: " + slope);
            Network deep = Network.of("deep", new Hidden(weights("w1", 2, 4), Tensor.of(kernels, Shape.of(4, 1), new double[4])));
            Tensor below = new Penalties.Setting(name, 3).of(deep, randoms()).of(deep, real, fake);
            Gradients d = Gradients.of(below.plus(deep.apply(real).sum()), deep.weights()); // R1 of a flat D alone doesn't reach all of them
            for (Tensor w : deep.weights())
                for (double slope : d.get(w).toArray()) assertTrue(Double.isFinite(slope), name + ", under a hidden layer: " + slope);
        }
    }

    @Test void rightAngles() {
        Tensor w = Tensor.of(kernels, Shape.of(2, 2), 1, 2, 3, -1), bias = Tensor.of(kernels, Shape.of(2), 5, 5);
        var penalty = new Orthogonal(0.5, List.of(w, bias));
        Tensor y = penalty.of(null, real, fake);
        double product = 2 - 3; // of the two columns, twice off the diagonal
        assertEquals(0.5 * 2 * product * product, y.item(), TOLERANCE);
        // ½·2·2·product·(the other column)
        assertArrayEquals(new double[] {2 * product * 2, 2 * product * 1, 2 * product * -1, 2 * product * 3}, Gradients.of(y, w).get(w).toArray(), TOLERANCE);
        assertFalse(Gradients.leaves(y).contains(bias));
    }

    @Test void l2LeavesBiasesOut() {
        Tensor kernel = weights("kernel", 2, 2, 1, 3), bias = weights("bias", 3);
        Tensor y = new L2(0.2, List.of(kernel, bias)).of(null, real, fake);
        assertEquals(0.1 * kernel.square().sum().item(), y.item(), TOLERANCE);
        assertArrayEquals(kernel.times(0.2).toArray(), Gradients.of(y, kernel).get(kernel).toArray(), TOLERANCE, "weight decay");
        assertFalse(Gradients.leaves(y).contains(bias));
    }

    /// Power iteration finds the greatest singular value, √45 of ((3, 0), (4, 5)); `∂σ/∂W = v uᵀ`, `(1, 3)/√10` and `(1, 1)/√2`.
    @Test void spectralNorm() {
        Network d = Network.of("d", new Bowl(Tensor.weight(kernels, Shape.of(2, 2), 3, 0, 4, 5), 0));
        var penalty = new SpectralPenalty(0.01, d, randoms());
        Tensor y = null, w = d.weights().getFirst();
        for (int step = 0; step < 30; step++) y = penalty.of(d, real, fake);
        assertEquals(0.005 * 45, y.item(), TOLERANCE);
        double slope = 0.01 * Math.sqrt(45) / Math.sqrt(20);
        assertArrayEquals(new double[] {slope, slope, 3 * slope, 3 * slope}, Gradients.of(y, w).get(w).toArray(), TOLERANCE);
        assertEquals(1, penalty.states().size());
        assertEquals("d.0.a.spectral-penalty", penalty.states().getFirst().name());
        assertEquals(4 * 0.005 * 45, penalty.at(List.of(w.times(2))).of(d, real, fake).item(), TOLERANCE, "at other weights");
    }

    @Test void defaultsArePapers() {
        Map<String, Double> papers = Map.of("gradient", 10.0, "gradient-one-sided", 10.0, "r1", 10.0, "r2", 10.0, "roth", 0.1, "dragan", 10.0, "l2", 1e-4,
                "orthogonal", 1e-4, "spectral", 0.01, "drift", 0.001);
        assertEquals(papers.keySet(), Set.copyOf(Penalties.names()));
        for (String name : Penalties.names()) assertEquals(papers.get(name), Penalties.parse(name).weight(), name);
        assertEquals(new Penalties.Setting("l2", 1e-3), Penalties.parse("l2:1e-3"));
        assertEquals("roth:2.0", Penalties.parse("roth:2").toString());
        assertEquals(new Penalties.Setting("roth", 0.1, true), Penalties.parse("roth:anneal"));
        assertEquals("roth:2.0:anneal", Penalties.parse("roth:2:anneal").toString());
        assertEquals(10, new R1().gamma());
        assertEquals(10, new R2().gamma());
        assertEquals(0.001, new Drift().weight());
        var gradient = new GradientPenalty(10, randoms());
        assertEquals(1, gradient.target());
        assertFalse(gradient.oneSided());
        assertEquals(0.5, new Dragan(10, randoms()).spread());
    }

    @Test void kinds() {
        Set<String> perSample = new HashSet<>(), lipschitz = new HashSet<>();
        Network d = bowl(B, A);
        for (String name : Penalties.names()) {
            Penalty penalty = Penalties.parse(name).of(d, randoms());
            if (penalty.perSample()) perSample.add(name);
            if (penalty.lipschitz()) lipschitz.add(name);
            assertEquals(penalty.perSample(), Penalties.parse(name).perSample(), name + ", said of its name");
            assertEquals(penalty.lipschitz(), Penalties.parse(name).lipschitz(), name + ", said of its name");
            Penalty despite = penalty.despiteBatchNorm();
            assertFalse(despite.perSample(), name);
            assertEquals(penalty.lipschitz(), despite.lipschitz(), name);
            assertEquals(penalty.states(), despite.states(), name);
        }
        assertEquals(Set.of("gradient", "gradient-one-sided", "r1", "r2", "roth", "dragan"), perSample);
        assertEquals(Set.of("gradient", "gradient-one-sided"), lipschitz);
        assertFalse(new GradientPenalty(0, randoms()).lipschitz(), "of weight 0");
    }

    /// `x[n,2] → leaky(leaky(x·w₁)·w₂)·w₃`, whose outputs are t³ times as large at t times all weights.
    private record Deep(Tensor w1, Tensor w2, Tensor w3) implements Layer {
        @Override public Tensor apply(Tensor x) {
            return x.matmul(w1).leakyRelu(0.2).matmul(w2).leakyRelu(0.2).matmul(w3);
        }

        @Override public Deep with(Parts parts) {
            return new Deep(parts.weight("w1", w1), parts.weight("w2", w2), parts.weight("w3", w3));
        }
    }

    /// The loss of a Wasserstein critic of three layers along the ray of its weights: what calls itself a Lipschitz device makes it rise, the spectral penalty,
    /// which grows as t² only, lets it fall for ever.
    @Test void aLipschitzDeviceBoundsACriticsLoss() {
        Network d = Network.of("d", new Deep(weights("w1", 2, 4), weights("w2", 4, 4), weights("w3", 4, 1)));
        boolean other = d.apply(fake).mean().item() > d.apply(real).mean().item();
        Tensor x = other ? fake : real, made = other ? real : fake; // so that the critic is right, and wants to grow
        for (String name : List.of("gradient", "gradient-one-sided", "spectral")) {
            Penalty penalty = Penalties.parse(name).of(d, randoms());
            double[] loss = new double[2];
            for (int i = 0; i < 2; i++) {
                double t = i == 0 ? 100 : 1000;
                List<Tensor> at = d.weights().stream().map(w -> Tensor.of(kernels, w.shape(), w.times(t).toArray())).toList();
                Layer there = d.at(at);
                loss[i] = there.apply(made).mean().minus(there.apply(x).mean()).plus(penalty.at(at).of(there, x, made)).item();
            }
            assertEquals(penalty.lipschitz(), loss[1] > loss[0], name + ": " + loss[0] + ", then " + loss[1]);
        }
    }

    /// What a penalty says of a loss is said of its name too, and despite batch norm.
    @Test void lossesThatTheyAreDefinedFor() {
        Set<String> probabilistic = Set.of("modified-minimax", "minimax", "modified-minimax-smoothed", "minimax-smoothed");
        for (String name : Penalties.names())
            for (String title : Losses.names()) {
                GanLoss loss = Losses.named(title);
                Penalty penalty = Penalties.parse(name).of(bowl(B, A), randoms());
                List<Executable> rules = List.of(() -> penalty.requireLoss(loss), () -> penalty.despiteBatchNorm().requireLoss(loss), () -> Penalties.parse(name).requireLoss(loss));
                for (Executable rule : rules) {
                    if (!name.equals("roth") || probabilistic.contains(title)) assertDoesNotThrow(rule, name + " with " + title);
                    else assertRefused("which loss '" + title + "' has none of; choose penalty r1", rule);
                }
            }
    }

    private static void assertRefused(String part, Executable e) {
        String message = assertThrows(IllegalArgumentException.class, e).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test void refusals() {
        assertRefused("did you mean gradient?", () -> Penalties.parse("gradeint:10"));
        assertRefused("there are: gradient, gradient-one-sided, r1", () -> Penalties.parse("x"));
        assertRefused("there is no penalty 'x'", () -> new Penalties.Setting("x", 1));
        assertRefused("expected a number", () -> Penalties.parse("r1:ten"));
        assertRefused("penalty 'r1' has no annealing, only roth has", () -> Penalties.parse("r1:anneal"));
        assertRefused("not 'anneal:2'", () -> Penalties.parse("roth:anneal:2"));
        assertRefused("above 0", () -> Penalties.parse("r1:0"));
        assertRefused("above 0", () -> Penalties.parse("r1:NaN"));
        assertRefused("target slope", () -> new GradientPenalty(10, 0, false, randoms()));
        assertRefused("alike", () -> new GradientPenalty(10, randoms()).of(bowl(B, A), real, fake.slice(0, 0, 2)));
        assertRefused("at least 0", () -> new R1(-1));
        assertRefused("one element", () -> new JsRegulariser(real));
        assertRefused("spread", () -> new Dragan(10, 0, randoms()));
        assertRefused("no kernels", () -> new L2(1, List.of(Tensor.of(kernels, Shape.of(2), 1, 2))));
    }
}
