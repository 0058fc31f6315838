package gannet.nn;

import static gannet.nn.Weights.freeze;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.optim.Optimizer;
import gannet.optim.Sgd;
import gannet.tensor.GradientCheck;
import gannet.tensor.Gradients;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import gannet.tensor.Workspace;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// What it divides by, what it remembers and when, and its gradient.
class SpectralNormTest {
    private static final long SEED = 71;

    private final Kernels kernels = new ReferenceKernels();
    private final Layers layers = Layers.fanIn(kernels, SEED);
    private final Randoms randoms = new Randoms(kernels, SEED);
    private final Tensor x = randoms.normal("x", Shape.of(5, 4));

    private static double[] u(Weights<?> network) {
        for (State state : network.states())
            if (state.name().endsWith(".u")) {
                double[] u = new double[state.shape().count()];
                state.read(u);
                return u;
            }
        throw new AssertionError("no u in " + network.states());
    }

    /// The greatest singular value of `m[in,out]`, by 2,000 iterations on mᵀm from another start than the layer's.
    private static double greatestSingularValue(Tensor m) {
        int in = m.shape().size(0), out = m.shape().size(1);
        double[] a = m.toArray(), u = new double[out];
        for (int j = 0; j < out; j++) u[j] = 1 + 0.1 * j;
        double norm = 0;
        for (int k = 0; k < 2000; k++) {
            double[] v = new double[in], next = new double[out];
            for (int i = 0; i < in; i++) for (int j = 0; j < out; j++) v[i] += a[i * out + j] * u[j];
            for (int i = 0; i < in; i++) for (int j = 0; j < out; j++) next[j] += a[i * out + j] * v[i];
            norm = Math.sqrt(Arrays.stream(next).map(e -> e * e).sum());
            for (int j = 0; j < out; j++) u[j] = next[j] / norm;
        }
        return Math.sqrt(norm);
    }

    @Test void theGreatestSingularValueBecomes1() {
        Tensor image = randoms.normal("image", Shape.of(2, 6, 6, 3));
        List<Linear> linear = List.of(layers.dense(4, 6), layers.dense(4, 1), layers.conv(3, 5, 4, 2, 1), layers.convTranspose(3, 5, 4, 2, 1));
        for (Linear layer : linear) {
            SpectralNorm norm = layers.spectralNorm(layer);
            Tensor input = layer instanceof Dense ? x : image;
            for (int i = 0; i < 400; i++) norm.apply(input);
            Tensor m = layer.matrix(layer.weight());
            Tensor v = Tensor.unrecorded(() -> unit(m.matmul(norm.u().tensor().reshape(-1, 1)))), u = norm.u().tensor();
            Tensor divided = SpectralNorm.divided(layer, v, u);
            assertEquals(1, greatestSingularValue(layer.matrix(divided)), 1e-9, layer + ", seed " + SEED);
            assertArrayEquals(layer.over(divided).apply(input).toArray(), norm.infer(input).toArray(), 1e-9, "and that is the weight it applies");
        }
    }

    private static Tensor unit(Tensor t) {
        return t.dividedBy(t.square().sum().sqrt()).reshape(-1);
    }

    /// Miyato et al. 2018, eq. 12: ∂/∂W Σ G ∘ W/σ = (G − (Σ G ∘ W̄) u vᵀ) / σ.
    @Test void gradientIsThatOfConstantDirections() {
        Dense dense = layers.dense(4, 3);
        SpectralNorm norm = layers.spectralNorm(dense);
        Tensor g = randoms.normal("g", Shape.of(5, 3));
        Tensor before = Tensor.of(kernels, Shape.of(3), norm.u().tensor().toArray());
        Tensor dw = Gradients.of(norm.apply(x), g, List.of(dense.weight())).get(dense.weight());
        Tensor w = dense.weight(), v = unit(w.matmul(before.reshape(-1, 1))), u = unit(v.reshape(1, -1).matmul(w));
        Tensor outer = v.reshape(-1, 1).matmul(u.reshape(1, -1)), sigma = w.times(outer).sum(), gw = x.permute(1, 0).matmul(g);
        Tensor expected = gw.minus(gw.times(w.dividedBy(sigma)).sum().times(outer)).dividedBy(sigma);
        assertArrayEquals(expected.toArray(), dw.toArray(), 1e-12, "seed " + SEED);
    }

