package gannet.nn;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import gannet.kernel.Activation;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.tensor.GradientCheck;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every layer's gradients, and the gradients of those, against finite differences.
class LayersGradientTest {
    private static final long SEED = 31;
    private static final double TOLERANCE = 1e-6;

    private final Kernels kernels = new ReferenceKernels();

    /// Checks `Σ c · f(inputs)²`, with c fixed: squared, so that a linear layer has a second derivative too.
    private DynamicTest test(String name, Function<List<Tensor>, Tensor> f, Shape... shapes) {
        return dynamicTest(name, () -> {
            var randoms = new Randoms(kernels, SEED);
            List<Tensor> inputs = new ArrayList<>();
            for (Shape shape : shapes) inputs.add(randoms.normal("inputs", shape));
            Tensor c = randoms.normal("c", f.apply(inputs).shape());
            double error = GradientCheck.error(x -> f.apply(x).square().times(c).sum(), inputs, 2, SEED);
            assertTrue(error <= TOLERANCE, name + ": error " + error + ", seed " + SEED);
        });
    }

    private State.OfTensor state(double value) {
        return new State.OfTensor("state", Tensor.of(kernels, Shape.of(2), value, value));
    }

    @TestFactory Stream<DynamicTest> weighted() {
        Shape image = Shape.of(2, 4, 3, 2), two = Shape.of(2);
        return Stream.of(
                test("dense", x -> new Dense(x.get(1), x.get(2), Activation.Function.TANH).apply(x.get(0)), Shape.of(3, 4), Shape.of(4, 2), two),
                test("dense unbiased", x -> new Dense(x.get(1), null, null).apply(x.get(0)), Shape.of(3, 4), Shape.of(4, 2)),
                test("conv", x -> new Conv(x.get(1), x.get(2), new Window(2, 1, 1, 2, 1, 0, 1, 1), Activation.Function.SIGMOID).apply(x.get(0)), image,
                        Shape.of(3, 2, 2, 2), two),
                test("conv unbiased", x -> new Conv(x.get(1), null, Window.of(1, 1), null).apply(x.get(0)), image, Shape.of(3, 3, 2, 1)),
                test("transposed conv", x -> new ConvTranspose(x.get(1), x.get(2), new Window(2, 1, 1, 2, 1, 1, 0, 1), 1, 0, Activation.Function.TANH)
                        .apply(x.get(0)), image, Shape.of(4, 2, 2, 2), two),
                test("transposed conv unbiased", x -> new ConvTranspose(x.get(1), null, Window.of(1, 0), 0, 0, null).apply(x.get(0)), image, Shape.of(2, 2, 1, 2)),
                test("batch norm", x -> new BatchNorm(x.get(1), x.get(2), state(0), state(1), null).apply(x.get(0)), image, two, two),
                test("batch norm and tanh", x -> new BatchNorm(x.get(1), x.get(2), state(0), state(1), Activation.Function.TANH).apply(x.get(0)),
                        Shape.of(4, 2), two, two),
                test("batch norm, sampling", x -> new BatchNorm(x.get(1), x.get(2), state(0.3), state(2), null).infer(x.get(0)), image, two, two),
                test("layer norm", x -> new LayerNorm(x.get(1), x.get(2)).apply(x.get(0)), image, two, two),
                test("instance norm", x -> new InstanceNorm(x.get(1), x.get(2)).apply(x.get(0)), image, two, two),
                test("embedding", x -> new Embedding(x.get(0)).apply(Tensor.of(kernels, Shape.of(4), 1, 0, 1, 2)), Shape.of(4, 3)));
    }

    private Tensor classes() {
        return Tensor.of(kernels, Shape.of(4), 1, 0, 1, 2);
    }

    private BatchNorm bare() {
        return new BatchNorm(null, null, state(0.3), state(2), null);
    }

    private ConditionalBatchNorm conditionalNorm(List<Tensor> x) {
        return new ConditionalBatchNorm(new Embedding(x.get(1)), new Embedding(x.get(2)), bare());
    }

    @TestFactory Stream<DynamicTest> conditioned() {
        Shape image = Shape.of(4, 2, 3, 2), table = Shape.of(3, 2);
        return Stream.of(
                test("batch norm without a scale", x -> bare().apply(x.getFirst()), image),
                test("conditional batch norm", x -> conditionalNorm(x).apply(x.get(0), classes()), image, table, table),
                test("conditional batch norm, flat", x -> conditionalNorm(x).apply(x.get(0), classes()), Shape.of(4, 2), table, table),
                test("conditional batch norm, sampling", x -> conditionalNorm(x).infer(x.get(0), classes()), image, table, table),
                test("projection", x -> new Projection(new Dense(x.get(1), x.get(2), null), new Embedding(x.get(3))).apply(x.get(0), classes()), Shape.of(4, 5),
                        Shape.of(5, 1), Shape.of(1), Shape.of(3, 5)),
                test("class features", x -> new Conditioning.ClassFeatures(new Embedding(x.get(1))).apply(x.get(0), classes()), Shape.of(4, 5), table),
                test("class channel", x -> new Conditioning.ClassChannel(2, 3, new Embedding(x.get(1))).apply(x.get(0), classes()), image, Shape.of(3, 6)),
                test("code", x -> new Conditioning.Code(2).apply(x.get(0), x.get(1)), Shape.of(4, 5), Shape.of(4, 2)),
                test("heads", x -> Heads.of(new Dense(x.get(1), null, Activation.Function.TANH), new Dense(x.get(2), null, null)).apply(x.get(0)), Shape.of(4, 5),
                        Shape.of(5, 1), Shape.of(5, 2)));
    }

    @TestFactory Stream<DynamicTest> withoutWeights() {
        return Stream.of(
                test("dropout", x -> new Dropout(0.4, new Randoms(kernels, SEED), "dropout").apply(x.getFirst()), Shape.of(3, 5)),
                test("upsample", x -> new Images.Upsample(2).apply(x.getFirst()), Shape.of(2, 2, 3, 2)),
                test("pixel shuffle", x -> new Images.PixelShuffle(2).apply(x.getFirst()), Shape.of(2, 2, 3, 8)),
                test("maxout", x -> new Maxout(3).apply(x.getFirst()), Shape.of(2, 2, 6)),
                test("minibatch stddev", x -> new MinibatchStddev(4).apply(x.getFirst()), Shape.of(8, 2, 3, 2)),
                test("minibatch stddev, flat, the whole batch", x -> new MinibatchStddev(4).apply(x.getFirst()), Shape.of(6, 3)),
                test("flatten", x -> new Images.Flatten(2, 3, 2).apply(x.getFirst()), Shape.of(2, 2, 3, 2)),
                test("to image", x -> new Images.ToImage(2, 3, 2).apply(x.getFirst()), Shape.of(2, 12)),
                test("tanh", x -> ActivationLayer.TANH.apply(x.getFirst()), Shape.of(3, 4)),
                test("sigmoid", x -> ActivationLayer.SIGMOID.apply(x.getFirst()), Shape.of(3, 4)));
    }
}
