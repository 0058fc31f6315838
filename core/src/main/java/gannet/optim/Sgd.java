package gannet.optim;

import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Stochastic gradient descent with momentum μ (0: without): `b = μb + g`, `w = w − α·b`; Sutskever et al. 2013, §2, with the rate outside of b as
/// PyTorch has it.
public record Sgd(double momentum) implements Rule {
    public Sgd {
        if (!(momentum >= 0 && momentum < 1)) throw new IllegalArgumentException("sgd with momentum " + momentum + "; needed: 0 ≤ momentum < 1");
    }

    @Override public Memory begin(Kernels kernels, String name, int length) {
        return new Velocity(this, kernels.allocate(length));
    }

    @Override public Iterate next(Iterate at, List<Tensor> gradients, Tensor rate) {
        List<Tensor> w = new ArrayList<>(), b = new ArrayList<>();
        for (int i = 0; i < gradients.size(); i++) {
            b.add(at.slots().getFirst().get(i).times(momentum).plus(gradients.get(i)));
            w.add(at.weights().get(i).minus(b.get(i).times(rate)));
        }
        return new Iterate(w, List.of(b), List.of());
    }

    private record Velocity(Sgd rule, Storage b) implements Memory {
        @Override public void update(Storage g, Storage w, Tensor rate, Tensor flag) {
            w.kernels().momentum(rule.momentum, rate.data(), flag.data(), g, w, b);
            w.changed();
        }

        @Override public List<Slot> slots() {
            return List.of(new Slot("sgd.b", b));
        }

        @Override public List<State.OfTensor> counters() {
            return List.of();
        }
    }
}
