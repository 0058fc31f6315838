package gannet.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import gannet.kernel.Activation;
import gannet.kernel.BackEnds;
import gannet.kernel.ConvShape;
import gannet.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Each fused operation against its spelled-out twin: values, gradients, and gradients of gradients.
class FusedTest {
    private static final List<Activation> ACTIVATIONS = List.of(Activation.Function.RELU, Activation.Function.TANH, Activation.Function.SIGMOID, new Activation.Leaky(0.2));
    private final Kernels k = BackEnds.open("reference", 1).kernels();

    private Tensor random(int use, int... sizes) {
        Shape s = Shape.of(sizes);
        return Tensor.of(k, s, GradientCheck.uniform(s.count(), -1, 1, 3, use));
    }

    private void same(Function<List<Tensor>, Tensor> fused, Function<List<Tensor>, Tensor> twin, Tensor... inputs) {
        List<Tensor> x = List.of(inputs);
        assertArrayEquals(fused.apply(x).toArray(), twin.apply(x).toArray(), 1e-12);
        List<double[]> a = gradients(fused, x), b = gradients(twin, x);
        for (int i = 0; i < a.size(); i++) assertArrayEquals(a.get(i), b.get(i), 1e-10, "gradient " + i);
    }

    /// First gradients of Σ y³, and the gradients of the squared norm of the first.
    private static List<double[]> gradients(Function<List<Tensor>, Tensor> f, List<Tensor> x) {
        List<double[]> all = new ArrayList<>();
        Gradients plain = Gradients.of(cubes(f.apply(x)), x);
        for (Tensor t : x) all.add(plain.get(t).toArray());
        Gradients d = Gradients.differentiable(cubes(f.apply(x)), x);
        Tensor norm = d.get(x.getFirst()).square().sum();
        Gradients second = Gradients.of(norm, x);
        for (Tensor t : x) {
            all.add(d.get(t).toArray());
            all.add(second.get(t).toArray());
        }
        return all;
    }

    private static Tensor cubes(Tensor y) {
        return y.square().times(y).sum();
    }

    @Test void linear() {
        for (Activation act : ACTIVATIONS)
            same(t -> Product.linear(t.get(0), t.get(1), t.get(2), act), t -> new Product.Linear(t.get(0), t.get(1), t.get(2), act).spelledOut(),
                    random(1, 4, 3), random(2, 3, 5), random(3, 5));
    }

    @Test void convolutions() {
        var s = new ConvShape(2, 6, 5, 2, 3, 4, 3, 3, 3, 2, 1, 1, 1, 1, 1);
        for (Activation act : ACTIVATIONS) {
            same(t -> new Convolution.BiasedConv(t.get(0), t.get(1), t.get(2), act, s).apply(),
                    t -> new Convolution.BiasedConv(t.get(0), t.get(1), t.get(2), act, s).spelledOut(), random(1, 2, 6, 5, 2), random(2, 3, 4, 2, 3), random(3, 3));
            same(t -> new Convolution.BiasedConvInput(t.get(0), t.get(1), t.get(2), act, s).apply(),
                    t -> new Convolution.BiasedConvInput(t.get(0), t.get(1), t.get(2), act, s).spelledOut(), random(1, 2, 3, 3, 3), random(2, 3, 4, 2, 3), random(3, 2));
        }
    }

    @Test void batchNormalisation() {
        for (Activation act : ACTIVATIONS)
            same(t -> BatchNormalisation.of(t.get(0), t.get(1), t.get(2), 1e-5, act).apply(),
                    t -> BatchNormalisation.of(t.get(0), t.get(1), t.get(2), 1e-5, act).spelledOut(), random(1, 5, 2, 3), random(2, 3), random(3, 3));
    }

    @Test void logisticLoss() {
        for (double sign : new double[] {1, -1, 0.3})
            same(t -> new LogisticLoss(t.get(0), sign).apply(), t -> new LogisticLoss(t.get(0), sign).spelledOut(), random(1, 5, 2));
    }
}
