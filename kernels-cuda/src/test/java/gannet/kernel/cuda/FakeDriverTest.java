package gannet.kernel.cuda;

import static gannet.kernel.cuda.Probes.floats;
import static gannet.kernel.cuda.Probes.memory;
import static gannet.kernel.cuda.Probes.ptx;
import static gannet.kernel.cuda.Probes.success;
import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuCtxSynchronize;
import static jcuda.driver.JCudaDriver.cuDeviceGetCount;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventElapsedTime;
import static jcuda.driver.JCudaDriver.cuEventQuery;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;
import static jcuda.driver.JCudaDriver.cuGraphDestroy;
import static jcuda.driver.JCudaDriver.cuGraphExecDestroy;
import static jcuda.driver.JCudaDriver.cuGraphInstantiate;
import static jcuda.driver.JCudaDriver.cuGraphLaunch;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemGetInfo;
import static jcuda.driver.JCudaDriver.cuMemHostAlloc;
import static jcuda.driver.JCudaDriver.cuMemHostGetDevicePointer;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoDAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemsetD32Async;
import static jcuda.driver.JCudaDriver.cuStreamBeginCapture;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamEndCapture;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static jcuda.driver.JCudaDriver.cuStreamWaitEvent;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The fake driver, through the real JCuda: it does what NVIDIA's would, and is as strict as that may be.
class FakeDriverTest {
    private Probes probes;
    private final CUstream one = new CUstream(), two = new CUstream();

    @BeforeEach void open() {
        probes = new Probes();
        FakeDriver.set(probes.library, "quiet", 1);
        success(cuStreamCreate(one, CUstream_flags.CU_STREAM_NON_BLOCKING));
        success(cuStreamCreate(two, CUstream_flags.CU_STREAM_NON_BLOCKING));
    }

    @AfterEach void close() {
        FakeDriver.reset(probes.library);
        cuStreamDestroy(one);
        cuStreamDestroy(two);
    }

    private static void result(int expected, int result) {
        assertEquals(CUresult.stringFor(expected), CUresult.stringFor(result));
    }

    @Test @SuppressWarnings("restricted")
    void hasEveryFunctionThatJCudaIsLinkedTo() throws IOException, InterruptedException {
        Path jcuda;
        try (var files = Files.list(HostBuild.module().resolve("target/lib"))) {
            jcuda = files.filter(each -> each.getFileName().toString().startsWith("libJCudaDriver-")).findFirst().orElseThrow();
        }
        List<String> wanted = HostBuild.run(List.of("nm", "-D", "--undefined-only", jcuda.toString())).lines().map(line -> line.replaceFirst(".* ", ""))
                .filter(name -> name.matches("cu[A-Z]\\w*")).toList();
        assertTrue(wanted.size() > 300, wanted.toString());
        try (var arena = Arena.ofConfined()) {
            var here = SymbolLookup.libraryLookup(probes.library, arena);
            assertEquals(List.of(), wanted.stream().filter(name -> here.find(name).isEmpty()).toList());
        }
    }

    @Test void workIsDoneWhenItIsWaitedForAndNotBefore() {
        var host = new Pointer();
        success(cuMemHostAlloc(host, 4, 2));
        FloatBuffer seen = host.getByteBuffer(0, 4).order(ByteOrder.nativeOrder()).asFloatBuffer().put(0, 7);
        var mapped = new CUdeviceptr();
        success(cuMemHostGetDevicePointer(mapped, host, 0));
        CUdeviceptr x = memory(2f);
        success(probes.launch(one, 1, "probe_axpy", 1, 3f, x, mapped));
        assertEquals(7, seen.get(0));
        success(cuStreamSynchronize(one));
        assertEquals(13, seen.get(0));
        success(cuMemcpyDtoHAsync(host, x, 4, one));
        assertEquals(13, seen.get(0));
        success(cuStreamSynchronize(one));
        assertEquals(2, seen.get(0));
        FakeDriver.set(probes.library, "eager", 1);
        success(probes.launch(one, 1, "probe_axpy", 1, 3f, x, mapped));
        assertEquals(8, seen.get(0));
        success(cuMemFreeHost(host));
        success(cuMemFree(x));
    }

    @Test void streamsAreInOrderOnlyByEvents() {
        CUdeviceptr x = memory(1f), y = memory(0f), z = memory(0f);
        var done = new CUevent();
        success(cuEventCreate(done, 0));
        success(cuMemsetD32Async(x, Float.floatToIntBits(5), 1, one));
        success(cuMemcpyDtoDAsync(y, x, 4, two));
        success(cuStreamSynchronize(two));
        success(cuEventRecord(done, one));
        success(cuStreamWaitEvent(two, done, 0));
        success(cuMemcpyDtoDAsync(z, x, 4, two));
        success(cuStreamSynchronize(two));
        assertEquals(1, floats(y, 1)[0]);
        assertEquals(5, floats(z, 1)[0]);
        for (CUdeviceptr each : List.of(x, y, z)) success(cuMemFree(each));
    }

