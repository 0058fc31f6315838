package gannet.gan.penalty;

import gannet.nn.Layer;
import gannet.tensor.Randoms;
import gannet.tensor.Tensor;

/// WGAN-GP: `weight · E(‖∇D(x̂)‖₂ / target − 1)²` at `x̂ = ε·x + (1 − ε)·x̃`, ε uniform for each sample; Gulrajani et al. 2017, Algorithm 1, with
/// weight 10 (0.1 for toy data) and target 1; other targets as Karras et al. 2018 have for CIFAR-10. One-sided, only slopes above the target
/// count: Gulrajani et al. §4 found that no better, Petzka et al. 2018 do and say why.
public record GradientPenalty(double weight, double target, boolean oneSided, Randoms randoms) implements Penalty {
    public GradientPenalty {
        Slopes.requireWeight("gradient penalty", weight);
        if (!(target > 0 && target < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException("gradient penalty: the target slope " + target + " must be above 0; the paper's is 1");
    }

    /// Two-sided, towards 1.
    public GradientPenalty(double weight, Randoms randoms) {
        this(weight, 1, false, randoms);
    }

    @Override public Tensor of(Layer discriminator, Tensor real, Tensor fake) {
        if (!real.shape().equals(fake.shape()))
            throw new IllegalArgumentException("gradient penalty between a real batch " + real.shape() + " and a fake one " + fake.shape()
                    + "; they must be alike");
        Tensor mix = randoms.uniform("gradient penalty", real.shape().perSample());
        Tensor between = fake.plus(real.minus(fake).times(mix)); // recorded: an unrolled step follows the fakes through it
        Tensor excess = Slopes.at(discriminator, between).times(1 / target).plus(-1);
        return (oneSided ? excess.relu() : excess).square().mean().times(weight);
    }

    @Override public boolean perSample() {
        return true;
    }

    @Override public boolean lipschitz() {
        return weight > 0;
    }
}
