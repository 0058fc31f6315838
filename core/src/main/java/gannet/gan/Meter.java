package gannet.gan;

import gannet.gan.loss.Threshold;
import gannet.kernel.Comparison;
import gannet.kernel.Kernels;
import gannet.kernel.Unary;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;

/// The figures of the last step, or of a look, kept where the kernels run and read only for a report.
public final class Meter {
    private final Tensor discriminatorLoss, generatorLoss, realAccuracy, fakeAccuracy, gap;
    private final Tensor zero, one, limit;
    private final Threshold threshold;

    Meter(Kernels kernels, Threshold threshold) {
        this.threshold = threshold;
        discriminatorLoss = Tensor.of(kernels, Shape.of(), 0);
        generatorLoss = Tensor.of(kernels, Shape.of(), 0);
        realAccuracy = Tensor.of(kernels, Shape.of(), 0);
        fakeAccuracy = Tensor.of(kernels, Shape.of(), 0);
        gap = Tensor.of(kernels, Shape.of(), 0);
        zero = Tensor.of(kernels, Shape.of(), 0);
        one = Tensor.of(kernels, Shape.of(), 1);
        limit = Tensor.of(kernels, Shape.of(), threshold instanceof Threshold.At(double output) ? output : 0);
    }

    /// Notes D's loss and, where it classifies, how many of each batch it took for what they are, else how far it holds the two apart.
    void discriminator(Judgement j) {
        Tensor.unrecorded(() -> {
            discriminatorLoss.assign(j.loss());
            switch (threshold) {
                case Threshold.None _ -> gap.assign(j.real().mean().minus(j.fake().mean()));
                case Threshold.At _ -> accuracies(j, limit, limit);
                case Threshold.OtherMean _ -> accuracies(j, j.fake().mean(), j.real().mean());
            }
            return j.loss();
        });
    }

    private void accuracies(Judgement j, Tensor realAbove, Tensor fakeBelow) {
        mean(Tensor.select(Comparison.GREATER, j.real(), realAbove, one, zero), realAccuracy);
        mean(Tensor.select(Comparison.GREATER, j.fake(), fakeBelow, zero, one), fakeAccuracy);
    }

    private static void mean(Tensor x, Tensor to) {
        to.kernels().map(new Unary.Affine(1.0 / x.shape().count(), 0), x.sum().data(), to.data());
    }

    private boolean critic() {
        return threshold instanceof Threshold.None;
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
        return critic() ? Double.NaN : realAccuracy.item();
    }

    /// The share of fakes that D took for fakes; NaN for a critic.
    public double fakeAccuracy() {
        return critic() ? Double.NaN : fakeAccuracy.item();
    }

    /// A critic's mean on real samples less its mean on fakes, the Wasserstein distance that it estimates; NaN where D classifies.
    public double criticGap() {
        return critic() ? gap.item() : Double.NaN;
    }
}
