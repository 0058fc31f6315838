package gannet.kernel.cuda;

import gannet.kernel.Repeated;
import gannet.kernel.Storage;
import java.util.Arrays;
import java.util.List;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/// Work that is done again and again, as one CUDA graph: hundreds of launches become one, and the host's own work (tensors, gradients, shapes) is saved.
///
/// The first run is watched. The second is captured: its launches are recorded instead of run. If the two asked for the same, to the last argument and address,
/// the recording is launched, then and from then on; if not, the work is done on the host, watched, and the next run tries again. Work that allocates outside
/// of a workspace or moves numbers between host and card can't be recorded, nor is a recording used when its inputs lie elsewhere. What can't after [#TRIES]
/// runs is done on the host for good, and says why on the console once.
///
/// What a recording reads and writes is held from here, so its memory is not given to anybody else before the recording is dropped. That also happens when
/// somebody keeps a tensor in memory that the recording writes to; then it is made anew, elsewhere.
final class Recording implements Repeated {
    private static final int TRIES = 4;

    private final Cuda cuda;
    private final String name;
    private Trace last;
    private CUgraphExec graph;
    private long[] read;
    private long keptBefore;
    private int tries;
    private String hopeless;
    private boolean toldOfInputs;

    Recording(Cuda cuda, String name) {
        this.cuda = cuda;
        this.name = name;
    }

    @Override public boolean run(List<Storage> inputs, Runnable work) {
        if (graph != null && overtaken()) drop();
        if (graph != null && Arrays.equals(places(inputs), read)) {
            replay();
            return false;
        }
        if (graph != null && !toldOfInputs) {
            toldOfInputs = true;
            tell("its inputs lie elsewhere from time to time");
        }
        if (graph != null || hopeless != null || cuda.trace() != Trace.NONE) {
            work.run();
            return true;
        }
        if (last != null && last.obstacle() == null && captured(work)) {
            read = places(inputs);
            replay();
            return false;
        }
        last = cuda.watched(work);
        if (hopeless == null && ++tries == TRIES) giveUp(last.obstacle() != null ? last.obstacle() : "its launches differ from run to run");
        return true;
    }

    private static long[] places(List<Storage> inputs) {
        long[] places = new long[2 * inputs.size()];
        for (int i = 0; i < inputs.size(); i++) {
            places[2 * i] = ((CudaStorage) inputs.get(i)).address();
            places[2 * i + 1] = inputs.get(i).length();
        }
        return places;
    }

    /// Whether somebody keeps memory, since the recording was made, that it writes to.
    private boolean overtaken() {
        if (keptBefore == cuda.kept()) return false;
        keptBefore = cuda.kept();
        return last.used().stream().anyMatch(DeviceMemory.Block::kept);
    }

    private void drop() {
        cuda.drop(graph);
        graph = null;
        last = null;
        tries = 0;
    }

    /// Records the work; whether it was the same as last time.
    private boolean captured(Runnable work) {
        var trace = new Trace(true);
        var recorded = new CUgraph();
        cuda.bind();
        Driver.check(JCudaDriver.cuStreamBeginCapture(cuda.stream(), CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL), "beginning to record " + name);
        cuda.trace(trace);
        int ended = 0;
        try {
            try {
                work.run();
            } catch (NotReplayableException e) {
                last = trace; // its obstacle says why
            } finally {
                cuda.trace(Trace.NONE);
                ended = JCudaDriver.cuStreamEndCapture(cuda.stream(), recorded); // what work.run() threw goes before what this says
            }
            Driver.check(ended, "recording " + name);
            if (trace.obstacle() != null || trace.digest() != last.digest()) return false;
            graph = cuda.executable(recorded, name + ", " + trace.launches() + " launches");
            if (graph == null) giveUp("there is no device memory for its graph of " + trace.launches() + " launches");
            else last = trace;
            keptBefore = cuda.kept();
            return graph != null;
        } finally {
            if (ended == 0) JCudaDriver.cuGraphDestroy(recorded);
        }
    }

    private void replay() {
        cuda.bind();
        cuda.await(last.used());
        Driver.check(JCudaDriver.cuGraphLaunch(graph, cuda.stream()), "replaying " + name);
        for (Storage each : last.changed()) each.changed();
        cuda.replayed();
    }

    private void giveUp(String why) {
        hopeless = why;
        last = null;
        tell(why);
    }

    private void tell(String why) {
        System.err.println("cuda: " + name + " is not replayed as a graph, but launched kernel by kernel: " + why);
    }
}
