package gannet.gan.penalty;

import gannet.nn.Layer;
import gannet.tensor.Gradients;
import gannet.tensor.Randoms;
import gannet.tensor.Tensor;

/// WGAN-GP: `weight · E(‖∇D(x̂)‖₂ − 1)²` at `x̂ = ε·x + (1 − ε)·x̃`, ε uniform for each sample; Gulrajani et al. 2017, Algorithm 1, with weight 10.
public record GradientPenalty(double weight, Randoms randoms) implements Penalty {
    /// Inside the root, so that a zero gradient has a finite slope.
    private static final double EPSILON = 1e-12;

    @Override public Tensor of(Layer discriminator, Tensor real, Tensor fake) {
        if (!real.shape().equals(fake.shape()))
            throw new IllegalArgumentException("gradient penalty between a real batch " + real.shape() + " and a fake one " + fake.shape() + "; they must be alike");
        Tensor mix = randoms.uniform("gradient penalty", real.shape().perSample());
        Tensor between = Tensor.unrecorded(() -> fake.plus(real.minus(fake).times(mix)));
        Tensor gradient = Gradients.differentiable(discriminator.apply(between).sum(), between).reshape(real.shape().size(0), -1);
        return gradient.square().sum(1, 2).plus(EPSILON).sqrt().plus(-1).square().mean().times(weight);
    }

    @Override public boolean perSample() {
        return true;
    }

    @Override public boolean lipschitz() {
        return true;
    }
}
