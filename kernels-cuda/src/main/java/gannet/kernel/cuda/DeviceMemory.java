package gannet.kernel.cuda;

import gannet.kernel.DeviceMemoryError;
import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/// A card's memory, kept by size once it was allocated: `cuMemAlloc` is slow beside a kernel, and may wait for the card.
///
/// A [Block] is freed when no storage can be reached any more that lies in it. The garbage collector's thread only queues its address; the thread that computes
/// takes the queue in. What it gives out again may still be read by kernels launched earlier: they all run on one stream, before whatever is launched next.
final class DeviceMemory {
    private static final Cleaner CLEANER = Cleaner.create();
    /// Of the pauses after a collection, each twice as long as the one before, in milliseconds.
    private static final int LONGEST_PAUSE = 128;

    /// Memory that lives as long as somebody has this.
    static final class Block {
        private final long address;
        private boolean kept;

        private Block(long address) {
            this.address = address;
        }

        long address() {
            return address;
        }

        /// Notes that somebody keeps what lies in it: whoever was to write to it again must not.
        void keep() {
            kept = true;
        }

        boolean kept() {
            return kept;
        }
    }

    private record Freed(long address, long bytes) {}

    private final Map<Long, ArrayDeque<Long>> free = new HashMap<>();
    private final Map<Long, CUdeviceptr> allocated = new HashMap<>();
    private final ConcurrentLinkedQueue<Freed> freed = new ConcurrentLinkedQueue<>();

    /// Exactly `floats` elements, whatever they hold, so that a tool which watches accesses sees the first one beyond; the driver aligns their start.
    Block allocate(long floats) {
        long bytes = floats * Float.BYTES;
        takeIn();
        ArrayDeque<Long> kept = free.get(bytes);
        long address = kept != null && !kept.isEmpty() ? kept.pop() : fresh(bytes);
        var block = new Block(address);
        var queue = freed;
        var memory = new Freed(address, bytes);
        CLEANER.register(block, () -> queue.add(memory));
        return block;
    }

    private void takeIn() {
        for (Freed each = freed.poll(); each != null; each = freed.poll()) free.computeIfAbsent(each.bytes, _ -> new ArrayDeque<>()).push(each.address);
    }

    private long fresh(long bytes) {
        var pointer = new CUdeviceptr();
        int result = JCudaDriver.cuMemAlloc(pointer, bytes);
        if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) System.gc();
        for (int pause = 1; result == CUresult.CUDA_ERROR_OUT_OF_MEMORY && pause <= LONGEST_PAUSE; pause *= 2) {
            LockSupport.parkNanos(pause * 1_000_000L); // the cleaner's thread tells only later what the collector found
            giveBack();
            result = JCudaDriver.cuMemAlloc(pointer, bytes);
        }
        if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) throw new DeviceMemoryError(shortage(bytes));
        Driver.check(result, "allocating " + bytes + " bytes of device memory");
        long address = Address.of(pointer);
        allocated.put(address, pointer);
        return address;
    }

    /// Gives the driver back what is kept and not in use.
    private void giveBack() {
        takeIn();
        for (ArrayDeque<Long> kept : free.values())
            for (Long address = kept.poll(); address != null; address = kept.poll()) JCudaDriver.cuMemFree(allocated.remove(address));
        free.clear();
    }

    private static String shortage(long bytes) {
        long[] left = new long[1], total = new long[1];
        JCudaDriver.cuMemGetInfo(left, total);
        return "CUDA device memory: " + size(bytes) + " asked for, " + size(left[0]) + " free of " + size(total[0]) + "; a smaller batch needs less, or another program has the card's memory";
    }

    private static String size(long bytes) {
        return bytes < 1 << 20 ? Math.ceilDiv(bytes, 1 << 10) + " KiB" : bytes / (1 << 20) + " MiB";
    }

    void close() {
        allocated.values().forEach(JCudaDriver::cuMemFree);
        allocated.clear();
        free.clear();
    }
}
