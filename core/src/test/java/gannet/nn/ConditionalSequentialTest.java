package gannet.nn;

import static gannet.nn.ActivationLayer.RELU;
import static gannet.nn.ActivationLayer.TANH;
import static gannet.nn.ActivationLayer.leakyRelu;
import static gannet.nn.Weights.freeze;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.tensor.Gradients;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Conditional networks of blocks: a conditional DCGAN, what reaches its layers, names, features of inner layers.
class ConditionalSequentialTest {
    private static final long SEED = 81;

    private final Kernels kernels = new ReferenceKernels();
    private final Layers layers = Layers.dcgan(kernels, SEED);
    private final Randoms randoms = new Randoms(kernels, SEED);
    private final Tensor z = randoms.normal("z", Shape.of(6, 5)), classes = Tensor.of(kernels, Shape.of(6), 2, 0, 1, 1, 0, 2);

    /// `z[n,5], classes[n] → [n,8,8,1]`
    private final Weights<ConditionalLayer> generator = Weights.of("generator", ConditionalSequential.of(
            layers.classFeatures(3, 4),
            layers.denseUnbiased(9, 2 * 2 * 8), new Images.ToImage(2, 2, 8), layers.conditionalBatchNorm(3, 8), RELU,
            layers.convTransposeUnbiased(8, 4, 4, 2, 1), layers.conditionalBatchNorm(3, 4), RELU,
            layers.convTranspose(4, 1, 4, 2, 1), TANH));

    /// `x[n,8,8,1], classes[n] → [n,1]`
    private final Weights<ConditionalLayer> discriminator = Weights.of("discriminator", ConditionalSequential.of(
            layers.spectralNorm(layers.conv(1, 4, 4, 2, 1)), leakyRelu(0.2),
            layers.spectralNorm(layers.conv(4, 8, 4, 2, 1)), leakyRelu(0.2),
            new MinibatchStddev(4), new Images.Flatten(2, 2, 9),
            layers.projection(3, 2 * 2 * 9)));

