package gannet.gan.remedy;

import gannet.gan.Callback;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.List;

/// Lets a one-element tensor, such as the γ of [gannet.gan.penalty.JsRegulariser], fall from what it is as `value(t) = start · α^(t/T)`, t being the
/// steps done; Roth et al. 2017, whose code has α = 0.01, [#ROTH]. T is remembered with the rest: a resumed run falls as it began.
public final class Annealing implements Callback {
    /// The α of Roth et al.'s code.
    public static final double ROTH = 0.01;

    private final State.OfTensor value, step, length;
    private final double start, factor;

    /// `name` is what its states are called by; `factor` is α, the share of the start that is left after `steps`, T.
    public Annealing(String name, Tensor value, double factor, long steps) {
        if (value.shape().count() != 1)
            throw new IllegalArgumentException("annealing '" + name + "': the value is " + value.shape() + "; it must have one element");
        if (!(factor > 0 && factor <= 1) || steps < 1)
            throw new IllegalArgumentException("annealing '" + name + "' to " + factor + " of its start in " + steps
                    + " steps; needed: above 0 and at most 1, in at least 1 step");
        this.value = new State.OfTensor(name + ".value", value);
        this.step = new State.OfTensor(name + ".step", Tensor.of(value.kernels(), Shape.of(), 0));
        this.length = new State.OfTensor(name + ".length", Tensor.of(value.kernels(), Shape.of(), steps));
        this.start = value.item();
        this.factor = factor;
    }

    @Override public void stepped() {
        Tensor.unrecorded(() -> {
            Tensor t = step.tensor().plus(1);
            step.tensor().assign(t);
            value.tensor().assign(t.dividedBy(length.tensor()).times(Math.log(factor)).exp().times(start).reshape(value.shape().sizes()));
            return t;
        });
    }

    @Override public List<State> states() {
        return List.of(value, step, length);
    }
}
