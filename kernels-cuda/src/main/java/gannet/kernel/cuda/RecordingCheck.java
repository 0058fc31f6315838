package gannet.kernel.cuda;

import gannet.kernel.Repeated;
import gannet.kernel.Storage;
import java.util.List;

/// For finding out what [Recording] would do wrong: work is done on the host each time and watched. From two equal runs on, a recording would have repeated
/// them; a run that asks for anything else then is an error. What changes must be a tensor: a number in a custom layer's or loss's field is an argument of a
/// kernel, and a recording keeps the one that it saw.
final class RecordingCheck implements Repeated {
    private final Cuda cuda;
    private final String name;
    private Trace last;
    private boolean recorded;
    private int runs;

    RecordingCheck(Cuda cuda, String name) {
        this.cuda = cuda;
        this.name = name;
    }

    @Override public boolean run(List<Storage> inputs, Runnable work) {
        Trace trace = cuda.watched(work);
        runs++;
        if (trace.obstacle() != null) return true;
        boolean same = last != null && trace.digest() == last.digest();
        if (recorded && !same)
            throw new IllegalStateException("cuda: " + name + " asked for other kernels, numbers or memory in run " + runs + " than before, which a recording would not have noticed: make what changes"
                    + " a tensor, or switch recordings off with " + Graphs.PROPERTY + "=false");
        recorded |= same;
        last = trace;
        return true;
    }
}
