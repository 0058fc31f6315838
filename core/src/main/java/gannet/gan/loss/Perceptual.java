package gannet.gan.loss;

import gannet.nn.Layer;
import gannet.tensor.Tensor;

/// Perceptual distance: `E (φ(y) − φ(G(x)))²` over a batch and all features, φ being a layer of a fixed classifier; Ledig et al. 2017, eq. 5, whose
/// weight beside 10⁻³ of the adversarial loss is 1. `features` must record, as a network's own `infer` does not: give its part's.
public record Perceptual(Layer features) {
    /// Of targets and what was generated for them, row by row.
    public Tensor of(Tensor target, Tensor generated) {
        Tensor wanted = Tensor.unrecorded(() -> features.apply(target));
        return Distances.square(features.apply(generated), wanted);
    }
}