    /// All it remembers.
    private static double[] memory(Weights<?> network) {
        List<Double> all = new ArrayList<>();
        for (State state : network.states()) {
            double[] values = new double[state.shape().count()];
            state.read(values);
            for (double v : values) all.add(v);
        }
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Test void everyWeightOfAConditionalDcganIsReached() {
        Tensor x = generator.given(classes).apply(z), logits = discriminator.given(classes).apply(x);
        assertEquals(Shape.of(6, 8, 8, 1), x.shape());
        assertEquals(Shape.of(6, 1), logits.shape());
        List<Tensor> weights = new ArrayList<>(generator.weights());
        weights.addAll(discriminator.weights());
        Gradients d = Gradients.of(logits.softplus().mean(), weights);
        for (Tensor w : weights) assertTrue(Arrays.stream(d.get(w).toArray()).anyMatch(g -> g != 0), "no gradient at " + w.origin());
    }

    @Test void theClassDecides() {
        Tensor others = Tensor.of(kernels, Shape.of(6), 1, 2, 0, 0, 1, 1), image = randoms.normal("image", Shape.of(6, 8, 8, 1));
        assertFalse(Arrays.equals(generator.given(classes).infer(z).toArray(), generator.given(others).infer(z).toArray()));
        assertFalse(Arrays.equals(discriminator.given(classes).infer(image).toArray(), discriminator.given(others).infer(image).toArray()));
        Tensor first = generator.given(Tensor.of(kernels, Shape.of(1), 2)).infer(z.slice(0, 0, 1));
        assertArrayEquals(first.toArray(), Arrays.copyOf(generator.given(classes).infer(z).toArray(), 64), 1e-14, "a sample is its own z's and class's alone");
    }

    @Test void frozenNothingChanges() {
        double[] g = memory(generator), d = memory(discriminator);
        try (var _ = freeze(generator); var _ = freeze(discriminator)) {
            discriminator.given(classes).apply(generator.given(classes).apply(z));
        }
        assertArrayEquals(g, memory(generator));
        assertArrayEquals(d, memory(discriminator));
        discriminator.given(classes).apply(generator.given(classes).apply(z));
        assertFalse(Arrays.equals(g, memory(generator)), "running statistics");
        assertFalse(Arrays.equals(d, memory(discriminator)), "the directions of spectral norm");
    }

    @Test void namesArePositions() {
        List<String> names = generator.states().stream().map(State::name).toList();
        assertEquals(List.of("generator.0.table", "generator.1.weight", "generator.3.gamma", "generator.3.beta", "generator.3.norm.mean",
                "generator.3.norm.variance"), names.subList(0, 6));
        names = discriminator.states().stream().map(State::name).toList();
        assertEquals(List.of("discriminator.0.weight", "discriminator.0.bias", "discriminator.0.u"), names.subList(0, 3));
        assertEquals(List.of("discriminator.6.psi.weight", "discriminator.6.psi.bias", "discriminator.6.embedding.table"), names.subList(6, 9));
        assertTrue(generator.contains(BatchNorm.class), "a conditional batch norm is found as the batch norm that it holds");
        assertFalse(discriminator.contains(BatchNorm.class));
    }

    @Test void classesStartAlike() {
        ConditionalBatchNorm norm = layers.conditionalBatchNorm(3, 5);
        BatchNorm plain = Layers.fanIn(kernels, 1).batchNorm(5);
        assertArrayEquals(plain.apply(z).toArray(), norm.apply(z, classes).toArray());
        assertArrayEquals(plain.infer(z).toArray(), norm.infer(z, classes).toArray(), 1e-14, "and remember alike");
        assertEquals(1, norm.gamma().weight().toArray()[0], "whatever the scales of other norms start from");
    }

    @Test void classAndCodeStandBesideTheInput() {
        ConditionalLayer features = layers.classFeatures(3, 2);
        Tensor table = ((Conditioning.ClassFeatures) features).embedding().weight();
        double[] y = features.apply(z, classes).toArray();
        for (int i = 0; i < 6; i++) {
            int k = (int) classes.toArray()[i];
            assertArrayEquals(Arrays.copyOfRange(z.toArray(), 5 * i, 5 * i + 5), Arrays.copyOfRange(y, 7 * i, 7 * i + 5));
            assertArrayEquals(Arrays.copyOfRange(table.toArray(), 2 * k, 2 * k + 2), Arrays.copyOfRange(y, 7 * i + 5, 7 * i + 7));
        }
        Conditioning.ClassChannel channel = layers.classChannel(3, 2, 3);
        Tensor image = randoms.normal("image", Shape.of(6, 2, 3, 2)), joined = channel.apply(image, classes);
        assertArrayEquals(image.toArray(), joined.slice(3, 0, 2).toArray());
        assertArrayEquals(channel.embedding().apply(classes).toArray(), joined.slice(3, 2, 3).toArray());
        Tensor code = randoms.normal("code", Shape.of(6, 2)), beside = new Conditioning.Code(2).apply(z, code);
        assertArrayEquals(z.toArray(), beside.slice(1, 0, 5).toArray());
        assertArrayEquals(code.toArray(), beside.slice(1, 5, 7).toArray());
    }

    /// An ACGAN's or InfoGAN's discriminator ignores the condition; its further outputs stand behind the logit.
    @Test void heads() {
        Dense logit = layers.dense(5, 1), one = layers.dense(5, 4), two = layers.dense(4, 3);
        Network d = Network.of("discriminator", Heads.of(logit, Sequential.of(one, leakyRelu(0.1), two)));
        Tensor y = d.given(classes).apply(z);
        assertEquals(Shape.of(6, 4), y.shape());
        assertArrayEquals(logit.apply(z).toArray(), y.slice(1, 0, 1).toArray());
        assertArrayEquals(two.apply(one.apply(z).leakyRelu(0.1)).toArray(), y.slice(1, 1, 4).toArray(), 1e-15);
        assertArrayEquals(y.toArray(), d.infer(z).toArray());
        List<String> names = d.states().stream().map(State::name).toList();
        assertEquals(List.of("discriminator.0.0.weight", "discriminator.0.0.bias", "discriminator.0.1.0.weight"), names.subList(0, 3));
    }

    @Test void maxoutIsTheGreatestPiece() {
        Tensor x = Tensor.of(kernels, Shape.of(2, 6), 1, 5, 2, 4, 3, -1, -1, -2, -3, -4, -5, -6);
        assertArrayEquals(new double[] {3, 5, -1, -2}, new Maxout(3).apply(x).toArray());
        assertEquals(Shape.of(6, 7), layers.maxout(5, 7, 3).apply(z).shape());
        Sequential maxout = layers.maxout(5, 1, 2);
        double[] pieces = maxout.upTo(1).apply(z).toArray(), greatest = maxout.apply(z).toArray();
        for (int i = 0; i < 6; i++) assertEquals(Math.max(pieces[2 * i], pieces[2 * i + 1]), greatest[i]);
    }

    @Test void featuresOfAnInnerLayer() {
        Dense one = layers.dense(5, 4), two = layers.dense(4, 3);
        Network network = Network.of("d", one, RELU, two, TANH);
        Tensor hidden = one.apply(z).relu();
        assertArrayEquals(hidden.toArray(), network.upTo(2).apply(z).toArray());
        assertArrayEquals(hidden.toArray(), network.upTo(2).infer(z).toArray());
        assertArrayEquals(network.apply(z).toArray(), network.upTo(4).apply(z).toArray());
        Tensor w = network.weights().getFirst();
        assertTrue(Arrays.stream(Gradients.of(network.upTo(2).apply(z).sum(), w).get(w).toArray()).anyMatch(g -> g != 0), "over the network's own weights");
        var e = assertThrows(IllegalArgumentException.class, () -> network.upTo(1));
        assertTrue(e.getMessage().contains("choose one of [2, 4]"), e.getMessage());
        ConditionalSequential body = (ConditionalSequential) discriminator.part();
        assertEquals(Shape.of(6, 2, 2, 8), body.upTo(4).apply(randoms.normal("image", Shape.of(6, 8, 8, 1)), classes).shape());
    }

    @Test void aBareFunctionOfTheConditionIsRefused() {
        var e = assertThrows(IllegalArgumentException.class, () -> ConditionalSequential.of(layers.dense(1, 1), _ -> RELU));
        assertTrue(e.getMessage().startsWith("layer 1 is neither"), e.getMessage());
    }

    /// Where all samples are equal, the feature is the root of its ε.
    @Test void stddevSeesCollapse() {
        Tensor collapsed = Tensor.of(kernels, Shape.of(1, 3), 1, -2, 3).broadcastTo(Shape.of(8, 3)), y = new MinibatchStddev(4).apply(collapsed);
        for (double f : y.slice(1, 3, 4).toArray()) assertEquals(1e-4, f, 1e-12);
        Tensor pair = Tensor.of(kernels, Shape.of(2, 2), 1, 0, 3, 0);
        double[] whole = new MinibatchStddev(4).apply(pair).toArray();
        assertEquals((Math.sqrt(1 + 1e-8) + 1e-4) / 2, whole[2], 1e-14, "a batch of 2 is one group: deviations 1 and 0");
        Tensor x = collapsed.detach();
        assertEquals(new MinibatchStddev(4), new MinibatchStddev(), "as the code of Karras et al. 2018");
        Tensor feature = new MinibatchStddev().apply(x).slice(1, 3, 4);
        for (double g : Gradients.of(feature.sum(), x).get(x).toArray()) assertEquals(0, g, "no gradient, and no NaN, at equal samples");
    }
}
