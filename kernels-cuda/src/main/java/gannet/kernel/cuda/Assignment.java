package gannet.kernel.cuda;

import java.util.List;

/// Many copies at few launches. See `assignment.cu`.
final class Assignment {
    /// As in the source.
    private static final int THREADS = 256, EACH = 4, COPIES = 8;

    private final Cuda cuda;
    private final Function assign;

    Assignment(Cuda cuda) {
        this.cuda = cuda;
        assign = cuda.function("assignment", "assign_each");
    }

    /// See [gannet.kernel.Kernels#assign].
    void assign(List<CudaStorage> from, List<CudaStorage> to) {
        for (int first = 0; first < to.size(); first += COPIES) {
            int copies = Math.min(COPIES, to.size() - first), longest = 0;
            Launch launch = cuda.launch(assign);
            for (int i = 0; i < COPIES; i++) {
                boolean there = i < copies;
                launch.to(there ? from.get(first + i) : null).to(there ? to.get(first + i) : null).with(there ? to.get(first + i).length() : 0);
                if (there) longest = Math.max(longest, to.get(first + i).length());
            }
            launch.over(Math.ceilDiv(longest, EACH * THREADS), copies, 1, THREADS);
        }
    }
}
