package gannet.gan.remedy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.tensor.GradientCheck;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each transformation against a plain host loop that looks for the amount which explains what came out.
class DiffAugmentTest {
    private static final long SEED = 41;

    private final Kernels k = new ReferenceKernels();
    private final Randoms randoms = new Randoms(k, SEED);

    private Tensor images(int n, int h, int w, int c) {
        return randoms.normal("images", Shape.of(n, h, w, c));
    }

    private Tensor through(Augmentation a, Tensor x) {
        return new DiffAugment(List.of(a), randoms).apply(x);
    }

    @ParameterizedTest @EnumSource(Augmentation.class) void gradientsOfBothOrders(Augmentation a) {
        for (int c : new int[] {1, 3}) {
            var layer = new DiffAugment(List.of(a), randoms);
            Tensor weight = randoms.normal("weight", Shape.of(3, 6, 9, c));
            double error = GradientCheck.error(x -> {
                randoms.rewind(Map.of());
                return layer.apply(x.getFirst()).tanh().times(weight).sum();
            }, List.of(images(3, 6, 9, c)), 2, SEED);
            assertTrue(error <= 1e-8, a + ", " + c + " channels: error " + error + ", seed " + SEED);
        }
    }

    @Test void translationShiftsByUpToAnEighthAndBringsZeros() {
        int n = 200, h = 16, w = 8, c = 2;
        Tensor x = images(n, h, w, c);
        double[] from = x.toArray(), to = through(Augmentation.TRANSLATION, x).toArray();
        Set<List<Integer>> seen = new HashSet<>();
        for (int i = 0; i < n; i++) {
            List<Integer> shift = null;
            for (int dy = -2; dy <= 2; dy++) for (int dx = -1; dx <= 1; dx++) if (shifted(from, to, i, h, w, c, dy, dx)) shift = List.of(dy, dx);
            assertTrue(shift != null, "image " + i + " is no shift of what went in, seed " + SEED);
            seen.add(shift);
        }
        assertEquals(15, seen.size(), "shifts seen in " + n + " images, seed " + SEED + ": " + seen);
    }

    private static boolean shifted(double[] from, double[] to, int i, int h, int w, int c, int dy, int dx) {
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++)
                for (int ch = 0; ch < c; ch++) {
                    boolean inside = y + dy >= 0 && y + dy < h && x + dx >= 0 && x + dx < w;
                    double expected = inside ? from[((i * h + y + dy) * w + x + dx) * c + ch] : 0;
                    if (to[((i * h + y) * w + x) * c + ch] != expected) return false;
                }
        return true;
    }

    /// The hole's middle o is uniform in 0 … size for an even length, 0 … size − 1 for an odd one; it covers o − ⌊length/2⌋ … of `length` pixels.
    @ParameterizedTest @ValueSource(ints = {8, 9}) void cutoutTakesHalfEachWay(int size) {
        int n = 300, length = (size + 1) / 2;
        Tensor x = Tensor.full(k, Shape.of(n, size, size, 1), 3);
        double[] y = through(Augmentation.CUTOUT, x).toArray();
        Set<List<Integer>> rows = new HashSet<>(), expected = new HashSet<>();
        for (int o = 0; o <= size - length % 2; o++) expected.add(List.of(Math.max(0, o - length / 2), Math.min(size, o - length / 2 + length)));
        for (int i = 0; i < n; i++) {
            int top = size, bottom = 0, left = size, right = 0, holes = 0;
            for (int r = 0; r < size; r++)
                for (int q = 0; q < size; q++) {
                    double value = y[(i * size + r) * size + q];
                    assertTrue(value == 0 || value == 3, "a pixel became " + value);
                    if (value != 0) continue;
                    holes++;
                    top = Math.min(top, r);
                    bottom = Math.max(bottom, r + 1);
                    left = Math.min(left, q);
                    right = Math.max(right, q + 1);
                }
            assertEquals((bottom - top) * (right - left), holes, "image " + i + ": the hole is no rectangle");
            rows.add(List.of(top, bottom));
        }
        assertEquals(expected, rows, "rows of the holes, seed " + SEED);
    }

    @Test void brightnessAddsOneNumberToAnImage() {
        Tensor x = images(50, 4, 4, 3);
        double[] from = x.toArray(), to = through(Augmentation.BRIGHTNESS, x).toArray();
        for (int i = 0; i < 50; i++) {
            double added = to[i * 48] - from[i * 48];
            assertTrue(Math.abs(added) < 0.5, "image " + i + ": " + added);
            for (int j = 0; j < 48; j++) assertEquals(added, to[i * 48 + j] - from[i * 48 + j], 1e-12, "image " + i);
            if (i > 0) assertNotEquals(to[0] - from[0], added, 1e-9, "images 0 and " + i + " have one draw");
        }
    }

    @Test void saturationScalesAroundThePixelsMean() {
        Tensor x = images(50, 4, 4, 3);
        scalesAround(x, through(Augmentation.SATURATION, x), 3, 0, 2);
        Tensor grey = images(3, 4, 4, 1);
        assertArrayEquals(grey.toArray(), through(Augmentation.SATURATION, grey).toArray(), "one channel has no saturation");
    }

    @Test void contrastScalesAroundTheImagesMean() {
        Tensor x = images(50, 4, 4, 3);
        scalesAround(x, through(Augmentation.CONTRAST, x), 48, 0.5, 1.5);
    }

    /// Groups of `group` neighbours keep their mean and are scaled around it by one factor for each image.
    private static void scalesAround(Tensor x, Tensor y, int group, double least, double most) {
        double[] from = x.toArray(), to = y.toArray();
        for (int i = 0; i < 50; i++) {
            double factor = Double.NaN;
            for (int g = i * 48; g < (i + 1) * 48; g += group) {
                double mean = 0;
                for (int j = g; j < g + group; j++) mean += from[j] / group;
                if (g == i * 48) factor = (to[g] - mean) / (from[g] - mean);
                for (int j = g; j < g + group; j++) assertEquals(mean + factor * (from[j] - mean), to[j], 1e-9, "image " + i);
            }
            assertTrue(factor > least && factor < most, "image " + i + ": factor " + factor);
        }
    }

    @Test void policiesGoByThePapersNames() {
        assertEquals(List.of(Augmentation.values()), DiffAugment.policy("color,translation,cutout"));
        for (String bad : List.of("", "colour", "color,color", "color,"))
            assertTrue(assertThrows(IllegalArgumentException.class, () -> DiffAugment.policy(bad)).getMessage().startsWith("augmentation"), bad);
    }

    @Test void whatIsNoImageIsRefused() {
        var e = assertThrows(IllegalArgumentException.class, () -> through(Augmentation.CUTOUT, randoms.normal("x", Shape.of(4, 2))));
        assertTrue(e.getMessage().contains("[4,2]") && e.getMessage().contains("[n,h,w,c]"), e.getMessage());
    }
}
