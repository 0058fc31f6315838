package gannet.kernel.cuda;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.JCudaDriver;

/// The launch of a kernel: its arguments one after the other, then [#over]. One object is used again and again.
///
/// The driver wants an array of pointers to arguments. `Pointer.to(…)` of JCuda makes one anew and pins it for each launch, 18 µs; here both the arguments and
/// the table of their addresses lie in direct buffers, and JCuda sees one pointer that never changes: 0.4 µs.
final class Launch {
    private static final int MOST = 48, SLOT = Long.BYTES;

    private final Cuda cuda;
    private final ByteBuffer arguments = ByteBuffer.allocateDirect(MOST * SLOT).order(ByteOrder.nativeOrder());
    private final ByteBuffer table = ByteBuffer.allocateDirect(MOST * SLOT).order(ByteOrder.nativeOrder());
    private final Pointer parameters = Pointer.to(table);
    private Function function;
    private int count;

    Launch(Cuda cuda) {
        this.cuda = cuda;
        long start = MemorySegment.ofBuffer(arguments).address();
        for (int i = 0; i < MOST; i++) table.putLong(i * SLOT, start + (long) i * SLOT);
    }

    /// Begins with another kernel, without arguments yet.
    Launch of(Function next) {
        function = next;
        count = 0;
        return this;
    }

    /// The next argument: a device pointer to a storage's first element; null for none.
    Launch to(CudaStorage storage) {
        if (storage == null) return at(0);
        cuda.given(storage);
        return at(storage.address());
    }

    /// The next argument: a device address.
    Launch at(long address) {
        return with(address);
    }

    /// The next argument: 64 bits.
    Launch with(long value) {
        arguments.putLong(slot(), value);
        return this;
    }

    /// The next argument: 32 bits.
    Launch with(int value) {
        arguments.putLong(slot(), value & 0xFFFFFFFFL);
        return this;
    }

    /// The next argument: a float.
    Launch with(float value) {
        return with(Float.floatToRawIntBits(value));
    }

    private int slot() {
        if (count == MOST) throw new IllegalStateException("kernel " + function.name() + " is given more than " + MOST + " arguments");
        return count++ * SLOT;
    }

    /// Launches it over a grid of blocks of `threads` threads.
    void over(int blocksX, int blocksY, int blocksZ, int threads) {
        cuda.bind();
        CUfunction kernel = cuda.handle(function);
        cuda.trace().launched(function, blocksX, blocksY, blocksZ, threads, arguments, count);
        int result = JCudaDriver.cuLaunchKernel(kernel, blocksX, blocksY, blocksZ, threads, 1, 1, 0, cuda.stream(), parameters, null);
        if (result != 0) Driver.check(result, "launching kernel " + function.name() + " over " + blocksX + "×" + blocksY + "×" + blocksZ + " blocks of " + threads);
    }

    /// Launches it over a row of blocks.
    void over(int blocks, int threads) {
        over(blocks, 1, 1, threads);
    }
}
