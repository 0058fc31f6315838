package gannet.gan.penalty;

import gannet.nn.Layer;
import gannet.tensor.Tensor;

/// A term added to the discriminator's loss; one element. Penalties compose with any loss and with one another.
public interface Penalty {
    /// The penalty of `discriminator`, which gives logits `[n,1]`, around a real and a fake batch of one shape.
    Tensor of(Layer discriminator, Tensor real, Tensor fake);

    /// Whether it takes the gradient of each sample's logit by that sample, which batch norm in the discriminator makes meaningless: there,
    /// a sample's logit depends on all others. A trainer refuses the two together.
    default boolean perSample() {
        return false;
    }

    /// Whether it keeps the discriminator Lipschitz, as a Wasserstein loss needs.
    default boolean lipschitz() {
        return false;
    }

    /// The same penalty for a discriminator with batch norm: for those who know what they ask for.
    default Penalty despiteBatchNorm() {
        Penalty penalty = this;
        return new Penalty() {
            @Override public Tensor of(Layer discriminator, Tensor real, Tensor fake) {
                return penalty.of(discriminator, real, fake);
            }

            @Override public boolean lipschitz() {
                return penalty.lipschitz();
            }
        };
    }
}
