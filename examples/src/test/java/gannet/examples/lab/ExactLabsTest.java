package gannet.examples.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.examples.Cli;
import gannet.io.Npy;
import gannet.metric.Mixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Labs that hold training to something exact: verdicts on made-up arrays, shown at the bar and not beyond it, and short runs of those that are quick.
class ExactLabsTest {
    @TempDir Path folder;

    private static Verdict shown(boolean shown, Verdict verdict) {
        assertEquals(shown, verdict.shown(), verdict.why());
        return verdict;
    }

    private static <T> List<T> seeds(int all, int odd, T others, T one) {
        var list = new ArrayList<T>();
        for (int i = 1; i <= all; i++) list.add(i == odd ? one : others);
        return list;
    }

    /// A hundred steps of which the first `leaks` move the other player in both turns.
    private static Map<String, Npy> frozen(int leaks) {
        int steps = 100, parts = 4;
        float[] hashes = new float[steps * 4 * parts], drift = new float[steps * 2];
        for (int step = 0; step < leaks; step++) {
            for (int turn : new int[] {1, 3}) hashes[(step * 4 + turn) * parts] = 7;
            drift[2 * step] = drift[2 * step + 1] = 0.5f;
        }
        return Map.of("hashes", new Npy(new int[] {steps, 4, parts}, hashes), "drift", new Npy(new int[] {steps, 2}, drift));
    }

    private Verdict freeze(int trainer, int frozen, int unfrozen) throws IOException {
        return new Written(new FreezeLab(), folder).arm("trainer", seeds(5, 4, frozen(0), frozen(trainer))).arm("loop-frozen", seeds(5, 2, frozen(0), frozen(frozen)))
                .arm("loop-unfrozen", seeds(5, 3, frozen(100), frozen(unfrozen))).verdict();
    }

    @Test void aSingleTurnOfOneSeedThatLeaksIsEnough() throws IOException {
        shown(true, freeze(0, 0, 100));
        assertTrue(shown(false, freeze(1, 0, 100)).why().contains("at most 2 changed the other player by the trainer"));
        shown(false, freeze(0, 1, 100));
        shown(false, freeze(0, 0, 0)); // where nothing can leak nothing is shown
    }

    /// A gradient `[1, 2]` and one that is off by so much of its greatest element, as the lab saves doubles.
    private static Map<String, Npy> gradient(double off, double offInFloats, double share) {
        return Map.of("differences", halves(1, 2), "autograd", halves(share, share * (2 + 2 * off)), "floats", halves(1, 2 + 2 * offInFloats));
    }

    private static Npy halves(double... values) {
        float[] halves = new float[2 * values.length];
        for (int i = 0; i < values.length; i++) {
            halves[2 * i] = (float) values[i];
            halves[2 * i + 1] = (float) (values[i] - halves[2 * i]);
        }
        return new Npy(new int[] {values.length, 2}, halves);
    }

    private Verdict gradientFlow(double off, double offInFloats, double leftOfCut) throws IOException {
        return new Written(new GradientFlowLab(), folder).arm("through-d", seeds(5, 5, gradient(0, 0, 1), gradient(off, offInFloats, 1)))
                .arm("cut", seeds(5, 1, gradient(0, 0, 0), gradient(0, 0, leftOfCut))).verdict();
    }

    @Test void aGradientIsRightInEverySeed() throws IOException {
        shown(true, gradientFlow(0.9e-8, 0.9e-4, 0));
        shown(false, gradientFlow(1.1e-8, 0, 0));
        shown(false, gradientFlow(0, 1.1e-4, 0));
        shown(false, gradientFlow(0, 0, 1e-3));
    }

    /// `p/(p + q)` where there are samples, off by so much; far from any, anything.
    private static Map<String, Npy> ratio(double off) {
        var p = new Mixture(new double[][] {{-1, 0}, {1, 0}}, 0.33);
        var q = new Mixture(new double[][] {{0, -1}, {0, 1}}, 0.33);
        int side = 100;
        float[] surface = new float[side * side];
        for (int i = 0; i < surface.length; i++) {
            double x = 2.5 * ((2 * (i % side) + 1.0) / side - 1), y = 2.5 * ((2 * (i / side) + 1.0) / side - 1), real = p.density(x, y), fake = q.density(x, y);
            surface[i] = (float) (real + fake < 1e-6 ? 1 : real / (real + fake) + off);
        }
        return Map.of("surface", new Npy(new int[] {side, side}, surface));
    }

