package gannet.optim;

import gannet.kernel.Comparison;
import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.List;

/// Adam: `m = β₁m + (1 − β₁)g`, `v = β₂v + (1 − β₂)g²`, `w = w − α · m̂ / (√v̂ + ε)`, `m̂ = m/(1 − β₁ᵗ)`, `v̂ = v/(1 − β₂ᵗ)`; Kingma & Ba 2015, Algorithm 1,
/// whose settings are [#PAPER]. GANs use [#DCGAN]'s.
public record Adam(double beta1, double beta2, double epsilon) implements Rule {
    /// β₁ 0.9, β₂ 0.999, ε 1e-8 (with learning rate 1e-3); Kingma & Ba 2015.
    public static final Adam PAPER = new Adam(0.9, 0.999, 1e-8);
    /// β₁ 0.5, β₂ 0.999, ε 1e-8 (with learning rate 2e-4); Radford et al. 2016, §4.
    public static final Adam DCGAN = new Adam(0.5, 0.999, 1e-8);

    public Adam {
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0))
            throw new IllegalArgumentException("adam with β₁ " + beta1 + ", β₂ " + beta2 + ", ε " + epsilon + "; needed: 0 ≤ β < 1 and ε > 0");
    }

    @Override public Memory begin(Kernels kernels, String name, int length) {
        return new Moments(this, kernels.allocate(length), kernels.allocate(length), counter(kernels, name + ".adam.complement1"), counter(kernels, name + ".adam.complement2"));
    }

    private static State.OfTensor counter(Kernels kernels, String name) {
        return new State.OfTensor(name, Tensor.of(kernels, Shape.of(), 0));
    }

    /// The two moments, and `qᵢ = 1 − βᵢᵗ`, kept by `q ← βq + (1 − β)` from 0, which stays accurate in 32-bit floats where `1 − βᵗ` would not.
    private record Moments(Adam rule, Storage m, Storage v, State.OfTensor q1, State.OfTensor q2) implements Memory {
        @Override public void update(Storage g, Storage w, Tensor rate, Tensor flag) {
            Tensor.unrecorded(() -> {
                Tensor correction1 = advance(q1.tensor(), rule.beta1, flag), correction2 = advance(q2.tensor(), rule.beta2, flag);
                w.kernels().adam(rule.beta1, rule.beta2, rule.epsilon, rate.data(), correction1.data(), correction2.data(), flag.data(), g, w, m, v);
                return rate;
            });
            w.changed();
        }

        /// Counts the step unless it is refused; gives `1/(1 − βᵗ)`.
        private static Tensor advance(Tensor q, double beta, Tensor flag) {
            Tensor next = q.times(beta).plus(1 - beta); // its reciprocal is finite even where a refused first step leaves q at 0
            q.assign(Tensor.select(Comparison.GREATER, flag, Tensor.constant(q.kernels(), 0), q, next));
            return next.reciprocal();
        }

        @Override public List<Slot> slots() {
            return List.of(new Slot("adam.m", m), new Slot("adam.v", v));
        }

        @Override public List<State> counters() {
            return List.of(q1, q2);
        }
    }
}
