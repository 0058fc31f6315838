package gannet.kernel;

import java.util.List;

/// One call of one kernel: what the suite runs on the reference and on a back end, for the first time and for the 20,000th, on one
/// thread and on several.
record Call(String name, List<Operand> operands, Tolerance tolerance, Run run) {
    /// Calls the kernel on the operands' storages, in the operands' order.
    interface Run {
        void on(Kernels k, Storage[] s);
    }
}
