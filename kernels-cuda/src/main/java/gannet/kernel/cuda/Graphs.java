package gannet.kernel.cuda;

import gannet.kernel.Repeated;
import java.util.Locale;

/// What becomes of repeated work.
enum Graphs {
    /// It is recorded as a CUDA graph, and replayed.
    TRUE,
    /// Every kernel is launched from the host.
    FALSE,
    /// So too, and work that asks for something else than a recording would have repeated is an error.
    CHECK;

    /// The system property that chooses, `true` where it is not set.
    static final String PROPERTY = "gannet.cuda.graphs";

    /// What the system property asks for.
    static Graphs chosen() {
        String name = System.getProperty(PROPERTY, "true");
        for (Graphs each : values()) if (each.toString().equals(name)) return each;
        throw new IllegalArgumentException(PROPERTY + "=" + name + ": expected true, false or check");
    }

    /// Work called `name` on a card.
    Repeated repeated(Cuda cuda, String name) {
        return switch (this) {
            case TRUE -> new Recording(cuda, name);
            case FALSE -> Repeated.NEVER;
            case CHECK -> new RecordingCheck(cuda, name);
        };
    }

    @Override public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
