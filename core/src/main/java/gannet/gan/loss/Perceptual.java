package gannet.gan.loss;

import gannet.nn.Layer;
import gannet.tensor.Tensor;

/// Perceptual distance: `1/(w·h) · Σ ‖φ(y) − φ(G(x))‖²` over the places of φ's `[n,h,w,c]`, the mean of a batch, φ being a layer of a fixed classifier; Ledig et al.
/// 2017, eq. 5, which divides by the number of places only, so that a place's channels are summed. There it weighs 1 beside 10⁻³ of the adversarial loss, with VGG's
/// features divided by 12.75; features of another scale need another ratio. `features` must record, as a network's own `infer` does not: give its part's.
public record Perceptual(Layer features) {
    /// Of targets and what was generated for them, row by row.
    public Tensor of(Tensor target, Tensor generated) {
        Tensor wanted = Tensor.unrecorded(() -> features.apply(target));
        Tensor made = features.apply(generated);
        return Distances.square(made, wanted).times(made.shape().size(-1));
    }
}
