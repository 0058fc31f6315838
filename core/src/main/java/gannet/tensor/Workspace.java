package gannet.tensor;

import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import java.util.ArrayList;
import java.util.List;

/// The memory of one training step. While it is open, every result of its thread comes from it; closing it takes all of that back, except what [Tensor#keep]
/// took out, and the next step is given the same memory again, so that a steady loop allocates nothing.
///
/// Inside, a *frame* is the workspace of one backward formula: closing it takes back what was made since and nobody holds. Free memory is kept by size, four
/// size classes to the octave, so that a step's different shapes share it. Each time the workspace is opened, it gives out the same memory in the same order:
/// steps that ask for the same get the same, which is what lets a device repeat a step that it recorded ([gannet.kernel.Repeated]).
public final class Workspace implements AutoCloseable {
    /// A change of state that waits for its step's commit: `target ← target + weight · (value − target)`.
    record Staged(State.OfTensor target, Tensor value, double weight) {}

    /// A piece of the workspace's memory: the owner of each storage that is made of it in turn.
    private static final class Block {
        final Workspace workspace;
        final int number;
        Storage last;

        Block(Workspace workspace, int number) {
            this.workspace = workspace;
            this.number = number;
        }
    }

    /// The free blocks of one size, taken from the end.
    private static final class Pool {
        final ArrayList<Block> free = new ArrayList<>();
        boolean touched;

        /// In the order in which they were made, the first to be taken first.
        void sort() {
            if (touched) free.sort((a, b) -> Integer.compare(b.number, a.number));
            touched = false;
        }
    }

    private final Kernels kernels;
    private final List<Pool> pools = new ArrayList<>();
    /// What was given out and its maker still holds; behind a frame's start, what the frame made.
    private final ArrayList<Storage> live = new ArrayList<>();
    /// What outlived its frame because somebody else holds it.
    private final ArrayList<Storage> survivors = new ArrayList<>();
    private final ArrayList<Staged> staged = new ArrayList<>();
    private int blocks;
    private long elements;
    private Workspace outer;
    private boolean open;

    /// A workspace for tensors of one back end; nothing is allocated until it is used.
    public Workspace(Kernels kernels) {
        this.kernels = kernels;
        for (int i = 0; i < 4 * Integer.SIZE; i++) pools.add(new Pool());
    }

    /// The bytes of all memory that it has come to hold: what its greatest step needs.
    public long bytes() {
        return elements * kernels.elementBytes();
    }

    /// Opens it for this thread: `try (var _ = workspace.open()) { … one step … }`.
    public Workspace open() {
        if (open) throw new IllegalStateException("the workspace is open already: close it (try-with-resources) before its next step");
        var scope = Scope.current();
        outer = scope.workspace;
        scope.workspace = this;
        open = true;
        return this;
    }

    /// Takes back everything; changes of state that were staged and not committed are forgotten.
    @Override public void close() {
        if (!open || Scope.current().workspace != this)
            throw new IllegalStateException("the workspace is not the innermost one open on this thread: close the inner ones first (try-with-resources)");
        for (Storage s : live) if (owns(s)) takeBack(s);
        for (Storage s : survivors) if (owns(s)) takeBack(s);
        for (Pool pool : pools) pool.sort();
        live.clear();
        survivors.clear();
        staged.clear();
        Scope.current().workspace = outer;
        open = false;
    }

    /// Memory for a result: of the thread's workspace, or the garbage collector's where none is open.
    static Storage allocate(Kernels kernels, int length) {
        Workspace w = Scope.current().workspace;
        return w != null && w.kernels == kernels ? w.take(length) : kernels.allocate(length);
    }

    /// Notes one more maker's hold on `s`, that of a view: a frame drops it with the others.
    static void share(Storage s) {
        if (s.owner() instanceof Block b && b.workspace == Scope.current().workspace) b.workspace.live.add(s);
    }

    private boolean owns(Storage s) {
        return s.owner() instanceof Block b && b.workspace == this;
    }

    private Storage take(int length) {
        int index = sizeClass(length);
        Pool pool = pools.get(index);
        pool.touched = true;
        Block block = pool.free.isEmpty() ? fresh(index) : pool.free.removeLast();
        Storage s = block.last.recycled(length);
        block.last = s;
        s.owner(block);
        live.add(s);
        return s;
    }

    private Block fresh(int index) {
        var block = new Block(this, blocks++);
        block.last = kernels.allocate(capacity(index));
        elements += capacity(index);
        return block;
    }

    private void takeBack(Storage s) {
        s.release();
        pools.get(sizeClass(s.capacity())).free.add((Block) s.owner());
        s.owner(null);
    }

    /// Gives `s` back if it came from an open workspace; memory from elsewhere is left to the garbage collector.
    static void recycle(Storage s) {
        if (s.owner() instanceof Block b) b.workspace.takeBack(s);
    }

    /// Drops a hold; the last one gives the memory back.
    static void drop(Storage s) {
        if (s.drop()) recycle(s);
    }

    /// Class 4e + q holds capacities up to 2^e · (1 + (q + 1)/4), e the exponent of length − 1.
    private static int sizeClass(int length) {
        if (length <= 8) return 0;
        int exponent = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(length - 1);
        return 4 * exponent + ((length - 1) >>> (exponent - 2) & 3);
    }

    private static int capacity(int index) {
        if (index == 0) return 8;
        long capacity = (1L << index / 4) + ((index % 4 + 1L) << (index / 4 - 2));
        return (int) Math.min(capacity, Integer.MAX_VALUE - 64);
    }

    /// Starts a frame; to be ended by [#endFrame] with what this returns.
    static int startFrame() {
        Workspace w = Scope.current().workspace;
        return w == null ? 0 : w.live.size();
    }

    /// Drops the makers' hold on what was made since `start`: what nobody else holds is taken back, the rest lives until its last hold
    /// is dropped or the workspace closes.
    static void endFrame(int start) {
        Workspace w = Scope.current().workspace;
        if (w == null) return;
        while (w.live.size() > start) {
            Storage s = w.live.removeLast();
            if (!w.owns(s)) continue;
            if (s.drop()) w.takeBack(s);
            else w.survivors.add(s);
        }
    }

    /// Changes `target` to `target + weight · (value − target)`: at its owner's commit where a workspace is open, at once elsewhere.
    static void stage(State.OfTensor target, Tensor value, double weight) {
        Workspace w = Scope.current().workspace;
        var change = new Staged(target, value, weight);
        if (w != null && target.owner() == null)
            throw new IllegalStateException("state '" + target.name() + "' " + target.shape() + " is changed but listed by no network; list it in its layer's with(Parts)");
        if (w != null) w.staged.add(change);
        else change(change, null);
    }

    /// The staged values that belong to `owner`, for the check that comes before a commit.
    public List<Tensor> staged(Object owner) {
        return staged.stream().filter(s -> s.target.owner() == owner).map(Staged::value).toList();
    }

    /// Commits what is staged for `owner`, in the order in which it was staged, unless `flag[0]` is set.
    public void commit(Object owner, Tensor flag) {
        for (Staged s : staged) if (s.target.owner() == owner) change(s, flag);
        staged.removeIf(s -> s.target.owner() == owner);
    }

    private static void change(Staged s, Tensor flag) {
        Tensor target = s.target.tensor();
        target.kernels().moveTowards(s.weight, flag == null ? Tensor.constant(target.kernels(), 0).data() : flag.data(), s.value.data(), target.data());
        target.data().changed();
    }

    /// The thread's open workspace, or null.
    public static Workspace current() {
        return Scope.current().workspace;
    }
}
