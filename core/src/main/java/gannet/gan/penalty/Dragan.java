package gannet.gan.penalty;

import gannet.nn.Layer;
import gannet.tensor.Randoms;
import gannet.tensor.Tensor;

/// DRAGAN: `weight · E(‖∇D(x + δ)‖₂ − 1)²`, `δ ~ N(0, c·I)` around real samples, the norm over a whole sample; Kodali et al. 2017, Algorithm 1, with
/// weight 10. `spread` is √c in standard deviations of the batch's elements, ½ as in the authors' code, whose noise, other than the paper's, is
/// one-sided. The slope is bounded near the data only.
public record Dragan(double weight, double spread, Randoms randoms) implements Penalty {
    public Dragan {
        Slopes.requireWeight("DRAGAN", weight);
        if (!(spread > 0 && spread < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException("DRAGAN: the noise's spread " + spread + " must be above 0; the authors' is 0.5");
    }

    /// Spread ½.
    public Dragan(double weight, Randoms randoms) {
        this(weight, 0.5, randoms);
    }

    @Override public Tensor of(Layer discriminator, Tensor real, Tensor fake) {
        Tensor noise = randoms.normal("dragan", real.shape());
        Tensor around = Tensor.unrecorded(() -> {
            Tensor deviation = real.minus(real.mean()).square().mean().sqrt();
            return real.plus(noise.times(deviation).times(spread));
        });
        return Slopes.at(discriminator, around).plus(-1).square().mean().times(weight);
    }

    @Override public boolean perSample() {
        return true;
    }
}
