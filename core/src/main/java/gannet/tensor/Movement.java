package gannet.tensor;

import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import gannet.kernel.StridedCopy;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Elements under another shape or in another order. [Move] covers permuting, slicing, padding, flipping and dilating: all are strided
/// copies, and the gradient of one is the copy the other way.
sealed interface Movement extends Operation {
    /// The same elements in the same order; shares its input's storage.
    record Reshape(Tensor x, Shape shape) implements Movement {
        @Override public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override public void forward(Kernels k, Storage y) {
            throw new AssertionError("a view computes nothing");
        }

        @Override public Tensor apply() {
            return Tensor.view(this);
        }

        @Override public void backward(Tensor y, Tensor dy, Gradients d) {
            d.of(x, () -> new Reshape(dy, x.shape()).apply());
        }
    }

    /// Each element to at most one place, zeros elsewhere.
    record Move(Tensor x, StridedCopy c, Shape shape) implements Movement {
        @Override public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override public void forward(Kernels k, Storage y) {
            k.copy(c, x.data(), y);
        }

        @Override public void backward(Tensor y, Tensor dy, Gradients d) {
            var back = new StridedCopy(c.sizes(), c.toOffset(), c.toStrides(), c.fromOffset(), c.fromStrides());
            d.of(x, () -> new Move(dy, back, x.shape()).apply());
        }
    }

    static Tensor reshape(Tensor x, int... sizes) {
        int[] filled = sizes.clone();
        int known = 1, open = -1;
        for (int i = 0; i < sizes.length; i++)
            if (sizes[i] == -1 && open < 0) open = i;
            else known *= sizes[i];
        if (open >= 0 && known > 0) filled[open] = x.shape().count() / known;
        Shape shape = known > 0 && (open < 0 || filled[open] > 0) ? Shape.of(filled) : null;
        if (shape == null || shape.count() != x.shape().count())
            throw new IllegalArgumentException("reshape: " + x.shape() + " with " + x.shape().count() + " elements doesn't fit " + Arrays.toString(sizes));
        return shape.equals(x.shape()) ? x : new Reshape(x, shape).apply();
    }

    static Tensor permute(Tensor x, int... axes) {
        int[] sorted = axes.clone();
        Arrays.sort(sorted);
        if (!Arrays.equals(sorted, IntStream.range(0, x.shape().rank()).toArray()))
            throw new IllegalArgumentException("permute: " + Arrays.toString(axes) + " doesn't name each axis of " + x.shape() + " once");
        int[] from = x.shape().strides(), sizes = new int[axes.length], strides = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            sizes[i] = x.shape().size(axes[i]);
            strides[i] = from[axes[i]];
        }
        Shape shape = Shape.of(sizes);
        return new Move(x, new StridedCopy(sizes, 0, strides, 0, shape.strides()), shape).apply();
    }

    static Tensor slice(Tensor x, int axis, int from, int to) {
        int a = axis("slice", x, axis);
        if (from < 0 || to > x.shape().size(a) || from >= to)
            throw new IllegalArgumentException("slice: " + from + " to " + to + " of axis " + axis + " of " + x.shape());
        if (to - from == x.shape().size(a)) return x;
        Shape shape = x.shape().with(a, to - from);
        int[] strides = x.shape().strides();
        return new Move(x, new StridedCopy(shape.sizes(), from * strides[a], strides, 0, shape.strides()), shape).apply();
    }

    static Tensor pad(Tensor x, int axis, int before, int after) {
        int a = axis("pad", x, axis);
        if (before < 0 || after < 0) throw new IllegalArgumentException("pad: " + before + " and " + after + " must be at least 0");
        if (before + after == 0) return x;
        Shape shape = x.shape().with(a, before + x.shape().size(a) + after);
        int[] strides = shape.strides();
        return new Move(x, new StridedCopy(x.shape().sizes(), 0, x.shape().strides(), before * strides[a], strides), shape).apply();
    }

    static Tensor flip(Tensor x, int axis) {
        int a = axis("flip", x, axis);
        int[] strides = x.shape().strides(), to = strides.clone();
        int last = (x.shape().size(a) - 1) * strides[a];
        to[a] = -strides[a];
        return new Move(x, new StridedCopy(x.shape().sizes(), 0, strides, last, to), x.shape()).apply();
    }

    private static int axis(String operation, Tensor x, int axis) {
        int a = axis < 0 ? x.shape().rank() + axis : axis;
        if (a < 0 || a >= x.shape().rank()) throw new IllegalArgumentException(operation + ": axis " + axis + " of " + x.shape());
        return a;
    }

    /// The tensors one after the other along an axis; their other sizes must agree.
    static Tensor concat(int axis, List<Tensor> parts) {
        int total = 0, before = 0;
        for (Tensor t : parts) {
            int a = axis("concat", t, axis);
            if (!t.shape().with(a, 1).equals(parts.getFirst().shape().with(a, 1)))
                throw new IllegalArgumentException("concat along axis " + axis + ": " + t.shape() + " beside " + parts.getFirst().shape()
                        + "; all other sizes must be equal");
            total += t.shape().size(a);
        }
        Tensor all = null;
        for (Tensor t : parts) {
            int size = t.shape().size(axis);
            Tensor padded = pad(t, axis, before, total - before - size);
            all = all == null ? padded : all.plus(padded);
            before += size;
        }
        return all;
    }
}
