package gannet.examples.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.Alternation;
import gannet.io.Npy;
import gannet.kernel.Kernels;
import gannet.kernel.ScalarKernels;
import gannet.metric.Mixture;
import gannet.metric.SlicedWasserstein;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The labs in the plane: verdicts on made-up arrays, that hold and that don't; and a few real steps of each.
class PlaneLabsTest {
    private static final Mixture RING = Mixture.ring(8, 1, 0.01);

    @TempDir Path folder;

    /// The values of `f` at 0, step, … to.
    private static Npy curve(int to, int step, DoubleUnaryOperator f) {
        double[] values = new double[to / step + 1];
        Arrays.setAll(values, i -> f.applyAsDouble(i * step));
        return Saved.of(values);
    }

    /// `n` samples around the first `modes` of a mixture, in turn.
    private static Npy samples(Mixture mixture, int n, int modes, long seed) {
        var random = new SplittableRandom(seed);
        float[] points = new float[2 * n];
        for (int i = 0; i < points.length; i++)
            points[i] = (float) (mixture.centres()[i / 2 % modes][i % 2] + mixture.sigma() * random.nextGaussian());
        return PlaneGame.points(points);
    }

    private Verdict shown(boolean shown, Verdict verdict, String name) {
        assertEquals(shown, verdict.shown(), verdict.why());
        assertTrue(Files.exists(folder.resolve(name + ".png")), name + ".png");
        return verdict;
    }

    @Test void vanishing() throws IOException {
        for (boolean falls : new boolean[] {true, false}) {
            var run = new Written(new VanishingLab(), folder);
            double[] rates = {falls ? -8.0 / 4000 : -5.0 / 4000, 0.0001, 0}; // e⁻⁸ is a 2,981st, e⁻⁵ a 148th
            String[] arms = {"minimax", "modified-minimax", "wgan-gp"};
            for (int i = 0; i < arms.length; i++) {
                double rate = rates[i];
                Npy norm = curve(4000, 20, step -> 3 * Math.exp(rate * step));
                run.arm(arms[i], Map.of("steps", curve(4000, 20, step -> step), "norm", norm, "norm-trained", norm));
            }
            String why = shown(falls, run.verdict(), "vanishing").why();
            assertTrue(why.contains(falls ? "falls 2,981 times" : "falls 148 times"), why);
        }
    }

    @Test void vanishingAsksLessOfAQuickRun() throws IOException {
        var run = new Written(new VanishingLab(), folder);
        Npy steps = curve(1500, 20, step -> step), flat = curve(1500, 20, _ -> 1);
        run.arm("minimax", Map.of("steps", steps, "norm", curve(1500, 20, step -> Math.exp(-6 * step / 1480)), "norm-trained", flat)); // to a 403rd
        for (String arm : new String[] {"modified-minimax", "wgan-gp"}) run.arm(arm, Map.of("steps", steps, "norm", flat, "norm-trained", flat));
        shown(true, run.verdict(), "vanishing");
    }

    private Verdict noise(double plain, double noisy, int modes) throws IOException {
        Npy steps = curve(3000, 50, s -> s);
        return new Written(new NoiseLab(), folder)
                .arm("plain", Map.of("steps", steps, "accuracy", curve(3000, 50, _ -> plain), "samples", samples(RING, 2500, 2, 1)))
                .arm("noise", Map.of("steps", steps, "accuracy", curve(3000, 50, _ -> noisy), "samples", samples(RING, 2500, modes, 2))).verdict();
    }

    @Test void noise() throws IOException {
        shown(true, noise(0.981, 0.7, 8), "noise");
        shown(true, noise(0.99, 0.61, 8), "noise");
        shown(true, noise(0.99, 0.89, 8), "noise");
        shown(false, noise(0.99, 0.91, 8), "noise"); // still right too often
        shown(false, noise(0.99, 0.59, 8), "noise"); // drowned
        shown(false, noise(0.99, 0.7, 2), "noise"); // no more modes
        shown(false, noise(0.979, 0.7, 8), "noise"); // never over-strong
    }

