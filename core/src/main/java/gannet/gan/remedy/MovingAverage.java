package gannet.gan.remedy;

import gannet.gan.Callback;
import gannet.kernel.Storage;
import gannet.nn.Conditional;
import gannet.nn.Weights;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// An exponential moving average of a network's weights, to sample from in its place: `shadow ← β·shadow + (1 − β)·w` after each step, from the weights
/// as they start; Karras et al. 2018, §A; Yazıcı et al. 2019. Training never reads it.
public final class MovingAverage implements Callback {
    /// 0.999, Karras et al. 2018.
    public static final double KARRAS = 0.999;
    /// 0.9999, Yazıcı et al. 2019, for runs of hundreds of thousands of steps: it looks back over 10,000.
    public static final double YAZICI = 0.9999;

    private final Weights<?> network;
    private final double beta;
    private final Tensor weights, shadow;
    private final List<Tensor> slices;

    public MovingAverage(Weights<?> network, double beta) {
        if (!(beta >= 0 && beta < 1)) throw new IllegalArgumentException("moving average of network '" + network.name() + "' with β " + beta + "; needed: 0 ≤ β < 1");
        Shape all = Shape.of(network.storage().length());
        Storage mirror = network.kernels().allocate(all.count());
        this.network = network;
        this.beta = beta;
        this.weights = Tensor.leaf(all, network.storage());
        this.shadow = Tensor.leaf(all, mirror);
        this.slices = network.slices(mirror);
        shadow.assign(weights);
    }

    @Override public void stepped() {
        Tensor.unrecorded(() -> {
            shadow.assign(shadow.times(beta).plus(weights.times(1 - beta)));
            return shadow;
        });
    }

    /// The network at the averaged weights. Running statistics are the live network's.
    public Conditional averaged() {
        return network.given(slices);
    }

    /// The averaged weights, in the order of the network's.
    public List<Tensor> slices() {
        return List.copyOf(slices);
    }

    @Override public List<State> states() {
        List<State> states = new ArrayList<>();
        for (int i = 0; i < slices.size(); i++) states.add(new State.OfTensor(network.weights().get(i).origin() + ".average", slices.get(i)));
        return states;
    }
}