    @Test void eventsMeasureTime() {
        CUevent begin = new CUevent(), end = new CUevent();
        success(cuEventCreate(begin, 0));
        success(cuEventCreate(end, 0));
        CUdeviceptr y = memory(256 * 1000);
        success(cuEventRecord(begin, one));
        success(probes.launch(one, 1000, "probe_ones", y));
        success(cuEventRecord(end, one));
        float[] milliseconds = {-1};
        result(CUresult.CUDA_ERROR_NOT_READY, cuEventElapsedTime(milliseconds, begin, end));
        result(CUresult.CUDA_ERROR_NOT_READY, cuEventQuery(end));
        success(cuEventSynchronize(end));
        success(cuEventElapsedTime(milliseconds, begin, end));
        assertTrue(milliseconds[0] > 0, milliseconds[0] + " ms");
        success(cuMemFree(y));
    }

    /// x is doubled on one stream and read on another, which joins the capture by an event and is waited for by another.
    @Test void aGraphDoesAgainWhatWasCaptured() {
        CUdeviceptr x = memory(1f), y = memory(0f);
        CUevent doubled = new CUevent(), read = new CUevent();
        success(cuEventCreate(doubled, 0));
        success(cuEventCreate(read, 0));
        var graph = new CUgraph();
        success(cuStreamBeginCapture(one, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL));
        success(probes.launch(one, 1, "probe_axpy", 1, 1f, x, x));
        success(cuEventRecord(doubled, one));
        success(cuStreamWaitEvent(two, doubled, 0));
        success(cuMemcpyDtoDAsync(y, x, 4, two));
        success(cuEventRecord(read, two));
        success(cuStreamWaitEvent(one, read, 0));
        success(probes.launch(one, 1, "probe_axpy", 1, 1f, x, y));
        success(cuStreamEndCapture(one, graph));
        assertArrayEquals(new float[]{1}, floats(x, 1));
        var executable = new CUgraphExec();
        success(cuGraphInstantiate(executable, graph, 0));
        success(cuGraphDestroy(graph));
        for (int time = 0; time < 3; time++) success(cuGraphLaunch(executable, one));
        success(cuStreamSynchronize(one));
        assertArrayEquals(new float[]{8}, floats(x, 1));
        assertArrayEquals(new float[]{16}, floats(y, 1));
        success(cuGraphExecDestroy(executable));
        for (CUdeviceptr each : List.of(x, y)) success(cuMemFree(each));
    }

    /// Both write y, and nothing says which comes first: the replay takes the other order than the capture.
    @Test void aForgottenOrderInAGraphShows() {
        CUdeviceptr y = memory(0f);
        CUevent begin = new CUevent(), end = new CUevent();
        success(cuEventCreate(begin, 0));
        success(cuEventCreate(end, 0));
        var graph = new CUgraph();
        success(cuStreamBeginCapture(one, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL));
        success(cuEventRecord(begin, one));
        success(cuStreamWaitEvent(two, begin, 0));
        success(cuMemsetD32Async(y, Float.floatToIntBits(1), 1, one));
        success(cuMemsetD32Async(y, Float.floatToIntBits(2), 1, two));
        success(cuEventRecord(end, two));
        success(cuStreamWaitEvent(one, end, 0));
        success(cuStreamEndCapture(one, graph));
        var executable = new CUgraphExec();
        success(cuGraphInstantiate(executable, graph, 0));
        success(cuGraphLaunch(executable, one));
        success(cuStreamSynchronize(one));
        assertArrayEquals(new float[]{1}, floats(y, 1));
        success(cuMemFree(y));
    }

