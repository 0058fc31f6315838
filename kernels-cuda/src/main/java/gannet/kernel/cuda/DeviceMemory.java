package gannet.kernel.cuda;

import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/// A card's memory, kept by size once it was allocated: `cuMemAlloc` costs up to a millisecond and waits for the card.
///
/// A [Block] is freed when no storage can be reached any more that lies in it. The garbage collector's thread only queues its address; the thread that computes takes the
/// queue in. What it gives out again may still be read by kernels launched earlier: they all run on one stream, before whatever is launched next.
final class DeviceMemory {
    private static final Cleaner CLEANER = Cleaner.create();

    /// Memory that lives as long as somebody has this.
    static final class Block {
        private final long address, bytes;

        private Block(long address, long bytes) {
            this.address = address;
            this.bytes = bytes;
        }

        long address() {
            return address;
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
        var block = new Block(address, bytes);
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
        if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            giveBack();
            result = JCudaDriver.cuMemAlloc(pointer, bytes);
        }
        if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) throw new OutOfMemoryError(shortage(bytes));
        Driver.check(result, "allocating " + bytes + " bytes of device memory");
        long address = Address.of(pointer);
        allocated.put(address, pointer);
        return address;
    }

    /// Gives the driver back what is kept and not in use, after a collection that may free more.
    private void giveBack() {
        System.gc();
        takeIn();
        for (ArrayDeque<Long> kept : free.values())
            for (Long address = kept.poll(); address != null; address = kept.poll()) JCudaDriver.cuMemFree(allocated.remove(address));
        free.clear();
    }

    private static String shortage(long bytes) {
        long[] left = new long[1], total = new long[1];
        JCudaDriver.cuMemGetInfo(left, total);
        return "CUDA device memory: " + bytes / (1 << 20) + " MiB asked for, " + left[0] / (1 << 20) + " MiB free of " + total[0] / (1 << 20)
                + "; a smaller batch needs less";
    }

    void close() {
        allocated.values().forEach(JCudaDriver::cuMemFree);
        allocated.clear();
        free.clear();
    }
}
