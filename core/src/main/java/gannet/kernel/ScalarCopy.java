package gannet.kernel;

/// Strided copies: the last axis in a loop, contiguous runs at once, the others by recursion.
final class ScalarCopy {
    private ScalarCopy() {}

    static void copy(StridedCopy c, float[] x, int xo, float[] y, int yo) {
        if (c.sizes().length == 0) y[yo + c.toOffset()] = x[xo + c.fromOffset()];
        else copy(c, 0, x, xo + c.fromOffset(), y, yo + c.toOffset());
    }

    private static void copy(StridedCopy c, int axis, float[] x, int from, float[] y, int to) {
        int size = c.sizes()[axis], fromStride = c.fromStrides()[axis], toStride = c.toStrides()[axis];
        if (axis < c.sizes().length - 1) {
            for (int i = 0; i < size; i++) copy(c, axis + 1, x, from + i * fromStride, y, to + i * toStride);
        } else if (fromStride == 1 && toStride == 1) System.arraycopy(x, from, y, to, size);
        else for (int i = 0; i < size; i++) y[to + i * toStride] = x[from + i * fromStride];
    }
}
