package gannet.gan.penalty;

import gannet.nn.Layer;
import gannet.nn.Weights;
import gannet.tensor.Functions;
import gannet.tensor.Tensor;
import java.util.List;

/// Orthogonal: `weight · Σ ‖WᵀW ⊙ (1 − I)‖²` over D's kernels and matrices as `W[i,o]`: filters shall be at right angles, their lengths are free;
/// Brock et al. 2019, eq. 3, with weight 1e-4, who found the older `‖WᵀW − I‖`, which also asks for length 1 (Brock et al. 2017), too limiting.
/// `weights` are all of the network's, in its order.
public record Orthogonal(double weight, List<Tensor> weights) implements Penalty {
    public Orthogonal {
        Slopes.requireWeight("orthogonal penalty", weight);
        weights = Matrices.require("orthogonal penalty", weights);
    }

    /// Of a network's own weights.
    public Orthogonal(double weight, Weights<?> network) {
        this(weight, network.weights());
    }

    @Override public Tensor of(Layer discriminator, Tensor real, Tensor fake) {
        return Matrices.sum(Matrices.of(weights).stream().map(w -> offDiagonal(w).square().sum()).toList()).times(weight);
    }

    /// `WᵀW ⊙ (1 − I)`, `[o,o]`
    private static Tensor offDiagonal(Tensor w) {
        Tensor products = Functions.matmul(w, w, true, false);
        int o = w.shape().size(1);
        double[] mask = new double[o * o];
        for (int i = 0; i < o; i++)
            for (int j = 0; j < o; j++) mask[i * o + j] = i == j ? 0 : 1;
        return products.times(Tensor.temporary(w.kernels(), products.shape(), mask));
    }

    @Override public Orthogonal at(List<Tensor> others) {
        return new Orthogonal(weight, others);
    }
}
