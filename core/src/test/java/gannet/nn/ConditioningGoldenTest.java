package gannet.nn;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import gannet.kernel.Activation;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.tensor.Gradients;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Spectral norm, minibatch stddev, conditional batch norm and the projection discriminator against PyTorch: results, gradients, state.
class ConditioningGoldenTest {
    private static final double TOLERANCE = 1e-10;

    private final Kernels kernels = new ReferenceKernels();
    private final Goldens goldens;

    ConditioningGoldenTest() throws IOException {
        goldens = Goldens.of("conditioning");
    }

    private Tensor golden(String name) {
        return goldens.tensor(kernels, name);
    }

    private State.OfTensor state(String name, Tensor tensor) {
        return new State.OfTensor(name, tensor);
    }

    /// Holds y, and the gradients of Σ dy · y by the tensors, to the goldens `case/y` and `case/d…`.
    private void check(String name, Tensor y, List<String> inputs, List<Tensor> tensors) {
        goldens.check(name + "/y", y, TOLERANCE);
        Gradients d = Gradients.of(y, golden(name + "/dy"), tensors);
        for (int i = 0; i < inputs.size(); i++) goldens.check(name + "/d" + inputs.get(i), d.get(tensors.get(i)), TOLERANCE);
    }

    private void spectral(String name, Linear layer, Tensor bias) {
        Tensor x = golden(name + "/x");
        var norm = new SpectralNorm(layer, state("u", golden(name + "/u")));
        Tensor inferred = norm.infer(x);
        goldens.check(name + "/u", norm.u().tensor(), 0); // sampling remembers nothing
        Tensor y = norm.apply(x);
        goldens.check(name + "/next", norm.u().tensor(), TOLERANCE);
        goldens.check(name + "/y", inferred, TOLERANCE);
        if (bias == null) check(name, y, List.of("weight"), List.of(layer.weight()));
        else check(name, y, List.of("weight", "bias", "x"), List.of(layer.weight(), bias, x));
    }

    @Test void spectralNorm() {
        Tensor bias = golden("spectral-dense/bias");
        spectral("spectral-dense", new Dense(golden("spectral-dense/weight"), bias, null), bias);
        Tensor ofConv = golden("spectral-conv/bias");
        spectral("spectral-conv", new Conv(golden("spectral-conv/weight"), ofConv, Window.of(2, 1), null), ofConv);
        Tensor ofTransposed = golden("spectral-transposed/bias");
        spectral("spectral-transposed", new ConvTranspose(golden("spectral-transposed/weight"), ofTransposed, Window.of(2, 1), 0, 0, null), ofTransposed);
        spectral("spectral-embedding", new Embedding(golden("spectral-embedding/weight")), null);
    }

    @TestFactory Stream<DynamicTest> minibatchStddev() {
        return Stream.of("stddev-groups", "stddev-whole", "stddev-flat").map(name -> dynamicTest(name, () -> {
            Tensor x = golden(name + "/x");
            check(name, new MinibatchStddev(4).apply(x), List.of("x"), List.of(x));
        }));
    }

    @TestFactory Stream<DynamicTest> conditionalBatchNorm() {
        return Stream.of("conditional-norm", "conditional-norm-flat").map(name -> dynamicTest(name, () -> {
            Tensor x = golden(name + "/x"), classes = golden(name + "/classes"), gamma = golden(name + "/gamma"), beta = golden(name + "/beta");
            double[] ones = new double[4];
            Arrays.fill(ones, 1);
            var statistics = new BatchNorm(null, null, state("mean", Tensor.of(kernels, Shape.of(4), new double[4])),
                    state("variance", Tensor.of(kernels, Shape.of(4), ones)), null);
            var norm = new ConditionalBatchNorm(new Embedding(gamma), new Embedding(beta), statistics);
            check(name, norm.apply(x, classes), List.of("x", "gamma", "beta"), List.of(x, gamma, beta));
            goldens.check(name + "/mean", statistics.mean().tensor(), TOLERANCE);
            goldens.check(name + "/variance", statistics.variance().tensor(), TOLERANCE);
            goldens.check(name + "/inferred", norm.infer(x, classes), TOLERANCE);
        }));
    }

    @Test void projectionDiscriminator() {
        List<String> names = List.of("x", "weight", "bias", "psi", "psi_bias", "v");
        List<Tensor> t = names.stream().map(n -> golden("projection/" + n)).toList();
        var discriminator = ConditionalSequential.of(new Conv(t.get(1), t.get(2), Window.of(2, 1), null), new ActivationLayer(new Activation.Leaky(0.2)),
                new Images.Flatten(3, 2, 3), new Projection(new Dense(t.get(3), t.get(4), null), new Embedding(t.get(5))));
        Tensor y = discriminator.apply(t.getFirst(), golden("projection/classes")), loss = y.negate().plus(1).relu().mean();
        goldens.check("projection/y", y, TOLERANCE);
        goldens.check("projection/loss", loss, TOLERANCE);
        Gradients d = Gradients.of(loss, t);
        for (int i = 0; i < names.size(); i++) goldens.check("projection/d" + names.get(i), d.get(t.get(i)), TOLERANCE);
    }
}
