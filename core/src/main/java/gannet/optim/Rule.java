package gannet.optim;

import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.List;

/// How an optimiser turns a gradient into a change of the weights. [#begin] gives the rule its memory for one network.
public interface Rule {
    /// The memory for `length` weights, named `name.…`; its kernels run without reading anything on the host.
    Memory begin(Kernels kernels, String name, int length);

    /// The update once more, spelled out in recorded operations: from where weights and memory stand to where they stand one step further, a
    /// differentiable function of all three arguments. What [Memory#update] computes in place; changes nothing. Needed for unrolling only.
    default Iterate next(Iterate at, List<Tensor> gradients, Tensor rate) {
        throw new UnsupportedOperationException("rule " + this + " has no differentiable update and can't be unrolled: give it a next(…), or train the discriminator by adam or sgd");
    }

    /// Where an optimisation stands: each weight, and the rule's slots and counters, in the order in which its [Memory] lists them, a slot's
    /// tensors in the order of the weights.
    record Iterate(List<Tensor> weights, List<List<Tensor>> slots, List<Tensor> counters) {
        /// The same with other weights.
        public Iterate at(List<Tensor> others) {
            return new Iterate(others, slots, counters);
        }
    }

    /// One network's slots and counters.
    interface Memory {
        /// Changes the weights `w` by the gradient `g`, both whole storages, and its own slots; nothing at all if `flag[0]` is set.
        void update(Storage g, Storage w, Tensor rate, Tensor flag);

        /// The storages laid out like the weights, each with its name: moments and the like.
        List<Slot> slots();

        /// Its counters.
        List<State.OfTensor> counters();
    }

    /// A storage laid out like the weights.
    record Slot(String name, Storage storage) {}
}
