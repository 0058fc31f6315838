package gannet.gan.penalty;

import gannet.nn.Layer;
import gannet.tensor.Tensor;

/// R2: `γ/2 · E‖∇D(x̃)‖²` at fakes, a penalty of zero-centred slopes; Mescheder et al. 2018, §4.1, with γ = 10. As [R1], on
/// the other side. It bounds no slope elsewhere.
public record R2(double gamma) implements Penalty {
    public R2 {
        Slopes.requireWeight("R2", gamma);
    }

    /// γ = 10.
    public R2() {
        this(10);
    }

    @Override public Tensor of(Layer discriminator, Tensor real, Tensor fake) {
        return at(fake, discriminator.apply(fake));
    }

    @Override public Tensor of(Layer discriminator, Tensor real, Tensor fake, Tensor onReal, Tensor onFake) {
        return at(fake, onFake);
    }

    private Tensor at(Tensor x, Tensor s) {
        return Slopes.squared(s, x).mean().times(gamma / 2);
    }

    @Override public boolean perSample() {
        return true;
    }
}
