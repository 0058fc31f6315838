package gannet.gan;

import gannet.tensor.State;
import java.util.List;

/// What keeps pace with training beside the two networks: an average of weights, a schedule, the strength of an augmentation. It runs where the
/// kernels run and reads nothing on the host.
public interface Callback {
    /// Called in each of D's turns with what D made of its batches, before D changes. What is noted here takes effect in [#stepped], so that a
    /// turn that is run again changes nothing.
    default void judged(Judgement judgement) {}

    /// Called at the end of each step of the generator.
    void stepped();

    /// All that it remembers, for the checkpoint.
    List<State> states();
}
