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

    /// One network's slots and counters.
    interface Memory {
        /// Changes the weights `w` by the gradient `g`, both whole storages, and its own slots; nothing at all if `flag[0]` is set.
        void update(Storage g, Storage w, Tensor rate, Tensor flag);

        /// The storages laid out like the weights, each with its name: moments and the like.
        List<Slot> slots();

        /// Its counters.
        List<State> counters();
    }

    /// A storage laid out like the weights.
    record Slot(String name, Storage storage) {}
}
