package gannet.gan.remedy;

import gannet.gan.Callback;
import gannet.kernel.Comparison;
import gannet.kernel.Kernels;
import gannet.nn.Layer;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.List;

/// Instance noise: D sees `x + σ_t · N(0, I)`, real and fake alike, in both turns, so that the two overlap and D's gradient does not vanish;
/// Arjovsky & Bottou 2017, §3; Sønderby et al. 2017, §4. It is both the layer for `Objective.seenThrough` and the callback that anneals σ.
///
/// With t the steps of G so far and T the length of the decay: linear `σ_t = σ₀ · (1 − t/T)`, exponential `σ_t = σ₀ · 0.01^{t/T}` (the papers give
/// no rate), constant `σ_t = σ₀`. From step T on an annealed σ is 0, to the bit. T is remembered with the rest: a resumed run decays as it began.
public final class InstanceNoise implements Layer, Callback {
    /// How σ comes down.
    public enum Decay { CONSTANT, LINEAR, EXPONENTIAL }

    /// What an exponential decay comes down to before it ends.
    private static final double LAST = 0.01;

    private final Randoms randoms;
    private final Decay decay;
    private final double start;
    private final State.OfTensor sigma, step, length;

    /// `sigma` at first, and in `steps` steps of G none.
    public InstanceNoise(Randoms randoms, double sigma, Decay decay, long steps) {
        if (!(sigma >= 0 && sigma < 1e18)) throw new IllegalArgumentException("instance noise of σ " + sigma + ": it must be at least 0 and finite");
        if (steps < 1) throw new IllegalArgumentException("instance noise that decays over " + steps + " steps: they must be at least 1");
        Kernels k = randoms.kernels();
        this.randoms = randoms;
        this.decay = decay;
        this.start = sigma;
        this.sigma = new State.OfTensor("instance-noise.sigma", Tensor.of(k, Shape.of(), sigma));
        this.step = new State.OfTensor("instance-noise.step", Tensor.of(k, Shape.of(), 0));
        this.length = new State.OfTensor("instance-noise.length", Tensor.of(k, Shape.of(), steps));
    }

    @Override public Tensor apply(Tensor x) {
        return x.plus(Tensor.unrecorded(() -> randoms.normal("instance noise", x.shape()).times(sigma.tensor())));
    }

    @Override public void stepped() {
        Tensor.unrecorded(() -> {
            step.tensor().assign(step.tensor().plus(1));
            sigma.tensor().assign(annealed());
            return sigma.tensor();
        });
    }

    private Tensor annealed() {
        Tensor t = step.tensor(), end = length.tensor(), gone = t.dividedBy(end), zero = Tensor.constant(t.kernels(), 0);
        Tensor left = switch (decay) {
            case CONSTANT -> Tensor.constant(t.kernels(), 1);
            case LINEAR -> Tensor.select(Comparison.GREATER_EQUAL, t, end, zero, gone.negate().plus(1));
            case EXPONENTIAL -> Tensor.select(Comparison.GREATER_EQUAL, t, end, zero, gone.times(Math.log(LAST)).exp());
        };
        return left.times(start);
    }

    /// σ now, one element.
    public Tensor sigma() {
        return sigma.tensor();
    }

    @Override public List<State> states() {
        return List.of(sigma, step, length);
    }
}
