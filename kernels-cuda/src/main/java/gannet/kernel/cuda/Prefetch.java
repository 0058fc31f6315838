package gannet.kernel.cuda;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Set;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/// The next batch on its way to the card while kernels run on this one: a copy out of page-locked memory on a stream of its own. The stream of the kernels
/// waits for its event as soon as one of them is given the memory that it goes to. One copy at a time.
final class Prefetch {
    private final CUstream stream = new CUstream();
    private final CUevent copied = new CUevent(), asked = new CUevent();
    private Pointer memory;
    private FloatBuffer floats;
    private CudaStorage pending;

    Prefetch() {
        Driver.check(JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING), "making a stream for copies");
        for (CUevent each : new CUevent[] {copied, asked}) Driver.check(JCudaDriver.cuEventCreate(each, CUevent_flags.CU_EVENT_DISABLE_TIMING), "making an event");
    }

    /// Lets the next copy wait for what `kernels` was asked for so far: memory that was cleared, or that others used before, is not overwritten afterwards.
    void follow(CUstream kernels) {
        Driver.check(JCudaDriver.cuEventRecord(asked, kernels), "noting what a copy comes after");
        Driver.check(JCudaDriver.cuStreamWaitEvent(stream, asked, 0), "letting a copy wait");
    }

    /// Begins to copy `from`, rounded to floats, to `to`; returns when `from` may be changed.
    void begin(double[] from, CudaStorage to) {
        Driver.check(JCudaDriver.cuEventSynchronize(copied), "waiting for an earlier copy");
        long bytes = (long) to.length() * Float.BYTES;
        if (memory == null || floats.capacity() < to.length()) grow(bytes);
        for (int i = 0; i < to.length(); i++) floats.put(i, (float) from[i]);
        Driver.check(JCudaDriver.cuMemcpyHtoDAsync(Address.of(to.address()), memory, bytes, stream), "copying " + to.length() + " numbers to the card");
        Driver.check(JCudaDriver.cuEventRecord(copied, stream), "noting a copy");
        pending = to;
    }

    private void grow(long bytes) {
        if (memory != null) JCudaDriver.cuMemFreeHost(memory);
        memory = new Pointer();
        Driver.check(JCudaDriver.cuMemHostAlloc(memory, bytes, 0), "allocating " + bytes + " bytes of page-locked host memory");
        floats = memory.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    /// Whether a copy is under way, which nobody has waited for, to where `storage` lies.
    boolean goesTo(CudaStorage storage) {
        return pending != null && storage.block() == pending.block();
    }

    /// The same of one of several places.
    boolean goesTo(Set<DeviceMemory.Block> places) {
        return pending != null && places.contains(pending.block());
    }

    /// Lets `kernels` wait for the copy.
    void await(CUstream kernels) {
        Driver.check(JCudaDriver.cuStreamWaitEvent(kernels, copied, 0), "waiting for a copy");
        pending = null;
    }

    void close() {
        JCudaDriver.cuStreamSynchronize(stream);
        JCudaDriver.cuEventDestroy(copied);
        JCudaDriver.cuEventDestroy(asked);
        if (memory != null) JCudaDriver.cuMemFreeHost(memory);
        JCudaDriver.cuStreamDestroy(stream);
    }
}
