package gannet.gan.loss;

import gannet.nn.Layer;
import gannet.tensor.Tensor;

/// Feature matching: G minimises `‖E f(x) − E f(G(z))‖²`, f(x) being what a layer within D makes of x; Salimans et al. 2016, §3.1. The means are over
/// the batch, the norm over all features.
public record FeatureMatching(Layer features) {
    /// Of a real and a fake batch `[n,…]`.
    public Tensor of(Tensor real, Tensor fake) {
        Tensor target = Tensor.unrecorded(() -> features.apply(real).mean(0, 1));
        return features.apply(fake).mean(0, 1).minus(target).square().sum();
    }
}
