package gannet.examples.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.examples.lab.Lab.Scale;
import gannet.io.Npy;
import gannet.kernel.ReferenceKernels;
import gannet.kernel.ScalarKernels;
import gannet.metric.Mixture;
import gannet.tensor.Randoms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The verdict from saved samples alone: histories that hop, hold, lose a mode, or never come near one.
class UnrolledLabTest {
    private static final int TIMES = 24;
    private static final List<Long> SEEDS = List.of(1L, 2L, 3L);
    private static final Mixture RING = UnrolledLab.TARGET;

    private final UnrolledLab lab = new UnrolledLab();
    @TempDir Path folder;

    /// Which mode a sample of the mixture's mode is at, at a time; and how far from 0, as a share of the radius.
    private interface Course {
        int mode(int mode, int time);

        default double out() {
            return 1;
        }
    }

    private static final Course HOLDS = (mode, _) -> mode, HOPS = (_, time) -> time % 8, LOSES = (mode, time) -> time > 20 && mode == 3 ? 4 : mode,
            STUCK = (_, _) -> 5;
    private static final Course BLURRED = new Course() {
        @Override public int mode(int mode, int time) {
            return mode;
        }

        @Override public double out() {
            return 0.5;
        }
    };

    private static float[] samples(Course course, int time, int n) {
        double[] x = RING.sample(new Randoms(new ReferenceKernels(), 7), n).toArray();
        float[] moved = new float[x.length];
        for (int i = 0; i < n; i++) {
            int from = RING.nearest(x[2 * i], x[2 * i + 1]), to = course.mode(from, time);
            for (int axis = 0; axis < 2; axis++) moved[2 * i + axis] = (float) (course.out() * (x[2 * i + axis] + RING.centres()[to][axis] - RING.centres()[from][axis]));
        }
        return moved;
    }

    private Outcome outcome(Course... courses) throws IOException {
        var figures = new LinkedHashMap<String, List<SequencedMap<String, Double>>>();
        List<Arm> arms = lab.arms(Scale.NORMAL, false);
        for (int a = 0; a < arms.size(); a++) {
            float[] history = new float[TIMES * UnrolledLab.SHOWN * 2];
            for (int t = 0; t < TIMES; t++) System.arraycopy(samples(courses[a], t, UnrolledLab.SHOWN), 0, history, t * UnrolledLab.SHOWN * 2, UnrolledLab.SHOWN * 2);
            var each = new ArrayList<SequencedMap<String, Double>>();
            for (long seed : SEEDS) {
                Saved saved = Saved.in(folder, arms.get(a).name(), seed);
                Files.createDirectories(saved.folder());
                new Npy(new int[] {UnrolledLab.SAMPLES, 2}, samples(courses[a], TIMES - 1, UnrolledLab.SAMPLES)).write(saved.folder().resolve("samples.npy"));
                new Npy(new int[] {TIMES, UnrolledLab.SHOWN, 2}, history).write(saved.folder().resolve("history.npy"));
                each.add(lab.figures(arms.get(a).name(), saved));
            }
            figures.put(arms.get(a).name(), each);
        }
        return new Outcome(folder, SEEDS, figures);
    }

    @Test void hoppingBesideHoldingIsShownAndDrawn() throws IOException {
        Outcome outcome = outcome(HOPS, HOLDS, HOLDS);
        assertEquals(TIMES - 1, outcome.median("K = 0", "switches"));
        assertEquals(0, outcome.median("K = 5", "switches"));
        assertEquals(0, outcome.median("K = 0", "modes held"));
        Verdict verdict = lab.verdict(outcome);
        assertTrue(verdict.shown(), verdict.why());
        lab.draw(outcome, folder);
        for (String picture : List.of("unrolled.png", "unrolled-modes.png")) assertTrue(Files.size(folder.resolve(picture)) > 10_000, picture);
    }

    @Test void nothingElseIsShown() throws IOException {
        refused("all hop", HOPS, HOPS, HOPS);
        refused("none hops", HOLDS, HOLDS, HOLDS);
        refused("one hops", HOPS, HOLDS, HOPS);
        refused("a mode lost", HOPS, HOLDS, LOSES);
        refused("stuck in one mode", HOPS, STUCK, STUCK);
        refused("never near a mode", HOPS, BLURRED, HOLDS);
        refused("plain is stuck, which is no hopping", STUCK, HOLDS, HOLDS);
    }

    private void refused(String what, Course... courses) throws IOException {
        Verdict verdict = lab.verdict(outcome(courses));
        assertFalse(verdict.shown(), what + ": " + verdict.why());
    }

    @Test void bothSizesTrain() {
        for (boolean notebook : new boolean[] {false, true}) {
            var brief = new UnrolledLab.Sizes(notebook, 100, 8, 4, 8, 1e-3, 1e-3);
            for (int ahead : new int[] {0, 2}) {
                var saved = UnrolledLab.train(new ScalarKernels(), 3, brief, ahead);
                assertEquals(UnrolledLab.SHOWN * 2, saved.get("history").values().length);
                for (float x : saved.get("samples").values()) assertTrue(Float.isFinite(x), "notebook " + notebook + ", " + ahead + " steps ahead");
            }
        }
    }

    @Test void armsDifferInTheStepsAheadOnlyAndNotAtAllUnderControl() {
        for (Scale scale : Scale.values()) {
            SequencedMap<String, Object> plain = lab.arms(scale, false).getFirst().settings();
            assertEquals(0L, plain.get("unroll"));
            for (Arm arm : lab.arms(scale, false)) {
                var shared = new LinkedHashMap<>(arm.settings());
                assertEquals(arm.name(), "K = " + shared.put("unroll", 0L));
                assertEquals(plain, shared, arm.name());
            }
            for (Arm arm : lab.arms(scale, true)) assertEquals(plain, arm.settings(), arm.name() + " under control");
        }
    }
}
