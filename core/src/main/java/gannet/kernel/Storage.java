package gannet.kernel;

/// A run of elements in a back end's memory. Opaque: only the back end that allocated it knows where the elements are and how
/// wide they are; everyone else copies in and out with [Kernels#write] and [Kernels#read].
///
/// A storage is a *handle*. Several handles may name parts of one memory ([#slice]: a network's weights are slices of one
/// storage), and memory that was handed back and given out again has a new handle, so that an old handle can say "released"
/// instead of showing somebody else's numbers.
public abstract class Storage {
    /// Counts the changes in place of one memory; all slices of it share the counter.
    private static final class Version {
        int changes;
    }

    private final Kernels kernels;
    private final int length;
    private final Version version;
    private Object owner;
    private int holds;
    private boolean released;

    /// A handle to fresh memory.
    protected Storage(Kernels kernels, int length) {
        this(kernels, length, new Version());
    }

    /// A handle to part of `whole`'s memory.
    protected Storage(Storage whole, int length) {
        this(whole.kernels, length, whole.version);
    }

    private Storage(Kernels kernels, int length, Version version) {
        this.kernels = kernels;
        this.length = length;
        this.version = version;
    }

    /// The `length` elements from `offset` on, in the same memory and under the same version.
    public abstract Storage slice(int offset, int length);

    /// A new handle to the first `length` elements of this memory, with a version of its own: what a pool gives out again after
    /// [#release].
    public abstract Storage recycled(int length);

    /// The number of elements that the memory itself holds, at least [#length].
    public abstract int capacity();

    /// The back end that allocated it.
    public final Kernels kernels() {
        return kernels;
    }

    /// The number of elements.
    public final int length() {
        return length;
    }

    /// How often the memory was changed in place. A recorded operation notes the versions of what it read; its gradient refuses
    /// to run on anything changed since.
    public final int version() {
        return version.changes;
    }

    /// Notes a change in place, made by whoever calls a kernel with this as both input and output.
    public final void changed() {
        version.changes++;
        kernels.changed(this);
    }

    /// Marks the handle dead; any use of it from here on throws.
    public final void release() {
        released = true;
    }

    /// Whether it was handed back.
    public final boolean released() {
        return released;
    }

    /// Who takes the memory back when it is no longer needed; null: the garbage collector.
    public final Object owner() {
        return owner;
    }

    /// Makes `owner` the one who takes the memory back.
    public final void owner(Object owner) {
        this.owner = owner;
    }

    /// One more tensor, recorded reader or gradient slot that needs the elements.
    public final void hold() {
        holds++;
    }

    /// One fewer; true if nobody needs the elements any more.
    public final boolean drop() {
        return --holds == 0;
    }

    /// This, if it may still be read; throws otherwise.
    protected final void requireAlive() {
        if (released) throw new IllegalStateException("storage of " + length + " elements was released: its workspace was closed or its graph"
                + " consumed by descend(); call keep() on a tensor that must outlive them");
    }
}
