package gannet.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/// The sizes of a tensor's axes, outermost first; images are `[n,h,w,c]`. The shape `[]` is a single number.
public final class Shape {
    private final int[] sizes;
    private final int count;

    private Shape(int[] sizes) {
        long count = 1;
        for (int size : sizes) {
            if (size < 1) throw new IllegalArgumentException("shape " + Arrays.toString(sizes) + ": every size must be at least 1");
            count *= size;
            if (count > Integer.MAX_VALUE)
                throw new IllegalArgumentException("shape " + Arrays.toString(sizes) + " has more than " + Integer.MAX_VALUE + " elements");
        }
        this.sizes = sizes;
        this.count = (int) count;
    }

    /// A shape of these sizes, each at least 1; none: a single number.
    public static Shape of(int... sizes) {
        return new Shape(sizes.clone());
    }

    /// The number of axes.
    public int rank() {
        return sizes.length;
    }

    /// The size of an axis; a negative axis counts from the last, −1.
    public int size(int axis) {
        return sizes[axis < 0 ? sizes.length + axis : axis];
    }

    /// The number of elements.
    public int count() {
        return count;
    }

    /// A copy of the sizes.
    public int[] sizes() {
        return sizes.clone();
    }

    /// The product of the sizes of the axes `from` to `to`, exclusive.
    public int count(int from, int to) {
        int count = 1;
        for (int axis = from; axis < to; axis++) count *= sizes[axis];
        return count;
    }

    /// How far apart two neighbours along each axis lie.
    int[] strides() {
        int[] strides = new int[sizes.length];
        for (int axis = sizes.length - 1, stride = 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= sizes[axis];
        }
        return strides;
    }

    /// This shape with one axis of another size.
    public Shape with(int axis, int size) {
        int[] changed = sizes.clone();
        changed[axis < 0 ? sizes.length + axis : axis] = size;
        return new Shape(changed);
    }

    /// `[n,1,…,1]` of as many axes: one number for each sample.
    public Shape perSample() {
        int[] ones = sizes.clone();
        Arrays.fill(ones, 1, ones.length, 1);
        return new Shape(ones);
    }

    /// The shape that two broadcast to: aligned at the last axis, each axis' sizes equal or one of them 1.
    static Shape broadcast(Object operation, Shape a, Shape b) {
        int[] sizes = new int[Math.max(a.rank(), b.rank())];
        for (int i = 1; i <= sizes.length; i++) {
            int left = i <= a.rank() ? a.size(-i) : 1, right = i <= b.rank() ? b.size(-i) : 1;
            if (left != right && left != 1 && right != 1)
                throw new IllegalArgumentException(Scope.place() + operation + ": " + a + " and " + b + " don't broadcast: axis " + -i + " has sizes " + left
                        + " and " + right + "; they must be equal, or one of them 1");
            sizes[sizes.length - i] = left == 1 ? right : left;
        }
        return new Shape(sizes);
    }

    @Override public boolean equals(Object other) {
        return other instanceof Shape s && Arrays.equals(sizes, s.sizes);
    }

    @Override public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    @Override public String toString() {
        return Arrays.stream(sizes).mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]"));
    }
}
