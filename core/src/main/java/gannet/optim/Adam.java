package gannet.optim;

import gannet.kernel.Comparison;
import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Adam: `m = β₁m + (1 − β₁)g`, `v = β₂v + (1 − β₂)g²`, `w = w − α · m̂ / (√v̂ + ε)`, `m̂ = m/(1 − β₁ᵗ)`, `v̂ = v/(1 − β₂ᵗ)`; Kingma & Ba 2015, Algorithm 1,
/// whose settings are [#PAPER]. GANs use [#DCGAN]'s.
public record Adam(double beta1, double beta2, double epsilon) implements Rule {
    /// β₁ 0.9, β₂ 0.999, ε 1e-8 (with learning rate 1e-3); Kingma & Ba 2015.
    public static final Adam PAPER = new Adam(0.9, 0.999, 1e-8);
    /// β₁ 0.5, β₂ 0.999, ε 1e-8 (with learning rate 2e-4); Radford et al. 2016, §4.
    public static final Adam DCGAN = new Adam(0.5, 0.999, 1e-8);
    /// β₁ 0, β₂ 0.9, ε 1e-8 (with learning rates 1e-4 for G and 4e-4 for D, two time scales as in Heusel et al. 2017); Zhang et al. 2019 (SAGAN), §4. They are those of
    /// WGAN-GP too (with learning rate 1e-4 for both); Gulrajani et al. 2017, Algorithm 1.
    public static final Adam SAGAN = new Adam(0, 0.9, 1e-8);

    public Adam {
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0))
            throw new IllegalArgumentException("adam with β₁ " + beta1 + ", β₂ " + beta2 + ", ε " + epsilon + "; needed: 0 ≤ β < 1 and ε > 0");
    }

    @Override public Memory begin(Kernels kernels, String name, int length) {
        return new Moments(this, kernels.allocate(length), kernels.allocate(length), counter(kernels, name + ".adam.complement1"), counter(kernels, name + ".adam.complement2"),
                kernels.allocate(1), kernels.allocate(1));
    }

    @Override public Iterate next(Iterate at, List<Tensor> gradients, Tensor rate) {
        List<Tensor> q = List.of(counted(at.counters().get(0), beta1), counted(at.counters().get(1), beta2));
        Tensor scale = Tensor.unrecorded(() -> rate.dividedBy(q.get(0))), correction2 = Tensor.unrecorded(() -> q.get(1).reciprocal());
        List<Tensor> w = new ArrayList<>(), m = new ArrayList<>(), v = new ArrayList<>();
        for (int i = 0; i < gradients.size(); i++) {
            Tensor g = gradients.get(i);
            m.add(at.slots().get(0).get(i).times(beta1).plus(g.times(1 - beta1)));
            v.add(at.slots().get(1).get(i).times(beta2).plus(g.square().times(1 - beta2)));
            w.add(at.weights().get(i).minus(m.get(i).times(scale).dividedBy(root(v.get(i).times(correction2)).plus(epsilon))));
        }
        return new Iterate(w, List.of(m, v), q);
    }

    /// `1 − βᵗ`, one step further.
    private static Tensor counted(Tensor q, double beta) {
        return Tensor.unrecorded(() -> q.times(beta).plus(1 - beta));
    }

    /// `√x`, with derivative 0 rather than ∞ at 0: a weight that never had a gradient has v̂ = 0.
    static Tensor root(Tensor x) {
        Tensor zero = Tensor.constant(x.kernels(), 0), one = Tensor.constant(x.kernels(), 1);
        return Tensor.select(Comparison.GREATER, x, zero, Tensor.select(Comparison.GREATER, x, zero, x, one).sqrt(), zero);
    }

    private static State.OfTensor counter(Kernels kernels, String name) {
        return new State.OfTensor(name, Tensor.of(kernels, Shape.of(), 0));
    }

    /// The two moments, `qᵢ = 1 − βᵢᵗ`, kept by `q ← βq + (1 − β)` from 0, which stays accurate in 32-bit floats where `1 − βᵗ` would not, and room for their
    /// reciprocals.
    private record Moments(Adam rule, Storage m, Storage v, State.OfTensor q1, State.OfTensor q2, Storage correction1, Storage correction2) implements Memory {
        @Override public void update(Storage g, Storage w, Tensor rate, Tensor flag) {
            Kernels k = w.kernels();
            k.adamCorrections(rule.beta1, rule.beta2, flag.data(), q1.tensor().data(), q2.tensor().data(), correction1, correction2);
            k.adam(rule.beta1, rule.beta2, rule.epsilon, rate.data(), correction1, correction2, flag.data(), g, w, m, v);
            for (Storage changed : List.of(q1.tensor().data(), q2.tensor().data(), w)) changed.changed();
        }

        @Override public List<Slot> slots() {
            return List.of(new Slot("adam.m", m), new Slot("adam.v", v));
        }

        @Override public List<State.OfTensor> counters() {
            return List.of(q1, q2);
        }
    }
}
