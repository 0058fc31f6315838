package gannet.kernel.cuda;

import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import java.util.Objects;

/// 32-bit floats in a card's memory: `length` elements from [#address] on.
final class CudaStorage extends Storage {
    private final DeviceMemory.Block block;
    private final long address;
    private final int capacity;

    /// All of a block.
    CudaStorage(Kernels kernels, DeviceMemory.Block block, int length) {
        this(kernels, block, block.address(), length, length);
    }

    private CudaStorage(Kernels kernels, DeviceMemory.Block block, long address, int capacity, int length) {
        super(kernels, length);
        this.block = block;
        this.address = address;
        this.capacity = capacity;
    }

    private CudaStorage(CudaStorage whole, int from, int length) {
        super(whole, length);
        this.block = whole.block;
        this.address = whole.address + (long) from * Float.BYTES;
        this.capacity = length;
    }

    /// `storage` as what `user` computes on; a storage of any other kind, or of another card, is an error that names both.
    static CudaStorage of(Kernels user, Storage storage) {
        if (storage instanceof CudaStorage ours && storage.kernels() == user) return ours;
        throw new IllegalArgumentException("back end '" + user.name() + "' was given a storage of " + storage.length() + " elements of back end '"
                + storage.kernels().name() + (storage instanceof CudaStorage ? "', opened another time" : "'")
                + "; allocate it with the back end that is to use it, or copy it over with read() and write()");
    }

    /// The device address of the first element, a multiple of 4 bytes only.
    long address() {
        requireAlive();
        return address;
    }

    /// The memory that it lies in, with others.
    DeviceMemory.Block block() {
        return block;
    }

    /// Whether four elements at a time may be read and written from the start on.
    boolean aligned() {
        return address % (4 * Float.BYTES) == 0;
    }

    @Override public CudaStorage slice(int from, int length) {
        requireAlive();
        Objects.checkFromIndexSize(from, length, length());
        return new CudaStorage(this, from, length);
    }

    @Override public CudaStorage recycled(int length) {
        Objects.checkFromIndexSize(0, length, capacity);
        return new CudaStorage(kernels(), block, address, capacity, length);
    }

    @Override public int capacity() {
        return capacity;
    }
}
