package gannet.gan;

import gannet.gan.loss.GanLoss;
import gannet.tensor.State;
import java.util.List;

/// What keeps pace with training beside the two networks: an average of weights, a schedule, the strength of an augmentation. It runs where the
/// kernels run and reads nothing on the host.
public interface Callback {
    /// Called at the end of each of D's turns, once for each of its batches, with what D made of it; a turn that is refused is not told. What is
    /// noted here takes effect in [#stepped].
    default void judged(Judgement judgement) {}

    /// Called at the end of each step of the generator.
    void stepped();

    /// Throws, and says what to choose, if it makes no sense under `loss`; most do under every one. A trainer asks before it begins.
    default void requireLoss(GanLoss loss) {}

    /// All that it remembers, for the checkpoint.
    List<State> states();
}
