package gannet.gan.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.tensor.GradientCheck;
import gannet.tensor.Gradients;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/// Every loss of the registry against its formula written out in plain arithmetic, with its gradient by each logit.
class LossesTest {
    private static final double[] REAL = {-5, -0.3, 0.2, 2, 40}, FAKE = {-40, -1.5, 0.1, 0.7, 6};
    private static final double TOLERANCE = 1e-13;
    private static final long SEED = 11;

    /// A function of a number, and its derivative.
    private record Curve(DoubleUnaryOperator f, DoubleUnaryOperator slope) {}

    /// A value and its derivatives by the real and by the fake logits.
    private record Value(double value, double[] byReal, double[] byFake) {
        Value plus(Value o) {
            double[] r = byReal.clone(), f = byFake.clone();
            for (int i = 0; i < r.length; i++) {
                r[i] += o.byReal[i];
                f[i] += o.byFake[i];
            }
            return new Value(value + o.value, r, f);
        }

        Value swapped() {
            return new Value(value, byFake, byReal);
        }
    }

    private record Form(Value discriminator, Value generator, Threshold threshold) {}

    private final Kernels kernels = new ReferenceKernels();

    private static double sigmoid(double s) {
        return 1 / (1 + Math.exp(-s));
    }

    /// `−log σ(s)`
    private static final Curve SURPRISE = new Curve(s -> Math.max(-s, 0) + Math.log1p(Math.exp(-Math.abs(s))), s -> -sigmoid(-s));
    private static final Curve TO_ONE = new Curve(s -> (s - 1) * (s - 1), s -> 2 * (s - 1)), HALF_TO_ONE = scaled(0.5, TO_ONE);
    private static final Curve HALF_TO_ZERO = new Curve(s -> s * s / 2, s -> s), HINGE = new Curve(s -> Math.max(0, 1 - s), s -> s < 1 ? -1 : 0);
    private static final Curve SAME = new Curve(s -> s, _ -> 1);

    private static Curve mirrored(Curve c) {
        return new Curve(s -> c.f.applyAsDouble(-s), s -> -c.slope.applyAsDouble(-s));
    }

    private static Curve scaled(double by, Curve c) {
        return new Curve(s -> by * c.f.applyAsDouble(s), s -> by * c.slope.applyAsDouble(s));
    }

    private static Value onReal(Curve c) {
        return onReal(c, REAL);
    }

    private static Value onReal(Curve c, double[] s) {
        double sum = 0;
        double[] slopes = new double[s.length];
        for (int i = 0; i < s.length; i++) {
            sum += c.f.applyAsDouble(s[i]);
            slopes[i] = c.slope.applyAsDouble(s[i]) / s.length;
        }
        return new Value(sum / s.length, slopes, new double[s.length]);
    }

    private static Value onFake(Curve c) {
        return onReal(c, FAKE).swapped();
    }

    /// `E f(a − b)`, row by row.
    private static Value pairs(Curve f, double[] a, double[] b) {
        double[] d = new double[a.length], minus = new double[a.length];
        for (int i = 0; i < a.length; i++) d[i] = a[i] - b[i];
        Value v = onReal(f, d);
        for (int i = 0; i < a.length; i++) minus[i] = -v.byReal[i];
        return new Value(v.value, v.byReal, minus);
    }

    /// `E f(a − E b) + E f(E a − b)`
    private static Value means(Curve f, double[] a, double[] b) {
        int n = a.length;
        double meanA = 0, meanB = 0, value = 0;
        for (int i = 0; i < n; i++) {
            meanA += a[i] / n;
            meanB += b[i] / n;
        }
        double[] byA = new double[n], byB = new double[n];
        for (int i = 0; i < n; i++) {
            value += (f.f.applyAsDouble(a[i] - meanB) + f.f.applyAsDouble(meanA - b[i])) / n;
            double above = f.slope.applyAsDouble(a[i] - meanB) / n, below = f.slope.applyAsDouble(meanA - b[i]) / n;
            byA[i] += above;
            byB[i] -= below;
            for (int j = 0; j < n; j++) {
                byB[j] -= above / n;
                byA[j] += below / n;
            }
        }
        return new Value(value, byA, byB);
    }

    private static Map<String, Form> forms() {
        Threshold zero = new Threshold.At(0), none = new Threshold.None(), mean = new Threshold.OtherMean();
        Value logistic = onReal(SURPRISE).plus(onFake(mirrored(SURPRISE))), saturating = onFake(scaled(-1, mirrored(SURPRISE)));
        Value critic = onFake(SAME).plus(onReal(scaled(-1, SAME)));
        // −0.9 log σ(s) − 0.1 log(1 − σ(s))
        Value smoothed = onReal(scaled(0.9, SURPRISE)).plus(onReal(scaled(0.1, mirrored(SURPRISE)))).plus(onFake(mirrored(SURPRISE)));
        Map<String, Form> forms = new LinkedHashMap<>();
        forms.put("minimax", new Form(logistic, saturating, zero));
        forms.put("modified-minimax", new Form(logistic, onFake(SURPRISE), zero));
        forms.put("wasserstein", new Form(critic, onFake(scaled(-1, SAME)), none));
        forms.put("wasserstein-unconstrained", forms.get("wasserstein"));
        forms.put("lsgan", new Form(onReal(HALF_TO_ONE).plus(onFake(HALF_TO_ZERO)), onFake(HALF_TO_ONE), new Threshold.At(0.5)));
        forms.put("hinge", new Form(onReal(HINGE).plus(onFake(mirrored(HINGE))), onFake(scaled(-1, SAME)), zero));
        Map<String, Curve> margins = Map.of("", SURPRISE, "-lsgan", TO_ONE, "-hinge", HINGE);
        for (var margin : margins.entrySet()) {
            Curve f = margin.getValue();
            forms.put("relativistic" + margin.getKey(), new Form(pairs(f, REAL, FAKE), pairs(f, FAKE, REAL).swapped(), mean));
            forms.put("relativistic-average" + margin.getKey(), new Form(means(f, REAL, FAKE), means(f, FAKE, REAL).swapped(), mean));
        }
        forms.put("modified-minimax-smoothed", new Form(smoothed, onFake(SURPRISE), zero));
        forms.put("minimax-smoothed", new Form(smoothed, saturating, zero));
        return forms;
    }

