package gannet.kernel;

import java.util.Objects;

/// 64-bit doubles in a Java array: `length` elements of [#array] from [#offset] on.
public final class DoubleStorage extends Storage {
    private final double[] array;
    private final int offset, capacity;

    /// Fresh memory of `length` elements, all zero.
    public DoubleStorage(Kernels kernels, int length) {
        super(kernels, length);
        array = new double[length];
        offset = 0;
        capacity = length;
    }

    private DoubleStorage(DoubleStorage whole, int from, int length) {
        super(whole, length);
        array = whole.array;
        offset = whole.offset + from;
        capacity = length;
    }

    private DoubleStorage(Kernels kernels, int length, DoubleStorage memory) {
        super(kernels, length);
        array = memory.array;
        offset = memory.offset;
        capacity = memory.capacity;
    }

    /// `storage` as what `user` computes on; a storage of any other kind is an error that names both back ends.
    public static DoubleStorage of(Kernels user, Storage storage) {
        if (storage instanceof DoubleStorage ours) return ours;
        throw new IllegalArgumentException("back end '" + user.name() + "' was given a storage of " + storage.length() + " elements of back end '"
                + storage.kernels().name() + "'; allocate it with the back end that is to use it, or copy it over with read() and write()");
    }

    /// The array that holds the elements, other storages' among them.
    public double[] array() {
        requireAlive();
        return array;
    }

    /// The index in [#array] of the first element.
    public int offset() {
        return offset;
    }

    @Override public DoubleStorage slice(int from, int length) {
        requireAlive();
        Objects.checkFromIndexSize(from, length, length());
        return new DoubleStorage(this, from, length);
    }

    @Override public DoubleStorage recycled(int length) {
        Objects.checkFromIndexSize(0, length, capacity);
        return new DoubleStorage(kernels(), length, this);
    }

    @Override public int capacity() {
        return capacity;
    }
}
