package gannet.nn;

import gannet.tensor.Functions;
import gannet.tensor.Scope;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;

/// One more feature that says how much the samples of a group differ: `x[n,h,w,c] → [n,h,w,c+1]`, `x[n,f] → [n,f+1]`. Over the group, the standard deviation
/// of every feature at every place; its mean over all of these is the new feature, the same everywhere and for the whole group; Karras et al. 2018, §3.
///
/// A group is `group` samples (the paper's code has 4) or, where these don't divide the batch, the whole batch. As in that code a group is spread over the
/// batch, samples i, i + n/group, …, the variance is the biased one, and 1e-8 is added to it inside the root. A sample's output depends on its group then; the
/// paper has it beside a gradient penalty all the same.
public record MinibatchStddev(int group) implements Layer {
    private static final double EPSILON = 1e-8;

    public MinibatchStddev {
        if (group < 2) throw new IllegalArgumentException("minibatch stddev over groups of " + group + ": a group must have at least 2 samples");
    }

    /// Groups of 4.
    public MinibatchStddev() {
        this(4);
    }

    @Override public Tensor apply(Tensor x) {
        Shape s = x.shape();
        if (s.rank() < 2) throw new IllegalArgumentException(Scope.place() + "minibatch stddev: input " + s + "; needed: [n,f] or [n,h,w,c]");
        int n = s.size(0), size = n % group == 0 ? group : n, groups = n / size;
        Tensor grouped = x.reshape(size, groups, -1), centred = grouped.minus(grouped.mean(0, 1));
        Tensor deviation = centred.square().mean(0, 1).plus(EPSILON).sqrt().mean(2, 3);
        Shape added = s.with(s.rank() - 1, 1);
        Tensor feature = deviation.broadcastTo(Shape.of(size, groups, added.count() / n)).reshape(added.sizes());
        return Functions.concat(-1, x, feature);
    }
}
