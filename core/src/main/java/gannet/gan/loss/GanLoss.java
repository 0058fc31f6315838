package gannet.gan.loss;

import gannet.tensor.Tensor;
import java.util.function.Supplier;

/// A pair of losses over the discriminator's outputs (logits, `[n,1]`): what it minimises on a real and a fake batch, and what the generator minimises on a
/// fake one. Each gives one element, a mean over the batch.
///
/// What changes from step to step must be a tensor (a weight that is annealed, a schedule): where a device repeats a step by itself, the methods are not called
/// again.
public interface GanLoss {
    /// What the discriminator minimises.
    Tensor discriminator(Tensor real, Tensor fake);

    /// What the generator minimises. `real` gives the discriminator's outputs on a real batch, which only relativistic losses ask for.
    Tensor generator(Supplier<Tensor> real, Tensor fake);

    /// The output above which the discriminator takes a sample for real.
    default Threshold threshold() {
        return new Threshold.At(0);
    }

    /// Whether σ of D's output is its probability that a sample is real, which the logistic losses make of it.
    default boolean probabilistic() {
        return false;
    }

    /// Whether the discriminator must be kept Lipschitz (by clipping, a gradient penalty or spectral norm) for the loss to mean anything.
    default boolean needsLipschitz() {
        return false;
    }

    /// The name in configurations: `modified-minimax`.
    String name();
}
