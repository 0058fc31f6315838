package gannet.gan.loss;

import gannet.tensor.Tensor;
import java.util.function.Supplier;

/// Hinge: D minimises `E max(0, 1 − s_real) + E max(0, 1 + s_fake)`, G minimises `−E s_fake`; Lim & Ye 2017; Miyato et al. 2018. A sample
/// beyond its margin no longer moves D. Its authors use it with spectral norm in D.
public record Hinge() implements GanLoss {
    @Override public Tensor discriminator(Tensor real, Tensor fake) {
        return real.negate().plus(1).relu().mean().plus(fake.plus(1).relu().mean());
    }

    @Override public Tensor generator(Supplier<Tensor> real, Tensor fake) {
        return fake.mean().negate();
    }

    @Override public String name() {
        return "hinge";
    }
}
