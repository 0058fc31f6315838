package gannet.gan;

import gannet.kernel.Comparison;
import gannet.kernel.Kernels;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;

/// The last step's figures, kept where the kernels run and read only for a report.
public final class Meter {
    private final Tensor discriminatorLoss, generatorLoss, realAccuracy, fakeAccuracy, gap;
    private final double threshold;

    Meter(Kernels kernels, double threshold) {
        this.threshold = threshold;
        discriminatorLoss = Tensor.of(kernels, Shape.of(), 0);
        generatorLoss = Tensor.of(kernels, Shape.of(), 0);
        realAccuracy = Tensor.of(kernels, Shape.of(), 0);
        fakeAccuracy = Tensor.of(kernels, Shape.of(), 0);
        gap = Tensor.of(kernels, Shape.of(), 0);
    }

    /// Notes D's loss and, where it classifies, how many of each batch it took for what they are, else how far it holds the two apart.
    void discriminator(Tensor loss, Tensor real, Tensor fake) {
        Tensor.unrecorded(() -> {
            discriminatorLoss.assign(loss);
            if (Double.isNaN(threshold)) {
                gap.assign(real.mean().minus(fake.mean()));
                return loss;
            }
            Tensor limit = Tensor.constant(loss.kernels(), threshold), zero = Tensor.constant(loss.kernels(), 0), one = Tensor.constant(loss.kernels(), 1);
            realAccuracy.assign(Tensor.select(Comparison.GREATER, real, limit, one, zero).mean());
            fakeAccuracy.assign(Tensor.select(Comparison.GREATER, fake, limit, zero, one).mean());
            return loss;
        });
    }

    void generator(Tensor loss) {
        generatorLoss.assign(loss);
    }

    /// D's loss in its last step.
    public double discriminatorLoss() {
        return discriminatorLoss.item();
    }

    /// G's loss in its last step.
    public double generatorLoss() {
        return generatorLoss.item();
    }

    /// The share of real samples that D took for real; NaN for a critic.
    public double realAccuracy() {
        return Double.isNaN(threshold) ? Double.NaN : realAccuracy.item();
    }

    /// The share of fakes that D took for fakes; NaN for a critic.
    public double fakeAccuracy() {
        return Double.isNaN(threshold) ? Double.NaN : fakeAccuracy.item();
    }

    /// A critic's mean on real samples less its mean on fakes, the Wasserstein distance that it estimates; NaN where D classifies.
    public double criticGap() {
        return Double.isNaN(threshold) ? gap.item() : Double.NaN;
    }
}
