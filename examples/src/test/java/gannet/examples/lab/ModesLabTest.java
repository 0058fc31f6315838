package gannet.examples.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.examples.lab.Lab.Scale;
import gannet.io.Npy;
import gannet.kernel.ReferenceKernels;
import gannet.kernel.ScalarKernels;
import gannet.metric.Mixture;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The verdict from saved samples alone, real ones and each fake that passes for them in some figures; and what the arms are.
class ModesLabTest {
    private static final int N = ModesGame.SAMPLES;
    private static final List<Long> SEEDS = List.of(1L, 2L, 3L);

    @TempDir Path folder;

    private static float[] real(Mixture m, long seed) {
        double[] x = m.sample(new Randoms(new ReferenceKernels(), seed), N).toArray();
        float[] samples = new float[x.length];
        for (int i = 0; i < x.length; i++) samples[i] = (float) x[i];
        return samples;
    }

    /// Real samples, all of them in the first `modes` modes.
    private static float[] collapsed(Mixture m, int modes, long seed) {
        float[] x = real(m, seed);
        for (int i = 0; i < N; i++) {
            int mode = m.nearest(x[2 * i], x[2 * i + 1]);
            for (int axis = 0; axis < 2; axis++) x[2 * i + axis] += (float) (m.centres()[mode % modes][axis] - m.centres()[mode][axis]);
        }
        return x;
    }

    /// Real samples, three of four moved to the first mode: every mode holds its 20.
    private static float[] uneven(Mixture m) {
        float[] x = real(m, 4), first = collapsed(m, 1, 4);
        for (int i = 0; i < N; i++) if (i % 4 > 0) System.arraycopy(first, 2 * i, x, 2 * i, 2);
        return x;
    }

    private static float[] circle() {
        float[] x = new float[2 * N];
        for (int i = 0; i < N; i++) {
            x[2 * i] = (float) Math.cos(2 * Math.PI * i / N);
            x[2 * i + 1] = (float) Math.sin(2 * Math.PI * i / N);
        }
        return x;
    }

    private static float[] centres(Mixture m) {
        float[] x = new float[2 * N];
        for (int i = 0; i < 2 * N; i++) x[i] = (float) m.centres()[i / 2 % m.modes()][i % 2];
        return x;
    }

    private static float[] noise(double reach, long seed) {
        double[] u = new Randoms(new ReferenceKernels(), seed).uniform("noise", Shape.of(N, 2)).toArray();
        float[] x = new float[2 * N];
        for (int i = 0; i < x.length; i++) x[i] = (float) (reach * (2 * u[i] - 1));
        return x;
    }

    /// What the lab makes of these samples of its arms, at every seed; the one history is every arm's.
    private Outcome outcome(ModesLab lab, Map<String, float[]> samples) throws IOException {
        var figures = new LinkedHashMap<String, List<SequencedMap<String, Double>>>();
        for (var arm : samples.entrySet()) {
            var each = new ArrayList<SequencedMap<String, Double>>();
            for (long seed : SEEDS) {
                Saved saved = Saved.in(folder, arm.getKey(), seed);
                Files.createDirectories(saved.folder());
                new Npy(new int[] {N, 2}, arm.getValue()).write(saved.folder().resolve("samples.npy"));
                new Npy(new int[] {2, N, 2}, twice(arm.getValue())).write(saved.folder().resolve("history.npy"));
                Saved.of(1, 2).write(saved.folder().resolve("steps.npy"));
                each.add(lab.figures(arm.getKey(), saved));
            }
            figures.put(arm.getKey(), each);
        }
        return new Outcome(folder, SEEDS, figures);
    }

    private static float[] twice(float[] x) {
        float[] both = new float[2 * x.length];
        System.arraycopy(x, 0, both, 0, x.length);
        System.arraycopy(x, 0, both, x.length, x.length);
        return both;
    }

    /// The plain arm with one kind of samples, all remedies with another.
    private Outcome outcome(ModesLab lab, float[] plain, float[] remedied) throws IOException {
        var samples = new LinkedHashMap<String, float[]>();
        for (Arm arm : lab.arms(Scale.NORMAL, false)) samples.put(arm.name(), samples.isEmpty() ? plain : remedied);
        return outcome(lab, samples);
    }

