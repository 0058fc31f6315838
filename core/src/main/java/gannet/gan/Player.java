package gannet.gan;

import gannet.nn.Weights;
import gannet.optim.Optimizer;
import gannet.optim.Rule;

/// A network and its optimiser.
public record Player(Weights<?> network, Optimizer optimizer) {
    public Player {
        if (optimizer.network() != network)
            throw new IllegalArgumentException("network '" + network.name() + "' with the optimiser of network '" + optimizer.network().name() + "'");
    }

    /// A network trained by `rule` at learning rate `rate`.
    public static Player of(Weights<?> network, Rule rule, double rate) {
        return new Player(network, new Optimizer(network, rule, rate));
    }
}
