package gannet.gan.loss;

import gannet.tensor.Tensor;
import java.util.function.Supplier;

/// Relativistic: D minimises `E f(s_real − s_fake)` over pairs, row by row, and G the same with the sides swapped, `E f(s_fake − s_real)`;
/// Jolicoeur-Martineau 2018, whose author prefers [RelativisticAverage], which compares each sample with more than one other.
public record Relativistic(Margin margin) implements GanLoss {
    /// Logistic: RSGAN.
    public Relativistic() {
        this(Margin.LOGISTIC);
    }

    @Override public Tensor discriminator(Tensor real, Tensor fake) {
        return margin.loss(difference(real, fake));
    }

    @Override public Tensor generator(Supplier<Tensor> real, Tensor fake) {
        return margin.loss(difference(fake, real.get()));
    }

    private Tensor difference(Tensor a, Tensor b) {
        if (!a.shape().equals(b.shape()))
            throw new IllegalArgumentException("loss '" + name() + "' compares real and fake outputs in pairs, not "
                    + a.shape() + " with " + b.shape() + "; give batches of one size");
        return a.minus(b);
    }

    @Override public Threshold threshold() {
        return new Threshold.OtherMean();
    }

    @Override public String name() {
        return "relativistic" + margin.suffix;
    }
}
