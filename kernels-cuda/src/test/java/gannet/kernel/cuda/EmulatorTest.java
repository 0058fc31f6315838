package gannet.kernel.cuda;

import static gannet.kernel.cuda.Probes.floats;
import static gannet.kernel.cuda.Probes.ints;
import static gannet.kernel.cuda.Probes.memory;
import static gannet.kernel.cuda.Probes.success;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// CUDA C++ as g++ compiles it: what threads see of one another, and which of their mistakes are caught.
class EmulatorTest {
    private Probes probes;

    @BeforeEach void open() {
        probes = new Probes();
        FakeDriver.set(probes.library, "quiet", 1);
    }

    @AfterEach void reset() {
        FakeDriver.reset(probes.library);
    }

    @Test void blocksAndThreadsHaveThreeIndices() {
        int[] grid = {3, 2, 4}, block = {4, 8, 2};
        int threads = 3 * 2 * 4 * 64;
        CUdeviceptr y = memory(6 * threads);
        success(probes.launch(null, grid, block, "probe_indices", y));
        int[] seen = ints(y, 6 * threads);
        for (int i = 0; i < threads; i++) {
            int b = i / 64, t = i % 64;
            assertArrayEquals(new int[]{b % 3, b / 3 % 2, b / 6, t % 4, t / 4 % 8, t / 32}, Arrays.copyOfRange(seen, 6 * i, 6 * i + 6), "thread " + i);
        }
        success(JCudaDriver.cuMemFree(y));
    }

    /// Many more blocks than a host thread does before it calls for help.
    @Test void everyBlockOfALargeGridRunsOnce() {
        int n = 256 * 20_000 - 100;
        CUdeviceptr x = memory(filled(n, 1)), y = memory(filled(n, 2));
        success(probes.launch(null, 20_000, "probe_axpy", n, 3f, x, y));
        assertArrayEquals(filled(n, 5), floats(y, n));
        success(JCudaDriver.cuMemFree(x));
        success(JCudaDriver.cuMemFree(y));
    }

    private static float[] filled(int n, float value) {
        var values = new float[n];
        Arrays.fill(values, value);
        return values;
    }

    @Test void lanesExchangeValues() {
        CUdeviceptr y = memory(5 * 256);
        success(probes.launch(null, 1, "probe_shuffles", y));
        int[] seen = ints(y, 5 * 256);
        for (int t = 0; t < 256; t++) {
            int lane = t % 32;
            assertArrayEquals(new int[]{105, 100 + (lane ^ 3), 100 + (lane < 28 ? lane + 4 : lane), 100 + Math.max(lane - 1, 0), 0xAAAAAAAA},
                    Arrays.copyOfRange(seen, 5 * t, 5 * t + 5), "lane " + lane);
        }
        success(JCudaDriver.cuMemFree(y));
    }

    @Test void tensorCoresMultiplyRoundedOperands() {
        var random = new Random(1);
        var a = new float[16 * 8];
        var b = new float[8 * 8];
        for (int i = 0; i < a.length; i++) a[i] = random.nextFloat() - 0.5f;
        for (int i = 0; i < b.length; i++) b[i] = random.nextFloat() - 0.5f;
        CUdeviceptr da = memory(a), db = memory(b), dd = memory(16 * 8);
        success(probes.launch(null, new int[]{1, 1, 1}, new int[]{32, 1, 1}, "probe_tensor_core", da, db, dd));
        float[] d = floats(dd, 16 * 8);
        for (int row = 0; row < 16; row++)
            for (int column = 0; column < 8; column++) {
                double sum = 0;
                for (int k = 0; k < 8; k++) sum += (double) tf32(a[row * 8 + k]) * tf32(b[k * 8 + column]);
                assertEquals(sum, d[row * 8 + column], 1e-6, row + ", " + column);
            }
        for (CUdeviceptr each : new CUdeviceptr[]{da, db, dd}) success(JCudaDriver.cuMemFree(each));
    }

    /// To 10 explicit bits of the mantissa.
    private static float tf32(float x) {
        double unit = Math.ulp(x) * (1 << 13);
        return (float) (Math.signum(x) * Math.floor(Math.abs(x) / unit + 0.5) * unit);
    }

    @Test void templatesShareMemoryOfTheirOwn() {
        CUdeviceptr y = memory(256);
        success(probes.launch(null, 1, "probe_templates", y));
        assertArrayEquals(filled(256, 23), floats(y, 256));
        success(JCudaDriver.cuMemFree(y));
    }

    @Test void sharedMemoryIsNotANumberUntilItIsWritten() {
        CUdeviceptr y = memory(filled(256, 1));
        for (int time = 0; time < 2; time++) {
            success(probes.launch(null, 1, "probe_unwritten_shared", y));
            assertArrayEquals(filled(256, Float.NaN), floats(y, 256));
        }
        success(JCudaDriver.cuMemFree(y));
    }

    @Test void threadsThatNeverMeetAreReported() {
        CUdeviceptr y = memory(256);
        assertFault("156 have returned, 100 wait in __syncthreads at", probes.fault("probe_barrier_for_some", 100));
        assertFault("__syncthreads here, while other threads of the block wait at", probes.fault("probe_two_barriers", 100));
        assertFault("only the lanes of mask 65535 of warp 0 are at", probes.fault("probe_half_a_warp", y));
        assertFault("a mask that leaves out lanes", probes.fault("probe_partial_mask", y));
        assertFault("more than 48 KiB of shared memory", probes.fault("probe_too_much_shared", y));
        success(JCudaDriver.cuMemFree(y));
    }

    private static void assertFault(String expected, String note) {
        assertTrue(note.contains(expected), note);
    }

    @Test void sharedDeclarationsBecomeReferences() {
        assertEquals("    struct Shared_a { float a[2][3]; }; auto& a = emulator::shared<Shared_a>().a; "
                + "struct Shared_b { float b; }; auto& b = emulator::shared<Shared_b>().b; ",
                HostBuild.hostText("    __shared__ __align__(16) float a[2][3], b;"));
        assertEquals("struct Shared_a { Totals<float, 8> a[N / 2]; }; auto& a = emulator::shared<Shared_a>().a; \n",
                HostBuild.hostText("__shared__ Totals<float, 8>\n a[N / 2];"));
        assertEquals("// __shared__ memory; here", HostBuild.hostText("// __shared__ memory; here"));
    }
}