    @Test void gradientsToOrder2WithDirectionsHeld() {
        Tensor v = unit(randoms.normal("v", Shape.of(4))).detach(), u = unit(randoms.normal("u", Shape.of(3))).detach(), w = layers.dense(4, 3).weight();
        Function<List<Tensor>, Tensor> f = t -> t.get(0).matmul(SpectralNorm.divided(new Dense(t.get(1), null, null), v, u)).tanh().square().sum();
        double error = GradientCheck.error(f, List.of(x, w), 2, SEED);
        assertTrue(error <= 1e-6, "error " + error + ", seed " + SEED);
    }

    @Test void oneIterationAStep() {
        Network d = Network.of("discriminator", layers.spectralNorm(layers.dense(4, 3)), ActivationLayer.RELU, layers.dense(3, 1));
        double[] opening = u(d);
        var workspace = new Workspace(kernels);
        try (var _ = workspace.open()) {
            double[] first = d.apply(x).toArray(), second = d.apply(x).toArray();
            assertArrayEquals(first, second, "every application of a step reads the same u");
            assertArrayEquals(opening, u(d), "staged, not yet committed");
        }
        assertArrayEquals(opening, u(d), "never committed: forgotten");
        Tensor w = d.weights().getFirst();
        Tensor expected = unit(unit(w.matmul(Tensor.of(kernels, Shape.of(3, 1), opening))).reshape(1, -1).matmul(w));
        double[] once = expected.toArray();
        try (var _ = workspace.open()) {
            new Optimizer(d, new Sgd(0), 0.1).descend(d.apply(x).sum().plus(d.apply(x.times(2)).mean()));
        }
        assertArrayEquals(once, u(d), 1e-14, "one iteration from the opening u, however often it was applied");
    }

    @Test void aFrozenNetworkAndSamplingChangeNothing() {
        Network d = Network.of("discriminator", layers.spectralNorm(layers.conv(1, 3, 3, 1, 1)), ActivationLayer.RELU);
        Tensor image = randoms.normal("image", Shape.of(2, 4, 4, 1));
        double[] opening = u(d);
        assertTrue(d.states().stream().anyMatch(s -> s.name().equals("discriminator.0.u")), "u is part of the state: " + d.states());
        double[] frozen;
        try (var _ = freeze(d)) {
            frozen = d.apply(image).toArray();
        }
        assertArrayEquals(opening, u(d));
        assertArrayEquals(frozen, d.infer(image).toArray());
        assertArrayEquals(opening, u(d));
        d.apply(image);
        assertFalse(Arrays.equals(opening, u(d)), "training moves it");
    }

    @Test void atOtherWeights() {
        Network d = Network.of("discriminator", layers.spectralNorm(layers.dense(4, 3)), layers.spectralNorm(layers.dense(3, 1)));
        List<Tensor> doubled = d.weights().stream().map(w -> w.times(2)).toList();
        try (var _ = freeze(d)) {
            Tensor weight = d.weights().getFirst();
            Layer there = d.at(doubled);
            Tensor y = there.apply(x).sum();
            Gradients through = Gradients.of(y, List.of(weight, doubled.getFirst()));
            double[] own = through.get(weight).toArray(), other = through.get(doubled.getFirst()).toArray();
            for (int i = 0; i < own.length; i++) assertEquals(2 * other[i], own[i], 1e-14, "the gradient goes on through the other weights");
            assertTrue(Arrays.stream(other).anyMatch(g -> Math.abs(g) > 1e-3));
        }
    }

    @Test void anActivationIsJoinedToTheLayerInside() {
        SpectralNorm norm = layers.spectralNorm(layers.dense(4, 3));
        assertInstanceOf(SpectralNorm.class, norm.followedBy(ActivationLayer.TANH.activation()));
        Tensor apart = ActivationLayer.TANH.apply(norm.infer(x)), joined = Sequential.of(norm, ActivationLayer.TANH).infer(x);
        assertArrayEquals(apart.toArray(), joined.toArray(), 1e-14);
        assertTrue(Network.of("d", layers.spectralNorm(layers.dense(4, 1))).contains(SpectralNorm.class));
    }
}
