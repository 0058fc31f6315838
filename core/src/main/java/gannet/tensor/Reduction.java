package gannet.tensor;

import gannet.kernel.Comparison;
import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import gannet.kernel.StridedCopy;
import java.util.List;

/// Sum and broadcast, each the other's gradient; and the greatest element. An axis block is seen as `x[outer, axis, inner]`.
sealed interface Reduction extends Operation {
    /// `x[outer, axis, inner] → y[outer, inner]`, `y = Σ x` over the axis.
    record Sum(Tensor x, int outer, int axis, int inner, Shape shape) implements Reduction {
        @Override public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override public void forward(Kernels k, Storage y) {
            k.reduce(gannet.kernel.Reduction.SUM, outer, axis, inner, x.data(), y);
        }

        @Override public void backward(Tensor y, Tensor dy, Gradients d) {
            d.of(x, () -> new Broadcast(dy, outer, axis, inner, x.shape()).apply());
        }
    }

    /// `x[outer, inner] → y[outer, axis, inner]`, the same for all of the axis.
    record Broadcast(Tensor x, int outer, int axis, int inner, Shape shape) implements Reduction {
        @Override public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override public void forward(Kernels k, Storage y) {
            k.copy(new StridedCopy(new int[] {outer, axis, inner}, 0, new int[] {inner, 0, 1}, 0, new int[] {axis * inner, inner, 1}), x.data(), y);
        }

        @Override public void backward(Tensor y, Tensor dy, Gradients d) {
            d.of(x, () -> new Sum(dy, outer, axis, inner, x.shape()).apply());
        }
    }

    /// `x[outer, axis, inner] → y[outer, inner]`, the greatest of the axis.
    record Max(Tensor x, int outer, int axis, int inner, Shape shape) implements Reduction {
        @Override public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override public void forward(Kernels k, Storage y) {
            k.reduce(gannet.kernel.Reduction.MAX, outer, axis, inner, x.data(), y);
        }

        @Override public void backward(Tensor y, Tensor dy, Gradients d) {
            d.of(x, () -> new Broadcast(dy, outer, axis, inner, x.shape()).apply().times(share(y)));
        }

        /// One over the number of greatest elements, at each of them; else 0.
        private Tensor share(Tensor y) {
            return Tensor.unrecorded(() -> {
                Tensor greatest = new Broadcast(y, outer, axis, inner, x.shape()).apply();
                Tensor zero = Tensor.constant(x.kernels(), 0), one = Tensor.constant(x.kernels(), 1);
                Tensor hit = Tensor.select(Comparison.EQUAL, x, greatest, one, zero);
                Tensor hits = new Sum(hit, outer, axis, inner, shape).apply();
                return hit.dividedBy(new Broadcast(hits, outer, axis, inner, x.shape()).apply());
            });
        }
    }

    /// Sums the axes `from` to `to`; kept axes get size 1, others go.
    static Tensor sum(Tensor x, int from, int to, boolean keep) {
        Shape s = x.shape();
        if (from < 0 || to > s.rank() || from > to) throw new IllegalArgumentException("sum: axes " + from + " to " + to + " of " + s);
        Shape result = keep ? s : Shape.of();
        if (keep) for (int axis = from; axis < to; axis++) result = result.with(axis, 1);
        if (result.equals(s)) return x;
        return new Sum(x, s.count(0, from), s.count(from, to), s.count(to, s.rank()), result).apply();
    }

    static Tensor max(Tensor x, int axis) {
        Shape s = x.shape();
        int a = axis < 0 ? s.rank() + axis : axis;
        if (a < 0 || a >= s.rank()) throw new IllegalArgumentException("max: axis " + axis + " of " + s);
        return new Max(x, s.count(0, a), s.size(a), s.count(a + 1, s.rank()), s.with(a, 1)).apply();
    }

    /// One [Broadcast] for each run of neighbouring axes that are repeated.
    static Tensor broadcast(Tensor x, Shape target) {
        if (x.shape().equals(target)) return x;
        if (!Shape.broadcast("broadcast", x.shape(), target).equals(target))
            throw new IllegalArgumentException("broadcast: " + x.shape() + " doesn't fit into " + target);
        int[] sizes = new int[target.rank()];
        for (int i = 0; i < sizes.length; i++) {
            int from = i - sizes.length + x.shape().rank();
            sizes[i] = from < 0 ? 1 : x.shape().size(from);
        }
        Tensor y = x.shape().rank() == sizes.length ? x : x.reshape(sizes);
        for (int first = 0; first < sizes.length; first++) {
            int last = first;
            for (; last < sizes.length && sizes[last] == 1 && target.size(last) != 1; last++) sizes[last] = target.size(last);
            if (last > first)
                y = new Broadcast(y, y.shape().count(0, first), target.count(first, last), y.shape().count(last, sizes.length), Shape.of(sizes)).apply();
        }
        return y;
    }

    /// Undoes a broadcast of `shape` by summing what was repeated: the last step of any gradient formula.
    static Tensor sumTo(Tensor y, Shape shape) {
        int added = y.shape().rank() - shape.rank();
        for (int first = 0; first < y.shape().rank(); first++) {
            int last = first;
            while (last < y.shape().rank() && y.shape().size(last) != 1 && (last < added || shape.size(last - added) == 1)) last++;
            if (last > first) y = sum(y, first, last, true);
        }
        if (y.shape().equals(shape)) return y;
        if (!Shape.broadcast("gradient", shape, y.shape()).equals(y.shape()))
            throw new IllegalArgumentException("gradient: a formula gave " + y.shape() + " for an input " + shape);
        return y.reshape(shape.sizes());
    }
}