    private Verdict regularised(RegularisersLab lab, int plainModes, double... distances) throws IOException {
        var run = new Written(lab, folder);
        var arms = lab.arms(Lab.Scale.NORMAL, false);
        for (int i = 0; i < arms.size(); i++) {
            double distance = i == 0 ? 0.6 : distances[Math.min(i, distances.length) - 1];
            run.arm(arms.get(i).name(), regularised(distance, i == 0 ? plainModes : 8, 0));
        }
        return run.verdict();
    }

    private static Map<String, Npy> regularised(double distance, int modes, int diverged) {
        return Map.of("steps", curve(1000, 50, s -> s), "distance", curve(1000, 50, _ -> distance), "diverged", Saved.of(diverged), "samples", samples(RING, 2500, modes, modes));
    }

    @Test void regularisers() throws IOException {
        shown(true, regularised(RegularisersLab.roth(), 2, 0.06), "roth");
        shown(false, regularised(RegularisersLab.roth(), 2, 0.5), "roth"); // no nearer to the data
        shown(false, regularised(RegularisersLab.roth(), 8, 0.06), "roth"); // nothing failed
        shown(true, regularised(RegularisersLab.weightPenalties(), 2, 0.06), "weight-penalties");
        String why = shown(true, regularised(RegularisersLab.weightPenalties(), 2, 0.06, 0.06, 0.4, 0.06), "weight-penalties").why();
        assertTrue(why.contains("orthogonal holds") && why.contains("spectral does not hold"), why);
        shown(false, regularised(RegularisersLab.weightPenalties(), 2, 0.06, 0.4, 0.4, 0.06), "weight-penalties"); // no more than half of them
    }

    /// What diverged keeps the samples that it had, as good as they may be.
    @Test void anArmThatDivergedDoesNotHold() throws IOException {
        for (int diverged : new int[] {0, 1}) {
            var run = new Written(RegularisersLab.roth(), folder);
            Map<String, Npy> failed = regularised(0.6, 2, 0), good = regularised(0.06, 8, 0);
            run.arm("unregularised", List.of(failed, failed, failed)).arm("roth", List.of(good, good, regularised(0.06, 8, diverged)));
            String why = shown(diverged == 0, run.verdict(), "roth").why();
            assertEquals(diverged > 0, why.contains("1 of its seeds diverged"), why);
        }
    }

    private Verdict converged(double able, double width, double weak) throws IOException {
        Mixture target = Mixture.ring(2, 1, 0.32), other = Mixture.ring(2, 1 + width, 0.32 * (1 + width / 2)), far = Mixture.ring(2, 2, 0.3);
        Npy real = samples(target, 300, 2, 1), good = samples(other, 300, 2, 2), bad = samples(far, 300, 2, 3), steps = curve(3000, 100, s -> s);
        return new Written(new ConvergenceLab(), folder)
                .arm("able-d", Map.of("steps", steps, "accuracy", curve(3000, 100, _ -> able), "real", real, "samples", good, "early", bad))
                .arm("weak-d", Map.of("steps", steps, "accuracy", curve(3000, 100, _ -> weak), "real", real, "samples", bad, "early", bad)).verdict();
    }

    @Test void convergence() throws IOException {
        shown(true, converged(0.51, 0, 0.5), "convergence");
        shown(false, converged(0.51, 1, 0.5), "convergence"); // a fresh classifier tells
        shown(false, converged(0.6, 0, 0.5), "convergence");
    }

