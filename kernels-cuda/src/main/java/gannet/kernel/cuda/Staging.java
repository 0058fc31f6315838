package gannet.kernel.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/// Page-locked host memory that numbers pass through on their way to the card and back: only from there does the card copy by itself, while the host goes on.
///
/// It has two halves. An upload fills one while the card still reads the other, and does not wait for the end; a download waits for each half.
final class Staging {
    private static final int HALVES = 2, FLOATS = 1 << 18, FAULT = 4;
    private static final long BYTES = (long) FLOATS * Float.BYTES;

    private final Cuda cuda;
    private final Pointer memory = new Pointer();
    private final FloatBuffer[] halves = new FloatBuffer[HALVES];
    private final IntBuffer fault;
    private final CUevent[] taken = new CUevent[HALVES];
    private int next;

    Staging(Cuda cuda) {
        this.cuda = cuda;
        long bytes = HALVES * BYTES + FAULT * Integer.BYTES;
        Driver.check(JCudaDriver.cuMemHostAlloc(memory, bytes, 0), "allocating " + bytes + " bytes of page-locked host memory");
        ByteBuffer all = memory.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
        for (int half = 0; half < HALVES; half++) {
            halves[half] = all.slice((int) (half * BYTES), (int) BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
            taken[half] = new CUevent();
            Driver.check(JCudaDriver.cuEventCreate(taken[half], CUevent_flags.CU_EVENT_DISABLE_TIMING), "making an event");
        }
        fault = all.slice((int) (HALVES * BYTES), FAULT * Integer.BYTES).order(ByteOrder.nativeOrder()).asIntBuffer();
    }

    /// Rounds `from` to floats and copies them to `to`; returns when `from` may be changed, before the card has them.
    void upload(double[] from, CudaStorage to) {
        for (int start = 0; start < to.length(); start += FLOATS) {
            int n = Math.min(FLOATS, to.length() - start), half = next;
            next = (next + 1) % HALVES;
            Driver.check(JCudaDriver.cuEventSynchronize(taken[half]), "waiting for an earlier upload");
            FloatBuffer buffer = halves[half];
            for (int i = 0; i < n; i++) buffer.put(i, (float) from[start + i]);
            Driver.check(JCudaDriver.cuMemcpyHtoDAsync(Address.of(to.address() + (long) start * Float.BYTES), memory.withByteOffset(half * BYTES), (long) n * Float.BYTES,
                    cuda.stream()), "copying " + n + " numbers to the card");
            Driver.check(JCudaDriver.cuEventRecord(taken[half], cuda.stream()), "noting an upload");
        }
    }

    /// Waits for all that was launched and copies `from` to `to`. The fault cell at `cell` comes along.
    IntBuffer download(CudaStorage from, double[] to, long cell) {
        for (int start = 0; start < from.length(); start += FLOATS) {
            int n = Math.min(FLOATS, from.length() - start);
            Driver.check(JCudaDriver.cuMemcpyDtoHAsync(memory, Address.of(from.address() + (long) start * Float.BYTES), (long) n * Float.BYTES, cuda.stream()),
                    "copying " + n + " numbers from the card");
            if (start == 0)
                Driver.check(JCudaDriver.cuMemcpyDtoHAsync(memory.withByteOffset(HALVES * BYTES), Address.of(cell), FAULT * Integer.BYTES, cuda.stream()), "looking for faults");
            cuda.synchronise();
            for (int i = 0; i < n; i++) to[start + i] = halves[0].get(i);
        }
        return fault;
    }

    void close() {
        for (CUevent each : taken) JCudaDriver.cuEventDestroy(each);
        JCudaDriver.cuMemFreeHost(memory);
    }
}