    private Verdict densityRatio(double trained, double untrained) throws IOException {
        return new Written(new DensityRatioLab(), folder).arm("untrained", ratio(untrained)).arm("short", ratio(untrained)).arm("trained", ratio(trained)).verdict();
    }

    @Test void densityRatio() throws IOException {
        shown(true, densityRatio(0.0299, 0.2));
        shown(false, densityRatio(0.0301, 0.2));
        shown(false, densityRatio(-0.0301, 0.2));
        shown(false, densityRatio(0.01, 0.02)); // no training was needed
    }

    private static final double[] APART = {0.1, 0.25, 0.5, 1, 1.5, 2, 3};

    private static Map<String, Npy> gaps(double[] estimates) {
        return Map.of("w1", Saved.of(APART), "estimate", Saved.of(estimates));
    }

    private static Map<String, Npy> gaps(DoubleUnaryOperator ofDistance) {
        return gaps(Arrays.stream(APART).map(ofDistance).toArray());
    }

    /// Gaps whose correlation with the distances is `r`: of their part `s` and of what is left of a zigzag, at right angles to it.
    private static Map<String, Npy> correlated(double r) {
        double[] s = unit(APART.clone()), across = new double[APART.length];
        for (int i = 0; i < across.length; i++) across[i] = i % 2 == 0 ? 1 : -1;
        across = unit(across);
        double along = 0;
        for (int i = 0; i < s.length; i++) along += s[i] * across[i];
        for (int i = 0; i < s.length; i++) across[i] -= along * s[i];
        across = unit(across);
        double[] estimates = new double[s.length];
        for (int i = 0; i < s.length; i++) estimates[i] = r * s[i] + Math.sqrt(1 - r * r) * across[i];
        return gaps(estimates);
    }

    /// Of mean 0 and length 1.
    private static double[] unit(double[] v) {
        double mean = Arrays.stream(v).average().orElseThrow(), length = Math.sqrt(Arrays.stream(v).map(x -> (x - mean) * (x - mean)).sum());
        return Arrays.stream(v).map(x -> (x - mean) / length).toArray();
    }

    /// Flat from 1 on, all but a rise to 3.
    private static Map<String, Npy> flat(double rise) {
        return gaps(d -> d < 1 ? 0.66 * Math.sqrt(d) : 0.66 * (1 + rise * (d - 1) / 2));
    }

    private Verdict wasserstein(Map<String, Npy> minimax, Map<String, Npy> clipped, Map<String, Npy> oneSided) throws IOException {
        return new Written(new WassersteinLab(), folder).arm("minimax", minimax).arm("clipped", clipped).arm("wgan-gp-one-sided", oneSided).arm("wgan-gp", gaps(d -> -d)).verdict();
    }

    @Test void wasserstein() throws IOException {
        Map<String, Npy> exact = gaps(d -> d);
        shown(true, wasserstein(flat(0.049), correlated(0.951), gaps(d -> 1.19 * d)));
        shown(false, wasserstein(flat(0.051), correlated(0.951), exact)); // minimax tells distances too
        shown(false, wasserstein(flat(0.049), correlated(0.949), exact));
        shown(false, wasserstein(flat(0.049), exact, gaps(d -> 1.21 * d))); // right in shape, a fifth too high
        shown(false, wasserstein(flat(0.049), exact, gaps(d -> d < 1 ? 0.2 : d > 2 ? 2.5 : 2))); // off by less, but no line
        shown(false, wasserstein(exact, exact, exact)); // nothing fails
    }

    private static Cli.Result quick(String lab, Path out, Object... more) {
        var words = new ArrayList<Object>(List.of("lab", lab, "--quick", "--seeds", 1, "--out", out));
        words.addAll(Arrays.asList(more));
        return Cli.run(words.toArray());
    }

    /// Really trained, in seconds.
    @ParameterizedTest @ValueSource(strings = {"density-ratio", "wasserstein-w1"}) void shortRunsShowIt(String lab) {
        quick(lab, folder.resolve("run")).ok();
        var control = quick(lab, folder.resolve("control"), "--control");
        assertEquals(5, control.code(), control.out() + control.err());
    }
}
