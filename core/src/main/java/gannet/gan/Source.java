package gannet.gan;

import gannet.tensor.State;
import java.util.List;

/// Where real batches come from.
public interface Source {
    /// The next `n` samples, `[n,…]`, with their conditions if there are any, as temporaries of the open workspace.
    Batch next(int n);

    /// Called while the device is busy with the last batch: the next `n` may be fetched now, so that [#next] need not wait for them. Its position does not
    /// change by that.
    default void ahead(int n) {}

    /// Its position, for a checkpoint.
    List<State> states();
}
