package gannet.gan.penalty;

import gannet.gan.loss.GanLoss;
import gannet.nn.Layer;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.List;

/// A term added to the discriminator's loss; one element. Penalties compose with any loss and with one another.
/// As in a layer, what changes from step to step must be a tensor.
public interface Penalty {
    /// The penalty of `discriminator`, which gives logits `[n,1]`, around a real and a fake batch of one shape.
    Tensor of(Layer discriminator, Tensor real, Tensor fake);

    /// The same where the logits of both batches are at hand, recorded: penalties at the batches themselves need no forward pass of their own.
    default Tensor of(Layer discriminator, Tensor real, Tensor fake, Tensor onReal, Tensor onFake) {
        return of(discriminator, real, fake);
    }

    /// Whether it takes the gradient of each sample's logit by that sample, which batch norm in the discriminator makes meaningless: there,
    /// a sample's logit depends on all others. A trainer refuses the two together.
    default boolean perSample() {
        return false;
    }

    /// Whether it keeps the discriminator Lipschitz everywhere between real and fake, as a Wasserstein loss needs.
    default boolean lipschitz() {
        return false;
    }

    /// Throws, and says which losses it is defined for, if it isn't defined for `loss`; most are for every one. A trainer asks before it begins.
    default void requireLoss(GanLoss loss) {}

    /// The same for the discriminator at other weights, in the order of its own: unrolling. Only penalties on weights differ.
    default Penalty at(List<Tensor> weights) {
        return this;
    }

    /// All that it remembers from step to step, for the checkpoint.
    default List<State> states() {
        return List.of();
    }

    /// The same penalty for a discriminator with batch norm: for those who know what they ask for.
    default Penalty despiteBatchNorm() {
        Penalty penalty = this;
        return new Penalty() {
            @Override public Tensor of(Layer discriminator, Tensor real, Tensor fake) {
                return penalty.of(discriminator, real, fake);
            }

            @Override public Tensor of(Layer discriminator, Tensor real, Tensor fake, Tensor onReal, Tensor onFake) {
                return penalty.of(discriminator, real, fake, onReal, onFake);
            }

            @Override public boolean lipschitz() {
                return penalty.lipschitz();
            }

            @Override public void requireLoss(GanLoss loss) {
                penalty.requireLoss(loss);
            }

            @Override public Penalty at(List<Tensor> weights) {
                return penalty.at(weights).despiteBatchNorm();
            }

            @Override public List<State> states() {
                return penalty.states();
            }
        };
    }
}
