package gannet.kernel;

import java.util.List;

/// A back end on the class path, found by `ServiceLoader`. Implementations must load on every JDK 25, whatever is missing, so that they
/// can say what is missing; only [#open] may touch the classes that need it.
public interface BackEnd {
    /// What `--device` calls it.
    String name();

    /// `auto` takes the available back end of the highest rank; a negative rank is never taken unless asked for by name.
    int rank();

    /// Empty if [#open] will work; else one line: what is missing and what to type or install to get it.
    String missing();

    /// More of what was found, a line each, for `doctor`: versions, cards. Never fails; empty where there is nothing to tell.
    default List<String> report() {
        return List.of();
    }

    /// Opens it on `threads` threads (a device that has its own ignores the number).
    Kernels open(int threads);
}