    private Tensor logits(double... s) {
        return Tensor.of(kernels, Shape.of(s.length, 1), s);
    }

    @Test void everyLossIsItsFormula() {
        Map<String, Form> forms = forms();
        assertEquals(forms.keySet(), Set.copyOf(Losses.names()), "a loss without a closed form here, or the other way round");
        for (String name : Losses.names()) {
            GanLoss loss = Losses.named(name);
            Form form = forms.get(name);
            Tensor real = logits(REAL), fake = logits(FAKE);
            check(name + ", discriminator", form.discriminator, loss.discriminator(real, fake), real, fake);
            check(name + ", generator", form.generator, loss.generator(() -> real, fake), real, fake);
            assertEquals(form.threshold, loss.threshold(), name);
            assertEquals(name, loss.name());
        }
    }

    private static void check(String what, Value expected, Tensor loss, Tensor real, Tensor fake) {
        assertEquals(1, loss.shape().count(), what);
        assertEquals(expected.value, loss.item(), TOLERANCE * Math.max(1, Math.abs(expected.value)), what);
        assertArrayEquals(expected.byFake, Gradients.of(loss, fake).get(fake).toArray(), TOLERANCE, what + ", by fake logits");
        boolean readsReal = Gradients.leaves(loss).contains(real);
        double[] byReal = readsReal ? Gradients.of(loss, real).get(real).toArray() : new double[REAL.length];
        assertArrayEquals(expected.byReal, byReal, TOLERANCE, what + ", by real logits");
    }

    /// Logits away from the kinks of the hinges, at 1 and −1.
    @Test void gradientsOfGradients() {
        Tensor real = logits(-0.7, 0.2, 2.4), fake = logits(-2.1, 0.4, -0.3);
        for (String name : Losses.names()) {
            GanLoss loss = Losses.named(name);
            double ofD = GradientCheck.error(x -> loss.discriminator(x.get(0), x.get(1)), List.of(real, fake), smooth(name), SEED);
            double ofG = GradientCheck.error(x -> loss.generator(() -> real, x.getFirst()), List.of(fake), smooth(name), SEED);
            assertTrue(ofD < 1e-6 && ofG < 1e-6, name + ": " + ofD + ", " + ofG + ", seed " + SEED);
        }
    }

    /// Piecewise linear losses have no second derivative to follow.
    private static int smooth(String name) {
        return name.contains("wasserstein") || name.contains("hinge") ? 1 : 2;
    }

    @Test void onlyWassersteinNeedsALipschitzDevice() {
        Set<String> needing = new HashSet<>();
        for (String name : Losses.names()) if (Losses.named(name).needsLipschitz()) needing.add(name);
        assertEquals(Set.of("wasserstein"), needing);
    }

    @Test void defaultsArePapers() {
        assertEquals(new LeastSquares(0, 1, 1), new LeastSquares(), "Mao et al. 2017, eq. 9");
        assertEquals(new Threshold.At(0), new LeastSquares(-1, 1, 0).threshold(), "Mao et al. 2017, eq. 8");
        assertEquals(0.9, new LabelSmoothing(new Minimax()).target(), "Salimans et al. 2016, §3.4");
        assertEquals(new Relativistic(Margin.LOGISTIC), new Relativistic());
        assertEquals(new RelativisticAverage(Margin.LOGISTIC), new RelativisticAverage());
        assertInstanceOf(ModifiedMinimax.class, Losses.named(Losses.names().getFirst()));
    }

    private static String refusal(org.junit.jupiter.api.function.Executable e) {
        return assertThrows(IllegalArgumentException.class, e).getMessage();
    }

    @Test void refusals() {
        String unknown = refusal(() -> Losses.named("lsgam"));
        assertTrue(unknown.contains("did you mean lsgan?"), unknown);
        for (String name : Losses.names()) assertTrue(unknown.contains(name), unknown);
        String smoothing = refusal(() -> new LabelSmoothing(new Hinge()));
        assertTrue(smoothing.contains("'hinge'") && smoothing.contains("'minimax' and 'modified-minimax'"), smoothing);
        assertTrue(refusal(() -> new LabelSmoothing(new Minimax(), 0.4)).contains("0.4"));
        assertTrue(refusal(() -> new LeastSquares(1, 0, 0)).contains("below"));
        assertTrue(refusal(() -> new Relativistic().discriminator(logits(1, 2), logits(1))).contains("pairs"));
    }
}
