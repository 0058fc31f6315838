package gannet.gan.penalty;

import gannet.nn.Layer;
import gannet.nn.Weights;
import gannet.tensor.Tensor;
import java.util.List;

/// L2: `weight/2 · Σ w²` over D's kernels and matrices, biases left out, so that its gradient is `weight · w`; Krogh & Hertz 1992, who give no
/// weight; 1e-4 is a usual one. `weights` are all of the network's, in its order.
public record L2(double weight, List<Tensor> weights) implements Penalty {
    public L2 {
        Slopes.requireWeight("L2 penalty", weight);
        weights = Matrices.require("L2 penalty", weights);
    }

    /// Of a network's own weights.
    public L2(double weight, Weights<?> network) {
        this(weight, network.weights());
    }

    @Override public Tensor of(Layer discriminator, Tensor real, Tensor fake) {
        return Matrices.sum(Matrices.of(weights).stream().map(w -> w.square().sum()).toList()).times(weight / 2);
    }

    @Override public L2 at(List<Tensor> others) {
        return new L2(weight, others);
    }
}
