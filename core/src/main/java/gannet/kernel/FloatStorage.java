package gannet.kernel;

import java.util.Objects;

/// 32-bit floats in a Java array: `length` elements of [#array] from [#offset] on.
public final class FloatStorage extends Storage {
    private final float[] array;
    private final int offset, capacity;

    /// Fresh memory of `length` elements, all zero.
    public FloatStorage(Kernels kernels, int length) {
        super(kernels, length);
        array = new float[length];
        offset = 0;
        capacity = length;
    }

    private FloatStorage(FloatStorage whole, int from, int length) {
        super(whole, length);
        array = whole.array;
        offset = whole.offset + from;
        capacity = length;
    }

    private FloatStorage(Kernels kernels, int length, FloatStorage memory) {
        super(kernels, length);
        array = memory.array;
        offset = memory.offset;
        capacity = memory.capacity;
    }

    /// `storage` as what `user` computes on; a storage of any other kind is an error that names both back ends.
    public static FloatStorage of(Kernels user, Storage storage) {
        if (storage instanceof FloatStorage ours) return ours;
        throw new IllegalArgumentException("back end '" + user.name() + "' was given a storage of " + storage.length() + " elements of back end '"
                + storage.kernels().name() + "'; allocate it with the back end that is to use it, or copy it over with read() and write()");
    }

    /// The array that holds the elements, other storages' among them.
    public float[] array() {
        requireAlive();
        return array;
    }

    /// The index in [#array] of the first element.
    public int offset() {
        return offset;
    }

    @Override public FloatStorage slice(int from, int length) {
        requireAlive();
        Objects.checkFromIndexSize(from, length, length());
        return new FloatStorage(this, from, length);
    }

    @Override public FloatStorage recycled(int length) {
        Objects.checkFromIndexSize(0, length, capacity);
        return new FloatStorage(kernels(), length, this);
    }

    @Override public int capacity() {
        return capacity;
    }
}
