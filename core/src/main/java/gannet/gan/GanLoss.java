package gannet.gan;

import gannet.tensor.Tensor;

/// A pair of losses over the discriminator's outputs (logits, `[n,1]`): what it minimises on a real and a fake batch, and what the generator
/// minimises on a fake one. Each gives one element, a mean over the batch.
public interface GanLoss {
    /// What the discriminator minimises.
    Tensor discriminator(Tensor real, Tensor fake);

    /// What the generator minimises.
    Tensor generator(Tensor fake);

    /// The output above which the discriminator takes an image for real, for its accuracy; NaN where there is none (a critic).
    default double threshold() {
        return 0;
    }

    /// Whether the discriminator must be kept Lipschitz (by clipping or a penalty) for the loss to mean anything.
    default boolean needsLipschitz() {
        return false;
    }

    /// The name in configurations: `modified-minimax`.
    String name();
}
