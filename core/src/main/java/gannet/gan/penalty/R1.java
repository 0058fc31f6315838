package gannet.gan.penalty;

import gannet.nn.Layer;
import gannet.tensor.Tensor;

/// R1: `γ/2 · E‖∇D(x)‖²` at real samples, a penalty of zero-centred slopes; Mescheder et al. 2018, §4.1, with γ = 10. Converges
/// where plain and Wasserstein GANs circle. It bounds no slope elsewhere.
public record R1(double gamma) implements Penalty {
    public R1 {
        Slopes.requireWeight("R1", gamma);
    }

    /// γ = 10.
    public R1() {
        this(10);
    }

    @Override public Tensor of(Layer discriminator, Tensor real, Tensor fake) {
        return at(real, discriminator.apply(real));
    }

    @Override public Tensor of(Layer discriminator, Tensor real, Tensor fake, Tensor onReal, Tensor onFake) {
        return at(real, onReal);
    }

    private Tensor at(Tensor x, Tensor s) {
        return Slopes.squared(s, x).mean().times(gamma / 2);
    }

    @Override public boolean perSample() {
        return true;
    }
}