    @Test void aCaptureForbidsToWaitAndToLoseWork() {
        var graph = new CUgraph();
        success(cuStreamBeginCapture(one, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
        result(CUresult.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, cuStreamSynchronize(one));
        result(CUresult.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, cuStreamEndCapture(one, graph));
        success(cuStreamBeginCapture(one, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
        result(CUresult.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, cuMemAlloc(new CUdeviceptr(), 4));
        result(CUresult.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, cuStreamEndCapture(one, graph));
        CUdeviceptr y = memory(0f);
        var begin = new CUevent();
        success(cuEventCreate(begin, 0));
        success(cuStreamBeginCapture(one, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL));
        success(cuEventRecord(begin, one));
        success(cuStreamWaitEvent(two, begin, 0));
        success(cuMemsetD32Async(y, 1, 1, two));
        result(CUresult.CUDA_ERROR_STREAM_CAPTURE_UNMATCHED, cuStreamEndCapture(two, graph));
        result(CUresult.CUDA_ERROR_STREAM_CAPTURE_UNJOINED, cuStreamEndCapture(one, graph));
        success(cuMemFree(y));
    }

    @Test void shapesAndAddressesAreChecked() {
        CUdeviceptr x = memory(new float[256]);
        int bad = CUresult.CUDA_ERROR_INVALID_VALUE;
        result(bad, probes.launch(one, 0, "probe_ones", x));
        result(bad, probes.launch(one, new int[]{1, 65536, 1}, new int[]{32, 1, 1}, "probe_ones", x));
        result(bad, probes.launch(one, new int[]{1, 1, 1}, new int[]{288, 1, 1}, "probe_ones", x)); // .maxntid 256
        result(bad, cuMemcpyDtoH(Pointer.to(new float[257]), x, 257 * 4));
        result(bad, cuMemsetD32Async(x.withByteOffset(2), 0, 1, one));
        result(bad, cuMemFree(x.withByteOffset(4)));
        success(cuMemFree(x));
        result(bad, cuMemFree(x));
        success(cuCtxSynchronize());
    }

    /// A failed kernel leaves a context in which nothing works any more.
    @Test void aKernelThatReadsFreedMemoryBreaksTheContext() {
        CUdeviceptr x = memory(new float[256]);
        success(cuMemFree(x));
        success(probes.launch(one, 1, "probe_ones", x));
        result(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, cuStreamSynchronize(one));
        result(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, cuMemAlloc(new CUdeviceptr(), 4));
        assertTrue(FakeDriver.note(probes.library).contains("kernel probe_ones: parameter 0"), FakeDriver.note(probes.library));
    }

    @Test void writesPastTheEndShowWhenMemoryIsFreedOrAtOnce() {
        CUdeviceptr y = memory(255);
        success(probes.launch(one, 1, "probe_ones", y));
        success(cuStreamSynchronize(one));
        result(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, cuMemFree(y));
        FakeDriver.reset(probes.library);
        FakeDriver.set(probes.library, "quiet", 1);
        FakeDriver.set(probes.library, "canaries", 1);
        y = memory(255);
        success(probes.launch(one, 1, "probe_ones", y));
        result(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, cuStreamSynchronize(one));
        FakeDriver.reset(probes.library);
        FakeDriver.set(probes.library, "quiet", 1);
        result(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, cuMemFree(y));
    }

    @Test void memoryEnds() {
        long[] left = new long[1], total = new long[1];
        success(cuMemGetInfo(left, total));
        FakeDriver.set(probes.library, "memory", total[0] - left[0] + 1000);
        result(CUresult.CUDA_ERROR_OUT_OF_MEMORY, cuMemAlloc(new CUdeviceptr(), 1001));
        int live = FakeDriver.live(probes.library);
        CUdeviceptr x = memory(250);
        assertEquals(live + 1, FakeDriver.live(probes.library));
        success(cuMemFree(x));
    }

    @Test void ptxMustFitTheSourcesTheDriverAndTheDevice() {
        success(Probes.load(new CUmodule(), ptx("7.0", "sm_80", "probe_ones(u64)")));
        result(CUresult.CUDA_ERROR_INVALID_PTX, Probes.load(new CUmodule(), ptx("7.0", "sm_80", "probe_ones(u32)")));
        assertTrue(FakeDriver.note(probes.library).contains("probe_ones has other parameters"), FakeDriver.note(probes.library));
        result(CUresult.CUDA_ERROR_INVALID_PTX, Probes.load(new CUmodule(), ptx("7.0", "sm_80", "probe_ones(u64,u64)")));
        result(CUresult.CUDA_ERROR_INVALID_PTX, Probes.load(new CUmodule(), ptx("7.0", "sm_80", "probe_of_nobody(u64)")));
        FakeDriver.set(probes.library, "driver", 12_040);
        success(Probes.load(new CUmodule(), ptx("8.4", "sm_80", "probe_ones(u64)")));
        result(CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION, Probes.load(new CUmodule(), ptx("8.5", "sm_80", "probe_ones(u64)")));
        FakeDriver.set(probes.library, "capability", 75);
        result(CUresult.CUDA_ERROR_INVALID_PTX, Probes.load(new CUmodule(), ptx("7.0", "sm_80", "probe_ones(u64)")));
    }

    @Test void faultsComeWhenTheyAreOrdered() {
        CUdeviceptr y = memory(new float[256]);
        FakeDriver.set(probes.library, "fail_launch", 2);
        FakeDriver.set(probes.library, "fail_with", CUresult.CUDA_ERROR_ECC_UNCORRECTABLE);
        success(probes.launch(one, 1, "probe_ones", y));
        success(cuStreamSynchronize(one));
        success(probes.launch(one, 1, "probe_ones", y));
        result(CUresult.CUDA_ERROR_ECC_UNCORRECTABLE, cuStreamSynchronize(one));
        FakeDriver.reset(probes.library);
        FakeDriver.set(probes.library, "devices", 0);
        int[] count = {-1};
        success(cuDeviceGetCount(count));
        assertEquals(0, count[0]);
        FakeDriver.reset(probes.library);
        success(cuMemFree(y));
    }

    @Test void aThreadNeedsAContext() throws Exception {
        try (var other = Executors.newSingleThreadExecutor()) {
            result(CUresult.CUDA_ERROR_INVALID_CONTEXT, other.submit(() -> cuMemAlloc(new CUdeviceptr(), 4)).get());
            success(other.submit(() -> cuCtxSetCurrent(probes.context)).get());
            success(other.submit(() -> cuCtxSynchronize()).get());
        }
    }
}
