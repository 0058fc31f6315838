package gannet.gan;

import gannet.gan.penalty.Penalty;
import gannet.tensor.Tensor;
import java.util.List;

/// Why a turn is likely to have diverged, and what to do: read off the batches, the weights and the settings once the run has stopped.
final class LikelyCause {
    /// Data beyond this was never scaled: images are in −1…1.
    private static final double UNSCALED = 1e3;
    /// Weights start at 0.02 to 1; beyond this they have run away.
    private static final double RUNAWAY = 1e3;

    private LikelyCause() {}

    static String of(Player player, Player generator, Player discriminator, Objective objective, List<Batch> drawn) {
        Player opponent = player == generator ? discriminator : generator;
        for (Batch x : drawn) {
            double extreme = extreme(x.x());
            if (!(Math.abs(extreme) <= UNSCALED)) return "the data: the real batch " + x.x().shape() + " holds " + extreme + "; look at its source, and scale it to −1…1";
        }
        double rate = player.optimizer().rate().item();
        if (!(Math.abs(rate) <= Double.MAX_VALUE)) return "the learning rate, which is " + rate + ": look at its schedule";
        if (objective.loss().name().endsWith("-unconstrained") && objective.penalties().stream().noneMatch(Penalty::lipschitz))
            return "a critic without a Lipschitz device, whose outputs grow without bound: clip its weights, or add a gradient penalty or spectral norm";
        for (Player each : List.of(player, opponent)) {
            double weight = 0;
            for (Tensor w : each.network().weights()) weight = Math.max(weight, Math.abs(extreme(w)));
            if (weight > RUNAWAY)
                return "the learning rate " + each.optimizer().rate().item() + " of network '" + each.network().name() + "', too high: its weights have grown to " + weight + "; try a tenth of it";
        }
        if (!objective.penalties().isEmpty() && player.network() == discriminator.network())
            return "the learning rate " + rate + " or a penalty's weight, too high for this network; or what it was given (the other network, a custom layer)";
        return "the learning rate " + rate + ", too high for this network; or what it was given (the prior, the other network, a custom layer)";
    }

    /// The element farthest from 0; NaN if there is one.
    private static double extreme(Tensor x) {
        double extreme = 0;
        for (double v : x.toArray()) {
            if (Double.isNaN(v)) return v;
            if (Math.abs(v) > Math.abs(extreme)) extreme = v;
        }
        return extreme;
    }
}
