package gannet.gan.remedy;

import gannet.gan.Callback;
import gannet.optim.Optimizer;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.List;

/// The learning rate of step t (from 0) as a share of the optimiser's initial one. `procedure.with(new Schedule(optimizer, Schedule.cosine(20_000)))`
public final class Schedule implements Callback {
    /// Which share of the initial learning rate is left.
    @FunctionalInterface
    public interface Decay {
        /// The share after `t` steps, both of one element.
        Tensor share(Tensor t);
    }

    private final Optimizer optimizer;
    private final Decay decay;
    private final State.OfTensor step;

    /// From the optimiser's initial learning rate, one step for each of G's.
    public Schedule(Optimizer optimizer, Decay decay) {
        this.optimizer = optimizer;
        this.decay = decay;
        this.step = new State.OfTensor(optimizer.network().name() + ".schedule.step", Tensor.of(optimizer.network().kernels(), Shape.of(), 0));
        follow();
    }

    /// The initial rate throughout.
    public static Decay constant() {
        return t -> Tensor.full(t.kernels(), t.shape(), 1);
    }

    /// Constant for `from` steps, then `1 − (t − from)/steps`, and 0 from then on. Zhu et al. 2017 (CycleGAN), §4: the second half of training.
    public static Decay linear(double from, double steps) {
        require(from >= 0 && steps > 0, "linear decay from step " + from + " over " + steps + " steps; needed: from step 0 or later, over more than 0");
        return t -> t.plus(-from).times(-1 / steps).plus(1).clamp(0, 1);
    }

    /// `factor^(t/steps)`
    public static Decay exponential(double factor, double steps) {
        require(factor > 0 && factor <= 1 && steps > 0, "exponential decay to " + factor + " in every " + steps + " steps; needed: above 0 and at most 1, in more than 0 steps");
        return t -> t.times(Math.log(factor) / steps).exp();
    }

    /// `½(1 + cos(π·t/steps))`, and 0 from then on; Loshchilov & Hutter 2017, equation 5, without restarts.
    public static Decay cosine(double steps) {
        require(steps > 0, "cosine decay over " + steps + " steps; needed: more than 0");
        return t -> t.times(1 / steps).clamp(0, 1).times(Math.PI).cos().plus(1).times(0.5);
    }

    private static void require(boolean sound, String what) {
        if (!sound) throw new IllegalArgumentException(what);
    }

    @Override public void stepped() {
        Tensor.unrecorded(() -> {
            step.tensor().assign(step.tensor().plus(1));
            return step.tensor();
        });
        follow();
    }

    private void follow() {
        Tensor.unrecorded(() -> {
            Tensor rate = decay.share(step.tensor()).times(optimizer.initialRate());
            optimizer.rate().assign(rate);
            return rate;
        });
    }

    /// Its step; the rate itself is among the optimiser's states.
    @Override public List<State> states() {
        return List.of(step);
    }
}
