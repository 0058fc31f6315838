package gannet.gan;

import gannet.tensor.State;
import java.util.List;

/// Where real batches come from.
public interface Source {
    /// The next `n` samples, `[n,…]`, with their conditions if there are any, as temporaries of the open workspace.
    Batch next(int n);

    /// Its position, for a checkpoint.
    List<State> states();
}
