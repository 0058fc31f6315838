package gannet.gan.loss;

import gannet.tensor.Functions;
import gannet.tensor.Tensor;
import java.util.function.Supplier;

/// Minimax: D minimises `E softplus(−s_real) + E softplus(s_fake)`, that is −E log σ(s_real) − E log(1 − σ(s_fake)), and G minimises
/// `−E softplus(s_fake)`, the same value; Goodfellow et al. 2014, eq. 1. Its authors advise against it for G (§3): where D wins, G's gradient
/// vanishes.
public record Minimax() implements GanLoss {
    @Override public Tensor discriminator(Tensor real, Tensor fake) {
        return Functions.logisticLoss(-1, real).plus(Functions.logisticLoss(1, fake));
    }

    @Override public Tensor generator(Supplier<Tensor> real, Tensor fake) {
        return Functions.logisticLoss(1, fake).negate();
    }

    @Override public boolean probabilistic() {
        return true;
    }

    @Override public String name() {
        return "minimax";
    }
}
