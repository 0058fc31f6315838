package gannet.tensor;

/// One named piece of memory of a network, an optimiser, a data source: whatever must be the same for a run to go on as if it had
/// never stopped. The freeze hash, the checkpoint and the roll-back all use the one list of states that each part gives.
public interface State {
    /// Unique within a run: `generator.0.weight`.
    String name();

    Shape shape();

    /// Copies the elements to `to`, of [#shape]'s count.
    void read(double[] to);

    /// Sets the elements, which must be as many.
    void write(double[] from);

    /// Whether the elements are doubles (counters, the reference back end) rather than 32-bit floats.
    boolean wide();

    /// A state that is a tensor living outside of any workspace. `owner` is whose commit changes it; [#frozen] stops that.
    final class OfTensor implements State {
        private final String name;
        private final Tensor tensor;
        private Object owner;
        private boolean frozen;

        public OfTensor(String name, Tensor tensor) {
            this.name = name;
            this.tensor = tensor;
        }

        @Override public String name() {
            return name;
        }

        @Override public Shape shape() {
            return tensor.shape();
        }

        public Tensor tensor() {
            return tensor;
        }

        @Override public void read(double[] to) {
            tensor.data().kernels().read(tensor.data(), to);
        }

        @Override public void write(double[] from) {
            tensor.data().kernels().write(from, tensor.data());
            tensor.data().changed();
        }

        @Override public boolean wide() {
            return tensor.data().kernels().elementBytes() == Double.BYTES;
        }

        public Object owner() {
            return owner;
        }

        public void owner(Object owner) {
            this.owner = owner;
        }

        /// While frozen, [#moveTowards] does nothing.
        public void frozen(boolean frozen) {
            this.frozen = frozen;
        }

        /// Stages `state ← state + weight · (value − state)` for the end of the step (at once where no workspace is open).
        public void moveTowards(Tensor value, double weight) {
            if (!frozen) Workspace.stage(this, value, weight);
        }
    }
}
