package gannet.gan;

import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.List;

/// Where real batches come from.
public interface Source {
    /// The next `n` samples, `[n,…]`, as a temporary of the open workspace.
    Tensor next(int n);

    /// Its position, for a checkpoint.
    List<State> states();
}
