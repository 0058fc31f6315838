package gannet.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Reverse-mode differentiation: `dy/dt` for every named target t, by visiting the operations between them from y back, each after all
/// its readers. Only what lies between is computed: a network whose weights are no targets costs no weight gradients.
///
/// Gradients are tensors. In [#of] they are constants; [#differentiable] records how they were made, so that a penalty on a gradient
/// can be differentiated again, to any order.
public final class Gradients {
    private enum Mode { PLAIN, RECORDED, CONSUMING }

    private final Map<Tensor, Tensor> slots = new IdentityHashMap<>();
    private final Map<Tensor, Boolean> behind = new IdentityHashMap<>();
    private final Mode mode;

    private Gradients(Mode mode) {
        this.mode = mode;
    }

    /// `dy/dt` for each of the targets; y has one element. The graph stays as it is.
    public static Gradients of(Tensor y, List<Tensor> targets) {
        return run(Mode.PLAIN, y, ones(y), targets);
    }

    /// As [#of(Tensor, List)].
    public static Gradients of(Tensor y, Tensor... targets) {
        return of(y, List.of(targets));
    }

    /// The vector-Jacobian product `Σ dy · ∂y/∂t` for a y of any shape.
    public static Gradients of(Tensor y, Tensor dy, List<Tensor> targets) {
        return run(Mode.PLAIN, y, dy, targets);
    }

    /// `dy/dx` as a recorded function of everything that y depends on; y has one element.
    public static Tensor differentiable(Tensor y, Tensor x) {
        return differentiable(y, List.of(x)).get(x);
    }

    /// As [#differentiable(Tensor, Tensor)], for several at once.
    public static Gradients differentiable(Tensor y, List<Tensor> targets) {
        return run(Mode.RECORDED, y, ones(y), targets);
    }

    /// As [#of(Tensor, List)], handing each tensor of the graph back to the workspace as soon as its maker and all its recorded readers were
    /// visited. What an optimiser's step does; neither the graph nor one that shares an operation with it can be used again.
    public static Gradients consuming(Tensor y, List<Tensor> targets) {
        return run(Mode.CONSUMING, y, ones(y), targets);
    }

    /// The gradient of a target.
    public Tensor get(Tensor target) {
        Tensor gradient = slots.get(target);
        if (gradient == null) throw new IllegalArgumentException("tensor " + target.shape() + " was not among the targets");
        return gradient;
    }

    /// Whether the gradients are recorded, so that formulas must be in differentiable operations.
    public boolean recorded() {
        return mode == Mode.RECORDED;
    }

    /// One line of an operation's backward: the gradient of `input` is what `formula` gives, evaluated only if a target lies behind
    /// that input. Several contributions to one tensor add up; a broadcast input's gradient is summed back to its shape here.
    public void of(Tensor input, Supplier<Tensor> formula) {
        if (!behind.getOrDefault(input, false)) return;
        int frame = startFrame();
        Tensor gradient = Reduction.sumTo(formula.get(), input.shape());
        Tensor before = slots.get(input);
        put(input, before == null ? gradient : before.plus(gradient));
        endFrame(frame);
    }

    private void put(Tensor input, Tensor gradient) {
        gradient.data().hold();
        Tensor before = slots.put(input, gradient);
        if (before != null) drop(before);
    }

    private static Tensor ones(Tensor y) {
        if (y.shape().count() != 1)
            throw new IllegalArgumentException("gradient of a tensor " + y.shape() + ": it must have one element; call sum() or mean(), or give dy");
        return Tensor.full(y.kernels(), y.shape(), 1);
    }

    private static Gradients run(Mode mode, Tensor y, Tensor dy, List<Tensor> targets) {
        if (!dy.shape().equals(y.shape())) throw new IllegalArgumentException("gradient: y is " + y.shape() + " and dy " + dy.shape() + "; they must be alike");
        var d = new Gradients(mode);
        List<Tensor> graph = graph(y);
        d.markBehind(graph, targets);
        for (Tensor t : targets)
            if (!d.behind.containsKey(t)) throw unreachable(t, y);
        d.put(y, dy);
        Tensor.recording(mode == Mode.RECORDED, () -> {
            for (Tensor t : graph.reversed()) d.visit(t, y, targets);
            return y;
        });
        for (Tensor t : targets) // reached, but only through steps, whose gradient is 0
            if (!d.slots.containsKey(t)) d.put(t, Tensor.full(t.kernels(), t.shape(), 0));
        return d;
    }

    private static IllegalArgumentException unreachable(Tensor target, Tensor y) {
        return new IllegalArgumentException("no gradient: target " + target.shape() + (target.origin().isEmpty() ? "" : " of layer " + target.origin())
                + " is not reached from y " + y.shape() + "; it wasn't used, or was detached or unrecorded on the way");
    }

    private void visit(Tensor t, Tensor y, List<Tensor> targets) {
        if (t.maker() == null) return;
        Tensor gradient = slots.get(t);
        if (gradient != null) {
            t.requireUnchanged();
            int frame = startFrame();
            try {
                t.maker().backward(t, gradient, this);
            } catch (NonFiniteException e) {
                throw new NonFiniteException("gradient of " + t.maker().name() + (t.origin().isEmpty() ? "" : " in layer " + t.origin()) + ": " + e.getMessage());
            }
            endFrame(frame);
            if (!isTarget(t, targets)) {
                slots.remove(t);
                drop(gradient);
            }
        }
        if (mode == Mode.CONSUMING) {
            for (Tensor input : t.maker().inputs()) drop(input);
            if (t != y) drop(t);
        }
    }

    private static boolean isTarget(Tensor t, List<Tensor> targets) {
        for (Tensor target : targets) if (target == t) return true;
        return false;
    }

    private void drop(Tensor t) {
        if (mode == Mode.RECORDED) t.data().drop();
        else Workspace.drop(t.data());
    }

    private int startFrame() {
        return mode == Mode.RECORDED ? -1 : Workspace.startFrame();
    }

    private static void endFrame(int frame) {
        if (frame >= 0) Workspace.endFrame(frame);
    }

    /// Every tensor that y was made from, inputs before their readers.
    private static List<Tensor> graph(Tensor y) {
        var seen = new IdentityHashMap<Tensor, Boolean>();
        var open = new ArrayDeque<Tensor>();
        var graph = new ArrayList<Tensor>();
        Consumer<Tensor> find = t -> {
            if (seen.put(t, true) == null) {
                graph.add(t);
                open.push(t);
            }
        };
        find.accept(y);
        while (!open.isEmpty()) {
            Tensor t = open.pop();
            if (t.maker() != null) t.maker().inputs().forEach(find);
        }
        graph.sort((a, b) -> Integer.compare(a.depth(), b.depth()));
        return graph;
    }

    /// Finds which tensors have a target behind them.
    private void markBehind(List<Tensor> graph, List<Tensor> targets) {
        var all = new IdentityHashMap<Tensor, Boolean>();
        for (Tensor t : targets) all.put(t, true);
        for (Tensor t : graph) {
            boolean reaches = all.containsKey(t);
            if (t.maker() != null) for (Tensor input : t.maker().inputs()) reaches |= behind.getOrDefault(input, false);
            if (reaches) behind.put(t, true);
        }
    }

    /// The leaves that y was made from: what a training step reads.
    public static List<Tensor> leaves(Tensor y) {
        return graph(y).stream().filter(t -> t.maker() == null).toList();
    }
}
