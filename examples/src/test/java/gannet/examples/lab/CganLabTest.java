package gannet.examples.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.io.Npy;
import gannet.metric.Classifier;
import gannet.metric.JudgedImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Figures and verdict from saved arrays alone.
class CganLabTest {
    private static final int CLASSES = 3, EACH = 20;

    @TempDir Path folder;

    /// Of `classes` each `EACH` images, features `spread` apart, of which the first `right` of a class are read as asked.
    private static JudgedImages judged(long seed, int right, double spread, double nearest) {
        var random = new Random(seed);
        int n = CLASSES * EACH;
        int[] asked = new int[n], read = new int[n];
        float[] features = new float[n * Classifier.FEATURES];
        double[] distances = new double[n];
        for (int i = 0; i < n; i++) {
            asked[i] = i / EACH;
            read[i] = i % EACH < right ? asked[i] : (asked[i] + 1) % CLASSES;
            for (int k = 0; k < Classifier.FEATURES; k++) features[i * Classifier.FEATURES + k] = (float) (spread * random.nextGaussian());
            distances[i] = nearest;
        }
        return new JudgedImages(asked, read, features, distances);
    }

    private SequencedMap<String, Double> saved(String arm, int right, double spread, double nearest) throws IOException {
        return saved(arm, 600, right, spread, nearest);
    }

    /// The images trained on have the real ones' features, those of the untrained G are all alike; of 10 real images, 6 are read right by who is taught by generated ones.
    private SequencedMap<String, Double> saved(String arm, int steps, int right, double spread, double nearest) throws IOException {
        SequencedMap<String, Npy> arrays = new LinkedHashMap<>();
        CganLab.put(arrays, "", judged(1, right, spread, nearest));
        CganLab.put(arrays, "real-", judged(2, 18, 1, 8));
        arrays.put("trained-features", features(2, 1));
        arrays.put("untrained-features", features(4, 0));
        arrays.put("steps", Saved.of(steps));
        CganLab.putTaught(arrays, 30, new int[10], new int[] {0, 0, 0, 0, 0, 0, 1, 2, 1, 2}, new int[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 2});
        Path at = Files.createDirectories(Saved.in(folder, arm, 0).folder());
        for (var array : arrays.entrySet()) array.getValue().write(at.resolve(array.getKey() + ".npy"));
        return new CganLab(null).figures(arm, Saved.in(folder, arm, 0));
    }

    private static Npy features(long seed, double spread) {
        return new Npy(new int[] {CLASSES * EACH, Classifier.FEATURES}, judged(seed, EACH, spread, 0).features());
    }

    private Verdict verdict(SequencedMap<String, Double> told, SequencedMap<String, Double> withheld) {
        SequencedMap<String, List<SequencedMap<String, Double>>> figures = new LinkedHashMap<>();
        figures.put("classes told", List.of(told));
        figures.put("classes withheld", List.of(withheld));
        return new CganLab(null).verdict(new Outcome(folder, List.of(0L), figures));
    }

    @Test void figuresOfWhatWasSaved() throws IOException {
        SequencedMap<String, Double> figures = saved("classes told", 17, 0.75, 4);
        assertEquals(0.85, figures.get("read as asked"), 1e-12);
        assertEquals(0.9, figures.get("of real images"), 1e-12);
        assertEquals(0.75, figures.get("least variety"), 0.03);
        assertEquals(0.5, figures.get("least novelty"), 1e-12);
        assertEquals(0.6, figures.get("GAN-train N 30"), 1e-12);
        assertEquals(0.9, figures.get("GAN-train N 30 of real"), 1e-12);
        assertEquals(0, figures.get("Fréchet N 60 floor"), 1e-4);
        assertTrue(figures.get("Fréchet N 60") > 1 && figures.get("Fréchet N 60") < figures.get("Fréchet N 60 ceiling"), figures.toString());
    }

    @Test void isShownByAccuracyVarietyNoveltyAndTheArmWithout() throws IOException {
        var told = saved("classes told", 17, 0.8, 8);
        var withheld = saved("classes withheld", 3, 1, 8);
        assertTrue(verdict(told, withheld).shown(), verdict(told, withheld).why());
        assertFalse(verdict(saved("a", 12, 0.8, 8), withheld).shown(), "too few read as asked");
        assertFalse(verdict(saved("b", 20, 0.1, 8), withheld).shown(), "one image a class");
        assertFalse(verdict(told, told).shown(), "the other arm can do it too");
        assertFalse(verdict(withheld, withheld).shown(), "the control");
    }

    /// A copying generator has every figure of real images but this one.
    @Test void copiesOfImagesTrainedOnAreNotShown() throws IOException {
        var withheld = saved("classes withheld", 3, 1, 8);
        assertTrue(verdict(saved("new", 20, 1, 8), withheld).shown());
        for (double nearest : new double[] {0, 4, 6.3}) {
            Verdict verdict = verdict(saved("copied " + nearest, 20, 1, nearest), withheld);
            assertFalse(verdict.shown(), verdict.why());
        }
    }

    @Test void theQuickFormAsksForLess() throws IOException {
        var withheld = saved("classes withheld", 3, 1, 8);
        assertTrue(verdict(saved("quick", 600, 16, 0.65, 8), withheld).shown());
        assertFalse(verdict(saved("a", 2500, 17, 0.8, 8), withheld).shown(), "5 points behind real images");
        assertFalse(verdict(saved("b", 10_000, 18, 0.65, 8), withheld).shown(), "less than 0.7 of the variety");
        assertTrue(verdict(saved("c", 2500, 18, 0.75, 8), withheld).shown());
    }
}
