package gannet.optim;

import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// RMSProp: `v = decay · v + (1 − decay)g²`, `w = w − α · g / (√v + ε)`; Tieleman & Hinton 2012, lecture 6.5, with its decay 0.9 in [#LECTURE]; ε, which the
/// lecture doesn't give, is PyTorch's 1e-8.
public record RmsProp(double decay, double epsilon) implements Rule {
    public static final RmsProp LECTURE = new RmsProp(0.9, 1e-8);
    /// The decay 0.99 that PyTorch's RMSprop defaults to and the WGAN authors' code therefore used (with learning rate 5e-5; Arjovsky et al. 2017, Algorithm 1).
    public static final RmsProp WGAN = new RmsProp(0.99, 1e-8);

    public RmsProp {
        if (!(decay >= 0 && decay < 1 && epsilon > 0))
            throw new IllegalArgumentException("rmsprop with decay " + decay + ", ε " + epsilon + "; needed: 0 ≤ decay < 1 and ε > 0");
    }

    @Override public Memory begin(Kernels kernels, String name, int length) {
        return new Squares(this, kernels.allocate(length));
    }

    @Override public Iterate next(Iterate at, List<Tensor> gradients, Tensor rate) {
        List<Tensor> w = new ArrayList<>(), v = new ArrayList<>();
        for (int i = 0; i < gradients.size(); i++) {
            Tensor g = gradients.get(i);
            v.add(at.slots().getFirst().get(i).times(decay).plus(g.square().times(1 - decay)));
            w.add(at.weights().get(i).minus(g.times(rate).dividedBy(Adam.root(v.get(i)).plus(epsilon))));
        }
        return new Iterate(w, List.of(v), List.of());
    }

    private record Squares(RmsProp rule, Storage v) implements Memory {
        @Override public void update(Storage g, Storage w, Tensor rate, Tensor flag) {
            w.kernels().rmsProp(rule.decay, rule.epsilon, rate.data(), flag.data(), g, w, v);
            w.changed();
        }

        @Override public List<Slot> slots() {
            return List.of(new Slot("rmsprop.v", v));
        }

        @Override public List<State.OfTensor> counters() {
            return List.of();
        }
    }
}
