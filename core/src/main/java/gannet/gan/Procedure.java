package gannet.gan;

import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// How the game is played: who takes how many steps, on batches of what size, and the remedies that belong to the course of training rather than to
/// what is minimised. With `sharedFake`, for 1:1 only, G's step reuses the batch (and its graph) that D's step saw instead of drawing fresh z as the
/// algorithm has it: less work, and what common PyTorch code does. `replay` (null: none) mixes earlier fakes into what D sees. `unrolled` is how far
/// ahead of D the generator looks. `accumulate` batches make one step: the gradient of a batch of `accumulate · batch` in the memory of one of `batch`
/// (batch norm still sees the parts, and so does each look ahead).
public record Procedure(Alternation alternation, int batch, boolean sharedFake, Replay replay, List<Callback> callbacks, Unrolled unrolled, int accumulate) {
    /// Earlier fakes for D beside the newest.
    public interface Replay {
        /// As many fakes as `fake[n,…]` has, some of them from earlier turns.
        Tensor exchange(Tensor fake);

        /// What it keeps, for the checkpoint.
        List<State> states();
    }

    public Procedure {
        callbacks = List.copyOf(callbacks);
        if (batch < 1) throw new IllegalArgumentException("a batch of " + batch + ": it must be at least 1");
        if (accumulate < 1) throw new IllegalArgumentException("the gradients of " + accumulate + " batches a step: it must be at least 1");
        if (sharedFake && !alternation.equals(Alternation.steps(1, 1)))
            throw new IllegalArgumentException("a shared fake batch needs one discriminator step to one generator step, not " + alternation);
        if (sharedFake && unrolled.steps() > 0)
            throw new IllegalArgumentException("a shared fake batch goes with no unrolling: its graph ends at the D of now; leave sharingFakes() out");
        if (sharedFake && accumulate > 1)
            throw new IllegalArgumentException("a shared fake batch goes with no accumulation of " + accumulate + " batches; leave sharingFakes() out");
    }

    /// One step each, on batches of `batch`.
    public static Procedure of(int batch) {
        return new Procedure(Alternation.steps(1, 1), batch, false, null, List.of(), Unrolled.NONE, 1);
    }

    /// With other turns.
    public Procedure with(Alternation turns) {
        return new Procedure(turns, batch, sharedFake, replay, callbacks, unrolled, accumulate);
    }

    /// With earlier fakes for D.
    public Procedure with(Replay earlier) {
        return new Procedure(alternation, batch, sharedFake, earlier, callbacks, unrolled, accumulate);
    }

    /// With one more companion of the steps.
    public Procedure with(Callback callback) {
        List<Callback> all = new ArrayList<>(callbacks);
        all.add(callback);
        return new Procedure(alternation, batch, sharedFake, replay, all, unrolled, accumulate);
    }

    /// With G looking ahead.
    public Procedure with(Unrolled steps) {
        return new Procedure(alternation, batch, sharedFake, replay, callbacks, steps, accumulate);
    }

    /// With the mean gradient of `batches` batches for each step.
    public Procedure accumulating(int batches) {
        return new Procedure(alternation, batch, sharedFake, replay, callbacks, unrolled, batches);
    }

    /// With G's step on the batch that D's step saw.
    public Procedure sharingFakes() {
        return new Procedure(alternation, batch, true, replay, callbacks, unrolled, accumulate);
    }
}
