package gannet.kernel;

import java.util.List;

/// Work that is done again and again with the same calls of kernels on the same memory, such as a player's turn. A back end may record those calls once and repeat
/// them without the host; see [Kernels#repeated].
public interface Repeated {
    /// Work that is run by the host each time.
    Repeated NEVER = (_, work) -> {
        work.run();
        return true;
    };

    /// Does the work, which reads `inputs` among others: what was made anew since the last time. Either `work` is run, or the device does once more what it did
    /// before, without it. True if `work` ran to its end here, its effects on the host included. It may be run and then, if it can't be recorded, be run once
    /// more: nothing that it asked of the device happens the first time.
    boolean run(List<Storage> inputs, Runnable work);
}
