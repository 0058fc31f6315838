package gannet.gan.penalty;

import gannet.nn.Layer;
import gannet.nn.Weights;
import gannet.tensor.Functions;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Spectral: `weight/2 · Σ σ(W)²` over D's kernels and matrices as `W[i,o]`, σ being the greatest singular value; Yoshida & Miyato 2017, with
/// weight 0.01. Each step of D makes one power iteration from where the last one ended, `v = Wu/‖Wu‖`, `u = Wᵀv/‖Wᵀv‖`, `σ = vᵀWu`, with u and
/// v constants.
///
/// It makes no critic Lipschitz: at t times all weights of L layers a critic's gap is t^L times as wide, the penalty t² times as large, so from three layers on
/// a Wasserstein loss has no lower bound under it. [gannet.nn.SpectralNorm] is the device.
public final class SpectralPenalty implements Penalty {
    private static final double EPSILON = 1e-12;

    private final double weight;
    private final Weights<?> network;
    private final List<Tensor> weights;
    private final List<State.OfTensor> vectors;

    /// On all kernels and matrices of a network; the vectors u start at random.
    public SpectralPenalty(double weight, Weights<?> network, Randoms randoms) {
        this(Slopes.requireWeight("spectral penalty", weight), network, Matrices.require("spectral penalty", network.weights()), new ArrayList<>());
        for (Tensor w : weights) {
            if (w.shape().rank() < 2) continue;
            String name = w.origin() + ".spectral-penalty";
            Shape shape = Shape.of(w.shape().size(-1), 1);
            Tensor start = Tensor.unrecorded(() -> unit(randoms.normal(name, shape)));
            var u = new State.OfTensor(name, Tensor.of(w.kernels(), shape, start.toArray()));
            u.owner(network); // whose optimiser commits it with the step, or refuses both
            vectors.add(u);
        }
    }

    private SpectralPenalty(double weight, Weights<?> network, List<Tensor> weights, List<State.OfTensor> vectors) {
        this.weight = weight;
        this.network = network;
        this.weights = weights;
        this.vectors = vectors;
    }

    @Override public Tensor of(Layer discriminator, Tensor real, Tensor fake) {
        List<Tensor> matrices = Matrices.of(weights), squares = new ArrayList<>();
        for (int i = 0; i < matrices.size(); i++) squares.add(norm(matrices.get(i), vectors.get(i)).square());
        return Matrices.sum(squares).times(weight / 2);
    }

    private Tensor norm(Tensor w, State.OfTensor vector) {
        Tensor v = Tensor.unrecorded(() -> unit(w.matmul(vector.tensor())));
        Tensor u = Tensor.unrecorded(() -> unit(Functions.matmul(w, v, true, false)));
        if (!network.frozen()) vector.moveTowards(u, 1);
        return w.matmul(u).times(v).sum();
    }

    private static Tensor unit(Tensor x) {
        return x.dividedBy(x.square().sum().plus(EPSILON).sqrt());
    }

    @Override public SpectralPenalty at(List<Tensor> others) {
        return new SpectralPenalty(weight, network, others, vectors);
    }

    @Override public List<State> states() {
        return List.copyOf(vectors);
    }
}