    private Verdict alternating(double grows, boolean inOrder) throws IOException {
        var run = new Written(new AlternatingLab(), folder);
        String[] arms = {"at-once", "in-turn", "steps-3-1", "epochs-1-1"};
        int[][] orders = {{1, 1}, {1, 1}, {3, 1}, {4, 4}};
        for (int a = 0; a < arms.length; a++) {
            double rate = a == 0 ? grows : -0.001;
            int[] order = orders[a];
            float[] course = new float[4 * 1001];
            for (int i = 0; i <= 1000; i++) {
                course[4 * i] = (float) (Math.exp(rate * i) * Math.cos(0.1 * i));
                course[4 * i + 2] = (float) (Math.exp(rate * i) * Math.sin(0.1 * i));
            }
            run.arm(arms[a], Map.of("course", new Npy(new int[] {1001, 4}, course), "order", Saved.of(order[0], order[1]),
                    "turns", curve(15, 1, i -> i % (order[0] + order[1]) >= order[0] == (inOrder || i != 7) ? 1 : 0)));
        }
        return run.verdict();
    }

    @Test void alternating() throws IOException {
        shown(true, alternating(0.001, true), "alternating"); // e = 2.7 times as far
        shown(false, alternating(0, true), "alternating");
        shown(false, alternating(0.001, false), "alternating"); // one turn out of order
    }

    @Test void generative() throws IOException {
        Mixture ring = Mixture.ring(4, 1, 0.2);
        Npy all = samples(ring, 2500, 4, 1), origin = PlaneGame.points(new float[5000]);
        double[] logits = new double[2500];
        for (int i = 0; i < logits.length; i++) logits[i] = all.values()[2 * i] + all.values()[2 * i + 1];
        Map<String, Npy> classifier = Map.of("samples", all, "logits", Saved.of(logits), "surface", Saved.of(new double[3600]));
        for (int modes : new int[] {4, 3}) {
            var run = new Written(new GenerativeLab(), folder).arm("classifier", classifier)
                    .arm("gan", Map.of("samples", samples(ring, 2500, modes, 2))).arm("untrained-gan", Map.of("samples", origin));
            shown(modes == 4, run.verdict(), "generative");
        }
        assertEquals(Math.log(4) + 1 + Math.log(2 * Math.PI * 0.04), GenerativeLab.negativeLogLikelihood(all.values()), 0.05); // the entropy
    }

    private Verdict overrun(double kept, double end) throws IOException {
        Npy origin = PlaneGame.points(new float[200]), moved = PlaneGame.points(filled(200, kept)), far = PlaneGame.points(filled(200, end));
        Npy stop = Saved.of(200), steps = curve(600, 10, s -> s);
        double atStop = SlicedWasserstein.of(moved.values(), origin.values(), 2), best = SlicedWasserstein.of(filled(200, 0.1), origin.values(), 2);
        return new Written(new OverrunLab(), folder)
                .arm("stopped", Map.of("steps", steps, "distance", curve(600, 10, _ -> atStop), "stop", stop, "samples", moved, "real", origin))
                .arm("overrun", Map.of("steps", steps, "distance", curve(600, 10, _ -> best), "stop", stop, "samples", far, "real", origin)).verdict();
    }

    private static float[] filled(int n, double value) {
        float[] values = new float[n];
        Arrays.fill(values, (float) value);
        return values;
    }

    /// Of the overrun's own curve, at the stop: no bar, but right.
    @Test void overrunTellsTheDistanceAtTheStop() throws IOException {
        Npy origin = PlaneGame.points(new float[200]), steps = curve(600, 10, s -> s), distance = curve(600, 10, s -> 1 + Math.abs(s - 150) / 100); // best at 150
        Map<String, Npy> run = Map.of("steps", steps, "distance", distance, "stop", Saved.of(200), "samples", origin, "real", origin);
        String why = new Written(new OverrunLab(), folder).arm("stopped", run).arm("overrun", run).verdict().why();
        assertTrue(why.contains("1.50 times at the stop"), why);
    }

    @Test void overrun() throws IOException {
        shown(true, overrun(0.1, 0.3), "overrun");
        shown(false, overrun(0.2, 0.3), "overrun"); // what was kept is not the best
        shown(false, overrun(0.1, 0.1), "overrun"); // nothing was lost
    }

