package gannet.gan.loss;

import gannet.tensor.Tensor;
import java.util.function.Supplier;

/// Wasserstein: the critic minimises `E s_fake − E s_real`, G minimises `−E s_fake`; Arjovsky et al. 2017, Algorithm 1, with weights clipped to
/// ±0.01, RMSProp at 5e-5 and five critic steps. Its authors call clipping "a clearly terrible way" to keep a critic Lipschitz; a gradient penalty is
/// the better one. Without a Lipschitz device the critic's value has no bound, so the trainer refuses that unless it is `unconstrained` by name.
public record Wasserstein(boolean unconstrained) implements GanLoss {
    public Wasserstein() {
        this(false);
    }

    @Override public Tensor discriminator(Tensor real, Tensor fake) {
        return fake.mean().minus(real.mean());
    }

    @Override public Tensor generator(Supplier<Tensor> real, Tensor fake) {
        return fake.mean().negate();
    }

    @Override public Threshold threshold() {
        return new Threshold.None();
    }

    @Override public boolean needsLipschitz() {
        return !unconstrained;
    }

    @Override public String name() {
        return unconstrained ? "wasserstein-unconstrained" : "wasserstein";
    }
}
