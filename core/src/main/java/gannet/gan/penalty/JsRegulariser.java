package gannet.gan.penalty;

import gannet.gan.loss.GanLoss;
import gannet.kernel.Kernels;
import gannet.nn.Layer;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;

/// The Jensen-Shannon regulariser: `γ/2 · (E (1 − σ(s))²‖∇s‖² at real samples + E σ(s)²‖∇s‖² at fakes)`, to first order the effect of noise of
/// variance γ on both sides; Roth et al. 2017. γ has one element: [Annealing][gannet.gan.remedy.Annealing] makes it `γ₀·α^(t/T)`. The authors'
/// code starts at 0.1, the default, and where it anneals it has α = 0.01. For the logistic losses, whose σ(s) is a probability.
public record JsRegulariser(Tensor gamma) implements Penalty {
    public JsRegulariser {
        if (gamma.shape().count() != 1) throw new IllegalArgumentException("Roth's regulariser: γ is " + gamma.shape() + "; it must have one element");
    }

    /// γ as given, until it is annealed.
    public static JsRegulariser of(Kernels kernels, double gamma) {
        return new JsRegulariser(Tensor.of(kernels, Shape.of(), Slopes.requireWeight("Roth's regulariser", gamma)));
    }

    @Override public Tensor of(Layer discriminator, Tensor real, Tensor fake) {
        return of(discriminator, real, fake, discriminator.apply(real), discriminator.apply(fake));
    }

    @Override public Tensor of(Layer discriminator, Tensor real, Tensor fake, Tensor onReal, Tensor onFake) {
        Tensor atReal = onReal.negate().sigmoid().square().times(Slopes.squared(onReal, real)).mean(); // 1 − σ(s) = σ(−s)
        Tensor atFake = onFake.sigmoid().square().times(Slopes.squared(onFake, fake)).mean();
        return atReal.plus(atFake).times(0.5).times(gamma).sum();
    }

    @Override public boolean perSample() {
        return true;
    }

    @Override public void requireLoss(GanLoss loss) {
        requireProbabilities(loss);
    }

    static void requireProbabilities(GanLoss loss) {
        if (!loss.probabilistic())
            throw new IllegalArgumentException("penalty 'roth' is defined for D's probabilities, which loss '" + loss.name()
                    + "' has none of; choose penalty r1, or loss minimax or modified-minimax");
    }
}
