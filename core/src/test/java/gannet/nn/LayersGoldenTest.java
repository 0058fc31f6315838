package gannet.nn;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.tensor.Gradients;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every layer's result and gradients against PyTorch's.
class LayersGoldenTest {
    private static final double TOLERANCE = 1e-10;

    private final Kernels kernels = new ReferenceKernels();
    private final Goldens goldens;

    LayersGoldenTest() throws IOException {
        goldens = Goldens.of("layers");
    }

    /// Holds `f` of the named inputs, and the gradient of each, to the goldens of `name`.
    private DynamicTest test(String name, Function<List<Tensor>, Tensor> f, String... inputs) {
        return dynamicTest(name, () -> {
            List<Tensor> x = new ArrayList<>();
            for (String input : inputs) x.add(goldens.tensor(kernels, name + "/" + input));
            Tensor y = f.apply(x);
            goldens.check(name + "/y", y, TOLERANCE);
            Gradients d = Gradients.of(y, goldens.tensor(kernels, name + "/dy"), x);
            for (int i = 0; i < inputs.length; i++) goldens.check(name + "/d" + inputs[i], d.get(x.get(i)), TOLERANCE);
        });
    }

    private DynamicTest conv(String name, Window window, boolean biased) {
        return biased ? test(name, t -> new Conv(t.get(1), t.get(2), window, null).apply(t.get(0)), "x", "weight", "bias")
                : test(name, t -> new Conv(t.get(1), null, window, null).apply(t.get(0)), "x", "weight");
    }

    private DynamicTest transposed(String name, Window window, int extraH, int extraW, boolean biased) {
        return biased ? test(name, t -> new ConvTranspose(t.get(1), t.get(2), window, extraH, extraW, null).apply(t.get(0)), "x", "weight", "bias")
                : test(name, t -> new ConvTranspose(t.get(1), null, window, extraH, extraW, null).apply(t.get(0)), "x", "weight");
    }

    @TestFactory Stream<DynamicTest> convolutions() {
        return Stream.of(conv("conv-plain", Window.of(1, 0), true), conv("conv-strided", Window.of(2, 1), true),
                conv("conv-oblong", new Window(2, 3, 1, 1, 1, 1, 0, 0), false), conv("conv-dilated", new Window(1, 1, 2, 1, 2, 2, 1, 1), true),
                conv("conv-asymmetric", new Window(1, 2, 1, 1, 0, 1, 2, 0), true));
    }

    @TestFactory Stream<DynamicTest> transposedConvolutions() {
        return Stream.of(transposed("transposed-stride1", Window.of(1, 0), 0, 0, true), transposed("transposed-stride2", Window.of(2, 1), 0, 0, true),
                transposed("transposed-stride3", new Window(3, 3, 1, 1, 0, 0, 1, 1), 1, 2, false),
                transposed("transposed-dilated", new Window(1, 2, 2, 1, 0, 0, 0, 0), 0, 0, true),
                transposed("transposed-asymmetric", new Window(2, 2, 1, 1, 1, 0, 0, 2), 0, 0, true));
    }

    @TestFactory Stream<DynamicTest> denseAndEmbedding() {
        return Stream.of(test("dense", t -> new Dense(t.get(1), t.get(2), null).apply(t.get(0)), "input", "weight", "bias"),
                test("flatten-dense", t -> Sequential.of(new Images.Flatten(2, 4, 3), new Dense(t.get(1), t.get(2), null)).apply(t.get(0)), "x", "weight", "bias"),
                test("dense-image", t -> Sequential.of(new Dense(t.get(1), null, null), new Images.ToImage(2, 4, 3)).apply(t.get(0)), "x", "weight"),
                test("embedding", t -> new Embedding(t.get(0)).apply(Tensor.of(kernels, Shape.of(5), 2, 0, 2, 3, 2)), "table"));
    }

    @TestFactory Stream<DynamicTest> norms() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String name : List.of("batch-norm", "batch-norm-flat"))
            tests.add(test(name, t -> batchNorm(t.get(1), t.get(2)).apply(t.get(0)), "x", "gamma", "beta"));
        for (String name : List.of("layer-norm", "layer-norm-flat"))
            tests.add(test(name, t -> new LayerNorm(t.get(1), t.get(2)).apply(t.get(0)), "x", "gamma", "beta"));
        tests.add(test("instance-norm", t -> new InstanceNorm(t.get(1), t.get(2)).apply(t.get(0)), "x", "gamma", "beta"));
        return tests.stream();
    }

    private BatchNorm batchNorm(Tensor gamma, Tensor beta) {
        return new BatchNorm(gamma, beta, new State.OfTensor("mean", Tensor.of(kernels, Shape.of(3), 0, 0, 0)),
                new State.OfTensor("variance", Tensor.of(kernels, Shape.of(3), 1, 1, 1)), null);
    }

    @Test void runningStatisticsAfterTwoBatches() {
        for (String name : List.of("batch-norm", "batch-norm-flat")) {
            BatchNorm norm = batchNorm(goldens.tensor(kernels, name + "/gamma"), goldens.tensor(kernels, name + "/beta"));
            Tensor second = goldens.tensor(kernels, name + "/second");
            norm.apply(goldens.tensor(kernels, name + "/x"));
            norm.apply(second);
            goldens.check(name + "/mean", norm.mean().tensor(), TOLERANCE);
            goldens.check(name + "/variance", norm.variance().tensor(), TOLERANCE);
            goldens.check(name + "/inferred", norm.infer(second), TOLERANCE);
        }
    }

    @TestFactory Stream<DynamicTest> images() {
        return Stream.of(test("pixel-shuffle", t -> new Images.PixelShuffle(2).apply(t.getFirst()), "x"),
                test("upsample", t -> new Images.Upsample(3).apply(t.getFirst()), "x"));
    }

    /// At their kinks, and where a careless formula overflows.
    @TestFactory Stream<DynamicTest> functions() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String suffix : List.of("", "-large")) {
            tests.add(test("relu" + suffix, t -> ActivationLayer.RELU.apply(t.getFirst()), "x"));
            tests.add(test("leaky" + suffix, t -> ActivationLayer.leakyRelu(0.2).apply(t.getFirst()), "x"));
            tests.add(test("abs" + suffix, t -> t.getFirst().abs(), "x"));
            tests.add(test("clamp" + suffix, t -> t.getFirst().clamp(-1, 1.5), "x"));
            tests.add(test("tanh" + suffix, t -> ActivationLayer.TANH.apply(t.getFirst()), "x"));
            tests.add(test("sigmoid" + suffix, t -> ActivationLayer.SIGMOID.apply(t.getFirst()), "x"));
            tests.add(test("softplus" + suffix, t -> t.getFirst().softplus(), "x"));
        }
        tests.add(test("max", t -> t.getFirst().max(1), "x"));
        tests.add(test("maximum", t -> t.get(0).maximum(t.get(1)), "input", "other"));
        tests.add(test("minimum", t -> t.get(0).minimum(t.get(1)), "input", "other"));
        return tests.stream();
    }
}
