package gannet.gan.loss;

import gannet.tensor.Tensor;
import java.util.function.Supplier;

/// Relativistic average: D minimises `E f(s_real − E s_fake) + E f(E s_real − s_fake)`, each side against the other's mean, and G the same with the
/// sides swapped; Jolicoeur-Martineau 2018. By [Margin]: RaSGAN, RaLSGAN with targets ±1, RaHinge. D's outputs mean nothing but relative to the other
/// side's, so that mean is the threshold too.
public record RelativisticAverage(Margin margin) implements GanLoss {
    /// Logistic: RaSGAN.
    public RelativisticAverage() {
        this(Margin.LOGISTIC);
    }

    @Override public Tensor discriminator(Tensor real, Tensor fake) {
        return loss(real, fake);
    }

    @Override public Tensor generator(Supplier<Tensor> real, Tensor fake) {
        return loss(fake, real.get());
    }

    /// `above` shall lie above the mean of `below`, and the other way round.
    private Tensor loss(Tensor above, Tensor below) {
        return margin.loss(above.minus(below.mean())).plus(margin.loss(above.mean().minus(below)));
    }

    @Override public Threshold threshold() {
        return new Threshold.OtherMean();
    }

    @Override public String name() {
        return "relativistic-average" + margin.suffix;
    }
}