    private Verdict prior(double uniform) throws IOException {
        var run = new Written(new PriorLab(), folder);
        double[] offs = {0.01, uniform, 1};
        String[] arms = {"normal", "uniform", "constant"};
        Npy real = PlaneGame.points(new float[200]), steps = curve(500, 100, s -> s + 1), distance = curve(500, 100, _ -> 1);
        for (int i = 0; i < arms.length; i++)
            run.arm(arms[i], Map.of("steps", steps, "distance", distance, "samples", PlaneGame.points(filled(200, offs[i])), "real", real));
        return run.verdict();
    }

    @Test void prior() throws IOException {
        shown(true, prior(0.01), "prior");
        shown(false, prior(0.02), "prior"); // both seeds alike: any difference is beyond their spread
        shown(false, prior(1), "prior");
    }

    private Verdict preflight(double seeing, double blind) throws IOException {
        return new Written(new PreflightLab(), folder)
                .arm("seeing", Map.of("steps", curve(300, 5, s -> s), "accuracy", curve(300, 5, _ -> 0.99), "preflight", Saved.of(seeing)))
                .arm("blind", Map.of("steps", curve(300, 5, s -> s), "accuracy", curve(300, 5, _ -> 0.5), "preflight", Saved.of(blind))).verdict();
    }

    @Test void preflight() throws IOException {
        shown(true, preflight(48, Double.NaN), "preflight");
        shown(false, preflight(Double.NaN, Double.NaN), "preflight");
        shown(false, preflight(48, 48), "preflight");
    }

    /// With --control the remedied arms are the failing one again, all but in name.
    @Test void controlTakesTheRemedyAway() throws IOException {
        var arms = Map.of("vanishing", "minimax", "noise", "plain", "roth", "unregularised", "weight-penalties", "unregularised", "convergence", "weak-d",
                "alternating", "at-once", "generative", "untrained-gan", "overrun", "overrun", "prior", "constant", "preflight", "blind");
        for (var entry : arms.entrySet()) {
            var control = Labs.named(entry.getKey()).arms(Lab.Scale.NORMAL, true);
            Arm failing = control.stream().filter(arm -> arm.name().equals(entry.getValue())).findFirst().orElseThrow();
            long alike = control.stream().filter(arm -> arm.settings().equals(failing.settings())).count();
            long apart = entry.getKey().equals("generative") || entry.getKey().equals("prior") ? 1 : 0; // the classifier; z normal
            assertEquals(control.size() - apart, alike, entry.getKey());
        }
    }

    /// A few steps of each, and the same bits again.
    @Test void trialsRun() throws IOException {
        Kernels kernels = new ScalarKernels();
        var trials = new LinkedHashMap<String, Map<String, Npy>>();
        trials.put("vanishing", VanishingLab.trial(kernels, 1, "wgan-gp", 20, 2));
        trials.put("noise", NoiseLab.trial(kernels, 1, 0.5, 50));
        trials.put("convergence", ConvergenceLab.trial(kernels, 1, ConvergenceLab.sizes(3), 10));
        trials.put("gan", GenerativeLab.gan(kernels, 1, 3));
        trials.put("classifier", GenerativeLab.classifier(kernels, 1, 3));
        trials.put("prior", PriorLab.trial(kernels, 1, "uniform", 3));
        trials.put("alternating", AlternatingLab.trial(kernels, 1, Alternation.steps(3, 1), 10));
        for (var trial : trials.entrySet())
            for (var array : trial.getValue().entrySet())
                for (float value : array.getValue().values()) assertTrue(Float.isFinite(value), trial.getKey() + ", " + array.getKey());
        assertEquals(2, trials.get("vanishing").get("norm").values().length);
        float[] once = trials.get("prior").get("samples").values(), again = PriorLab.trial(kernels, 1, "uniform", 3).get("samples").values();
        assertTrue(Arrays.equals(once, again), "the same seed, other bits");
        assertEquals(0, new AlternatingLab().figures("steps-3-1", saved(trials.get("alternating"))).get("turns out of order"));
    }

    private Saved saved(Map<String, Npy> arrays) throws IOException {
        for (var array : arrays.entrySet()) array.getValue().write(folder.resolve(array.getKey() + ".npy"));
        return new Saved(folder);
    }
}
