package gannet.optim;

import gannet.kernel.Comparison;
import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// The optimistic form of a rule: `w ← w + 2Δ_t − Δ_{t−1}`, Δ being the rule's own step, which takes the last step's change as a forecast of the next;
/// Daskalakis et al. 2018. Over [Sgd] it is optimistic mirror descent, over [Adam] Optimistic Adam (Algorithm 1), `w ← w − 2η·û_t + η·û_{t−1}`.
public record Optimistic(Rule rule) implements Rule {
    @Override public Memory begin(Kernels kernels, String name, int length) {
        return new Forecast(this, rule.begin(kernels, name, length), kernels.allocate(length));
    }

    /// The last slot is Δ_{t−1}.
    @Override public Iterate next(Iterate at, List<Tensor> gradients, Tensor rate) {
        int own = at.slots().size() - 1;
        List<Tensor> from0 = new ArrayList<>(), w = new ArrayList<>(); // from 0: a step taken from the weights would be rounded to their size
        for (Tensor weight : at.weights()) from0.add(Tensor.full(weight.kernels(), weight.shape(), 0));
        Iterate step = rule.next(new Iterate(from0, at.slots().subList(0, own), at.counters()), gradients, rate);
        for (int i = 0; i < gradients.size(); i++) w.add(at.weights().get(i).plus(step.weights().get(i).times(2).minus(at.slots().get(own).get(i))));
        List<List<Tensor>> slots = new ArrayList<>(step.slots());
        slots.add(step.weights());
        return new Iterate(w, slots, step.counters());
    }

    /// No kernel of its own: the spelled-out update over the whole storages.
    private record Forecast(Optimistic rule, Memory inner, Storage step) implements Memory {
        @Override public void update(Storage g, Storage w, Tensor rate, Tensor flag) {
            Tensor.unrecorded(() -> {
                Iterate at = new Iterate(List.of(flat(w)), slots().stream().map(slot -> List.of(flat(slot.storage()))).toList(),
                        counters().stream().map(State.OfTensor::tensor).toList());
                Iterate next = rule.next(at, List.of(flat(g)), rate);
                move(at.weights(), next.weights(), flag);
                for (int s = 0; s < at.slots().size(); s++) move(at.slots().get(s), next.slots().get(s), flag);
                move(at.counters(), next.counters(), flag);
                return rate;
            });
        }

        private static Tensor flat(Storage storage) {
            return Tensor.leaf(Shape.of(storage.length()), storage);
        }

        /// Unless the step is refused.
        private static void move(List<Tensor> from, List<Tensor> to, Tensor flag) {
            for (int i = 0; i < from.size(); i++)
                from.get(i).assign(Tensor.select(Comparison.GREATER, flag, Tensor.constant(flag.kernels(), 0), from.get(i), to.get(i)));
        }

        @Override public List<Slot> slots() {
            List<Slot> slots = new ArrayList<>(inner.slots());
            slots.add(new Slot("optimistic.step", step));
            return slots;
        }

        @Override public List<State.OfTensor> counters() {
            return inner.counters();
        }
    }
}
