package gannet.gan.penalty;

import gannet.nn.Layer;
import gannet.tensor.Tensor;

/// Drift: `weight · E D(x)²` at real samples, which holds a critic's outputs near 0, where a Wasserstein loss leaves their level open; Karras et al.
/// 2018, appendix A.1, with weight 0.001.
public record Drift(double weight) implements Penalty {
    public Drift {
        Slopes.requireWeight("drift", weight);
    }

    /// Weight 0.001.
    public Drift() {
        this(0.001);
    }

    @Override public Tensor of(Layer discriminator, Tensor real, Tensor fake) {
        return of(discriminator, real, fake, discriminator.apply(real), null);
    }

    @Override public Tensor of(Layer discriminator, Tensor real, Tensor fake, Tensor onReal, Tensor onFake) {
        return onReal.square().mean().times(weight);
    }
}
