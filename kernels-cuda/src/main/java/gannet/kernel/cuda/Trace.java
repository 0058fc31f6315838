package gannet.kernel.cuda;

import gannet.kernel.Storage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a piece of work asked of the card: a digest of its launches (kernels, grids, all arguments, addresses among them), in order, and the storages that they
/// concern. Two runs with the same digest did the same thing to the same memory, so a recording of one does what the other did.
final class Trace {
    /// Notes nothing: nobody is watching.
    static final Trace NONE = new Trace(false, false);

    private final boolean watching, capturing;
    private final Set<DeviceMemory.Block> used = new HashSet<>();
    private final List<Storage> changed = new ArrayList<>();
    private long digest = 1, launches;
    private String obstacle;

    /// Watches launches that run, or that a recording takes in.
    Trace(boolean capturing) {
        this(true, capturing);
    }

    private Trace(boolean watching, boolean capturing) {
        this.watching = watching;
        this.capturing = capturing;
    }

    /// Whether launches are recorded instead of run.
    boolean capturing() {
        return capturing;
    }

    void used(CudaStorage storage) {
        if (watching) used.add(storage.block());
    }

    void changed(Storage storage) {
        if (watching) changed.add(storage);
    }

    void launched(Function function, int x, int y, int z, int threads, ByteBuffer arguments, int count) {
        if (!watching) return;
        launches++;
        mix(System.identityHashCode(function));
        mix((long) x << 32 | threads);
        mix((long) y << 32 | z);
        for (int i = 0; i < count; i++) mix(arguments.getLong(i * Long.BYTES));
    }

    private void mix(long value) {
        digest = (digest ^ value) * 0x9E3779B97F4A7C15L;
        digest ^= digest >>> 32;
    }

    /// Notes that the work did something which no recording can repeat; the first such thing is kept.
    void obstacle(String what) {
        if (watching && obstacle == null) obstacle = what;
    }

    /// What can't be repeated in it; null: all can.
    String obstacle() {
        return obstacle;
    }

    long digest() {
        return digest;
    }

    long launches() {
        return launches;
    }

    /// Storages that were changed in place.
    List<Storage> changed() {
        return changed;
    }

    /// The memory that kernels were given.
    Set<DeviceMemory.Block> used() {
        return used;
    }
}
