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
/// The first run is watched. The second is captured: its launches are recorded instead of run. If the two asked for the same, to the last argument and address, the recording is
/// launched, then and from then on; if not, the work is done on the host, watched, and the next run tries again. Work that allocates outside of a workspace or moves
/// numbers between host and card can't be recorded, nor is a recording used when its inputs lie elsewhere. What can't after [#TRIES] runs is done on the host for good, and says why on the console once.
///
/// What a recording reads and writes is held from here, so its memory is not given to anybody else before the recording is dropped.
final class Recording implements Repeated {
    private static final int TRIES = 4;

    private final Cuda cuda;
    private final String name;
    private Trace last;
    private CUgraphExec graph;
    private long[] read;
    private int tries;
    private String hopeless;

    Recording(Cuda cuda, String name) {
        this.cuda = cuda;
        this.name = name;
    }

    @Override public boolean run(List<Storage> inputs, Runnable work) {
        if (graph != null && same(inputs)) {
            replay();
            return false;
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
        last = watched(work);
        if (++tries == TRIES) giveUp();
        return true;
    }

    /// Whether the inputs lie where the recording reads them.
    private boolean same(List<Storage> inputs) {
        return Arrays.equals(places(inputs), read);
    }

    private long[] places(List<Storage> inputs) {
        long[] places = new long[2 * inputs.size()];
        for (int i = 0; i < inputs.size(); i++) {
            places[2 * i] = ((CudaStorage) inputs.get(i)).address();
            places[2 * i + 1] = inputs.get(i).length();
        }
        return places;
    }

    private Trace watched(Runnable work) {
        var trace = new Trace(false);
        cuda.trace(trace);
        try {
            work.run();
        } finally {
            cuda.trace(Trace.NONE);
        }
        return trace;
    }

    /// Records the work; whether it was the same as last time.
    private boolean captured(Runnable work) {
        var trace = new Trace(true);
        var recorded = new CUgraph();
        cuda.bind();
        Driver.check(JCudaDriver.cuStreamBeginCapture(cuda.stream(), CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL), "beginning to record " + name);
        cuda.trace(trace);
        int ended;
        try {
            work.run();
        } catch (NotReplayableException e) {
            last = trace; // its obstacle says why
        } finally {
            cuda.trace(Trace.NONE);
            ended = JCudaDriver.cuStreamEndCapture(cuda.stream(), recorded); // what work.run() threw goes before what this says
        }
        Driver.check(ended, "recording " + name);
        try {
            if (trace.obstacle() != null || trace.digest() != last.digest()) return false;
            var executable = new CUgraphExec();
            Driver.check(JCudaDriver.cuGraphInstantiate(executable, recorded, 0), "making a graph of " + name + ", " + trace.launches() + " launches");
            graph = executable;
            last = trace;
            return true;
        } finally {
            JCudaDriver.cuGraphDestroy(recorded);
        }
    }

    private void replay() {
        cuda.bind();
        Driver.check(JCudaDriver.cuGraphLaunch(graph, cuda.stream()), "replaying " + name);
        for (Storage each : last.changed()) each.changed();
        cuda.replayed();
    }

    private void giveUp() {
        hopeless = last.obstacle() != null ? last.obstacle() : "its launches differ from run to run";
        last = null;
        System.err.println("cuda: " + name + " is not recorded as a graph, but launched kernel by kernel: " + hopeless);
    }
}
