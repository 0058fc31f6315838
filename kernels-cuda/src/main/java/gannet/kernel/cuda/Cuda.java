package gannet.kernel.cuda;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/// A card, opened: its stream, on which everything but [Prefetch] runs in the order in which it was asked for, its memory, its kernels, and how they are
/// launched. Used by one thread at a time.
final class Cuda implements AutoCloseable {
    private static final int FAULT = 4;

    private final Card card;
    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final CUstream stream = new CUstream();
    private final Modules modules;
    private final DeviceMemory memory = new DeviceMemory();
    private final List<DeviceMemory.Block> scratch = new ArrayList<>(), outgrown = new ArrayList<>();
    private final List<Long> scratchLengths = new ArrayList<>();
    private final Staging staging;
    private final Prefetch prefetch;
    private final DeviceMemory.Block fault;
    private final Launch launch = new Launch(this);
    private Thread bound;
    private Trace trace = Trace.NONE;
    private long replays, kept;
    private final List<CUgraphExec> graphs = new ArrayList<>();
    /// Whether memory was cleared since the last look: a copy on another stream might overtake that.
    private boolean cleared;

    /// Opens the card.
    Cuda(Card card) {
        this.card = card;
        Driver.check(JCudaDriver.cuDeviceGet(device, card.ordinal()), "opening " + card);
        Driver.check(JCudaDriver.cuDevicePrimaryCtxRetain(context, device), "opening " + card);
        bind();
        Driver.check(JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING), "making a stream on " + card);
        modules = new Modules(card.capability());
        staging = new Staging(this);
        prefetch = new Prefetch();
        fault = memory.allocate(FAULT);
        clear(fault.address(), FAULT);
    }

    Card card() {
        return card;
    }

    /// The compute capability that the kernels' PTX is made for.
    int level() {
        return modules.level();
    }

    /// Streaming multiprocessors: for sizes of grids that no result depends on.
    int multiprocessors() {
        return card.multiprocessors();
    }

    CUstream stream() {
        return stream;
    }

    /// Makes the card the calling thread's.
    void bind() {
        if (Thread.currentThread() == bound) return;
        Driver.check(JCudaDriver.cuCtxSetCurrent(context), "binding a thread to " + card);
        bound = Thread.currentThread();
    }

    /// The kernel `name` of `source.cu`.
    Function function(String source, String name) {
        return new Function(modules, source, name);
    }

    /// The driver's handle of a kernel. The driver compiles none while launches are recorded: work that comes to need another one then is not.
    CUfunction handle(Function function) {
        if (trace.capturing() && !function.loaded()) requireNoCapture("it launches kernel " + function.name() + " for the first time");
        return function.handle();
    }

    /// Begins a launch; to be finished before the next begins.
    Launch launch(Function function) {
        return launch.of(function);
    }

    /// Fresh memory, all zero.
    CudaStorage allocate(CudaKernels kernels, int length) {
        bind();
        requireNoCapture("it allocates memory of " + length + " elements that no workspace owns");
        DeviceMemory.Block block = memory.allocate(length);
        clear(block.address(), length);
        return new CudaStorage(kernels, block, length);
    }

    private void clear(long address, long length) {
        Driver.check(JCudaDriver.cuMemsetD32Async(Address.of(address), 0, length, stream), "clearing " + length + " elements");
        cleared = true;
    }

    /// The address of `floats` elements of scratch memory, a multiple of 256 bytes: the same for one slot, until more is asked for. Recordings may know an
    /// address that was outgrown, so none is ever given back; each is at least twice the one before.
    long scratch(int slot, long floats) {
        while (scratch.size() <= slot) {
            scratch.add(null);
            scratchLengths.add(0L);
        }
        if (scratchLengths.get(slot) < floats) {
            bind();
            requireNoCapture("its scratch memory grows");
            if (scratch.get(slot) != null) outgrown.add(scratch.get(slot));
            long length = Math.max(floats, 2 * scratchLengths.get(slot));
            scratch.set(slot, memory.allocate(length));
            scratchLengths.set(slot, length);
        }
        return scratch.get(slot).address();
    }

    /// Four ints on the card, all 0 while nothing is wrong; a kernel that meets an index which is no row writes 1, the index's place, the table's rows, and the
    /// bits of the index.
    long fault() {
        return fault.address();
    }

    void upload(double[] from, CudaStorage to) {
        bind();
        requireNoCapture("it writes " + to.length() + " numbers from the host");
        if (prefetch.goesTo(to)) prefetch.await(stream);
        staging.upload(from, to);
    }

    /// Copies on a stream of its own; see [gannet.kernel.Kernels#prefetch].
    void prefetch(double[] from, CudaStorage to) {
        bind();
        requireNoCapture("it fetches " + to.length() + " numbers from the host");
        if (cleared) prefetch.follow(stream);
        prefetch.begin(from, to);
    }

    /// Called with every storage that a kernel is given: what was prefetched into it must be there before the kernel runs.
    void given(CudaStorage storage) {
        trace.used(storage);
        if (!prefetch.goesTo(storage)) return;
        requireNoCapture("it reads numbers that are on their way from the host");
        bind();
        prefetch.await(stream);
    }

    void download(CudaStorage from, double[] to) {
        bind();
        requireNoCapture("it reads " + from.length() + " numbers on the host");
        if (prefetch.goesTo(from)) prefetch.await(stream);
        IntBuffer seen = staging.download(from, to, fault.address());
        if (seen.get(0) == 0) return;
        String text = "indices[" + seen.get(1) + "] = " + Float.intBitsToFloat(seen.get(3)) + " is no row of a table of " + seen.get(2) + " rows";
        clear(fault.address(), FAULT);
        throw new IndexOutOfBoundsException(text);
    }

    /// Waits for everything that was launched.
    void synchronise() {
        bind();
        Driver.check(JCudaDriver.cuStreamSynchronize(stream), "running the kernels that were launched since the last look");
        cleared = false;
    }

    /// What watches the launches; [Trace#NONE] if nothing does.
    Trace trace() {
        return trace;
    }

    void trace(Trace next) {
        trace = next;
    }

    /// Runs work and watches what it asks for.
    Trace watched(Runnable work) {
        var watching = new Trace(false);
        trace = watching;
        try {
            work.run();
        } finally {
            trace = Trace.NONE;
        }
        return watching;
    }

    /// Makes a graph that can be launched; null where there is no memory for it. It lives until it is dropped, at the latest until the card is closed.
    CUgraphExec executable(CUgraph graph, String what) {
        var executable = new CUgraphExec();
        int result = JCudaDriver.cuGraphInstantiate(executable, graph, 0);
        if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) return null;
        Driver.check(result, "making a graph of " + what);
        graphs.add(executable);
        return executable;
    }

    void drop(CUgraphExec graph) {
        graphs.remove(graph);
        Driver.check(JCudaDriver.cuGraphExecDestroy(graph), "dropping a graph");
    }

    /// Notes that somebody keeps memory which was to be given out again, and perhaps written by a recording.
    void keptSomething() {
        kept++;
    }

    /// How often somebody did.
    long kept() {
        return kept;
    }

    /// Lets what is launched next wait for a copy on its way to one of these places.
    void await(Set<DeviceMemory.Block> places) {
        if (prefetch.goesTo(places)) prefetch.await(stream);
    }

    /// Notes that a recording did the work of the host.
    void replayed() {
        replays++;
    }

    long replays() {
        return replays;
    }

    /// An obstacle to a recording; while one is made, an exception.
    private void requireNoCapture(String what) {
        trace.obstacle(what);
        if (trace.capturing()) throw new NotReplayableException(what);
    }

    @Override public void close() {
        bind();
        JCudaDriver.cuStreamSynchronize(stream);
        graphs.forEach(JCudaDriver::cuGraphExecDestroy);
        modules.close();
        staging.close();
        prefetch.close();
        memory.close();
        JCudaDriver.cuStreamDestroy(stream);
        JCudaDriver.cuDevicePrimaryCtxRelease(device);
    }
}
