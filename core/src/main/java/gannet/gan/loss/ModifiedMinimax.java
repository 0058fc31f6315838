package gannet.gan.loss;

import gannet.tensor.Functions;
import gannet.tensor.Tensor;
import java.util.function.Supplier;

/// Modified (non-saturating) minimax: D as in [Minimax]; G minimises `E softplus(−s_fake)` = −E log σ(s_fake), whose gradient is strong where D
/// wins; Goodfellow et al. 2014, §3.
public record ModifiedMinimax() implements GanLoss {
    @Override public Tensor discriminator(Tensor real, Tensor fake) {
        return new Minimax().discriminator(real, fake);
    }

    @Override public Tensor generator(Supplier<Tensor> real, Tensor fake) {
        return Functions.logisticLoss(-1, fake);
    }

    @Override public boolean probabilistic() {
        return true;
    }

    @Override public String name() {
        return "modified-minimax";
    }
}