    private static List<ModesLab> labs() {
        return List.of(ModesLab.ring8(), ModesLab.grid25());
    }

    @Test void realSamplesBesideACollapsedPlainArmAreShown() throws IOException {
        for (ModesLab lab : labs()) {
            Verdict verdict = lab.verdict(outcome(lab, collapsed(lab.target(), lab.target().modes() - 2, 1), real(lab.target(), 2)));
            assertTrue(verdict.shown(), lab.name() + ": " + verdict.why());
        }
    }

    @Test void aPlainArmThatDoesNotFailShowsNothing() throws IOException {
        for (ModesLab lab : labs()) assertFalse(lab.verdict(outcome(lab, real(lab.target(), 1), real(lab.target(), 2))).shown(), lab.name());
    }

    @Test void noFakePasses() throws IOException {
        for (ModesLab lab : labs()) {
            Mixture m = lab.target();
            float[] plain = collapsed(m, m.modes() - 2, 1);
            refused(lab, plain, collapsed(m, m.modes() - 1, 2), "a mode lost");
            refused(lab, plain, uneven(m), "uneven weights");
            refused(lab, plain, circle(), "a circle");
            refused(lab, plain, centres(m), "bare centres");
            refused(lab, plain, noise(lab.reach(), 3), "noise");
            refused(lab, plain, new float[2 * N], "one spot");
        }
    }

    private void refused(ModesLab lab, float[] plain, float[] remedied, String what) throws IOException {
        Verdict verdict = lab.verdict(outcome(lab, plain, remedied));
        assertFalse(verdict.shown(), lab.name() + ", " + what + ": " + verdict.why());
    }

    @Test void oneRemedyIsEnoughForTheGridAndTheRingNeedsTwoToHoldItsModes() throws IOException {
        for (ModesLab lab : labs()) {
            var samples = new LinkedHashMap<String, float[]>();
            for (Arm arm : lab.arms(Scale.NORMAL, false)) samples.put(arm.name(), samples.size() == 1 ? real(lab.target(), 1) : collapsed(lab.target(), 3, 2));
            assertEquals(lab.holding() < 2, lab.verdict(outcome(lab, samples)).shown(), lab.name());
        }
    }

    @Test void armsDifferInTheirRemedyOnlyAndNotAtAllUnderControl() throws IOException {
        for (ModesLab lab : labs())
            for (Scale scale : Scale.values()) {
                SequencedMap<String, Object> plain = lab.arms(scale, false).getFirst().settings();
                for (Arm arm : lab.arms(scale, false).subList(1, lab.arms(scale, false).size())) {
                    assertNotEquals(plain, arm.settings(), arm.name());
                    var shared = new LinkedHashMap<>(arm.settings());
                    for (String own : LabsTest.REMEDIES.get(lab.name())) shared.put(own, plain.get(own));
                    assertEquals(plain, shared, arm.name());
                }
                for (Arm arm : lab.arms(scale, true)) assertEquals(plain, arm.settings(), arm.name() + " under control");
            }
    }

    @Test void itDrawsFromWhatWasSaved() throws IOException {
        for (ModesLab lab : labs()) {
            lab.draw(outcome(lab, collapsed(lab.target(), 3, 1), real(lab.target(), 2)), folder);
            assertTrue(Files.size(folder.resolve(lab.name() + ".png")) > 10_000, lab.name());
        }
    }

    @Test void everyArmTrainsAndTheSameSeedGivesTheSameSamples() throws Exception {
        for (ModesLab lab : labs()) {
            var brief = new ModesLab(lab.name(), lab.target(), lab.reach(), lab.bar(), lab.holding(), lab.published(), lab.remedies(), 1, lab.sizes().lasting(4), 0, 0);
            for (Arm arm : brief.arms(Scale.NORMAL, false)) {
                float[] samples = arm.trial().run(new ScalarKernels(), 5).get("samples").values();
                assertEquals(2 * N, samples.length);
                if (arm.name().equals("plain")) assertEquals(hash(samples), hash(arm.trial().run(new ScalarKernels(), 5).get("samples").values()), "seed 5");
                for (float x : samples) assertTrue(Float.isFinite(x), arm.name());
            }
        }
    }

    private static int hash(float[] x) {
        return java.util.Arrays.hashCode(x);
    }
}
