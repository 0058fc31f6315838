package gannet.gan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.loss.Wasserstein;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.nn.Layer;
import gannet.tensor.GradientCheck;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Lin et al. 2018, §2.2: D sees m samples at a time, joined along their channels.
class PackingTest {
    private static final long SEED = 71;

    private final Kernels k = new ReferenceKernels();
    private final Objective packed = Objective.of(new Wasserstein()).packed(3);

    @Test void threeSamplesStandSideBySide() {
        int n = 2, m = 3, h = 2, w = 2, c = 2;
        double[] x = new double[n * m * h * w * c];
        for (int i = 0; i < x.length; i++) x[i] = i;
        List<Tensor> seen = new ArrayList<>();
        Layer d = y -> {
            seen.add(y);
            return y.mean(1, 4).reshape(-1, 1);
        };
        Tensor images = Tensor.of(k, Shape.of(n * m, h, w, c), x);
        packed.discriminator(d, Batch.of(images), Batch.of(images));
        double[] rows = seen.getFirst().toArray();
        assertEquals(Shape.of(n, h, w, m * c), seen.getFirst().shape());
        for (int i = 0; i < n; i++)
            for (int pixel = 0; pixel < h * w; pixel++)
                for (int sample = 0; sample < m; sample++)
                    for (int ch = 0; ch < c; ch++)
                        assertEquals(x[((i * m + sample) * h * w + pixel) * c + ch], rows[((i * h * w + pixel) * m + sample) * c + ch]);
        assertArrayEquals(rows, seen.get(1).toArray(), "fakes are packed as real samples are");
    }

    /// What is drawn for a sample, or is the mean over its channels, is a single sample's.
    @Test void theViewIsOfSingleSamples() {
        Tensor images = new Randoms(k, SEED).normal("images", Shape.of(6, 2, 2, 3));
        Layer view = x -> x.times(x.mean(1, 4)), d = y -> y.reshape(y.shape().size(0), -1);
        double[] expected = packed.generator(d, Batch.of(view.apply(images)), null).toArray();
        List<Shape> seen = new ArrayList<>();
        Objective through = packed.seenThrough(x -> {
            seen.add(x.shape());
            return view.apply(x);
        });
        List<double[]> outputs = new ArrayList<>();
        for (Judgement j : List.of(through.discriminator(d, Batch.of(images), Batch.of(images)), packed.discriminator(d, Batch.of(view.apply(images)), Batch.of(images))))
            outputs.add(j.real().toArray());
        assertArrayEquals(outputs.get(1), outputs.get(0), "as if viewed, then packed");
        assertEquals(List.of(images.shape(), images.shape()), seen);
        assertArrayEquals(expected, through.generator(d, Batch.of(images), null).toArray());
    }

    /// A generator of one output makes only samples that are real, so no D of single samples can tell: its rows are what gives it away.
    @Test void aCollapsedGeneratorIsSeenByAPackedDiscriminator() {
        Tensor real = Tensor.of(k, Shape.of(6, 1), 1, -1, 1, 1, -1, 1), collapsed = Tensor.full(k, Shape.of(6, 1), 1);
        Layer spread = y -> y.minus(y.mean(1, 2)).square().sum(1, 2);
        Judgement j = packed.discriminator(spread, Batch.of(real), Batch.of(collapsed));
        assertArrayEquals(new double[2], j.fake().toArray());
        assertTrue(j.real().toArray()[0] > 1 && j.real().toArray()[1] > 1, j.real().toString());
        assertArrayEquals(new double[6], Objective.of(new Wasserstein()).discriminator(spread, Batch.of(real), Batch.of(collapsed)).real().toArray());
    }

    @Test void gradientsGoThroughIt() {
        Randoms randoms = new Randoms(k, SEED);
        Tensor weight = randoms.normal("weight", Shape.of(1, 2, 2, 6));
        Layer d = y -> y.times(weight).tanh().sum(1, 4).reshape(-1, 1);
        double error = GradientCheck.error(x -> packed.generator(d, Batch.of(x.getFirst()), null), List.of(randoms.normal("x", Shape.of(6, 2, 2, 2))), 2, SEED);
        assertTrue(error <= 1e-8, "error " + error + ", seed " + SEED);
    }

    @Test void aBatchThatDoesNotDivideIsRefused() {
        var e = assertThrows(IllegalArgumentException.class, () -> packed.generator((Layer) x -> x, Batch.of(Tensor.full(k, Shape.of(4, 1), 0)), null));
        assertTrue(e.getMessage().contains("3") && e.getMessage().contains("[4,1]"), e.getMessage());
    }
}
