package gannet.examples.lab;

import gannet.io.Npy;
import gannet.kernel.Kernels;
import java.util.SequencedMap;

/// One arm of a lab: its settings, for the record and for the test that arms differ in the remedy's only, and what trains it.
record Arm(String name, SequencedMap<String, Object> settings, Trial trial) {
    /// Trains one seed on kernels of its own, one thread, and gives the arrays to save, by name.
    @FunctionalInterface
    interface Trial {
        SequencedMap<String, Npy> run(Kernels kernels, long seed) throws Exception;
    }
}
