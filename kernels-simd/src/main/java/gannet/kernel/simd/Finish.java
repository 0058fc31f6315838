package gannet.kernel.simd;

import gannet.kernel.Activation;
import gannet.kernel.FloatStorage;
import gannet.kernel.Unary;

/// What is done to a block of a product while it is still in cache: `y = act(y + bias)`.
final class Finish {
    static final Finish NONE = new Finish(null, null);

    /// A few channels are added as a pattern of several pixels, as a vector is wider than one; a whole number of vectors long where that fits, as a
    /// vector that is stored in part and read again at once waits for the store.
    private static final int PATTERN = 256, VECTOR = 16;

    private final float[] bias, pattern;
    private final int biasAt;
    private final Unary activation;

    /// `bias` and `activation` may be null.
    Finish(FloatStorage bias, Activation activation) {
        this.bias = bias == null ? null : bias.array();
        biasAt = bias == null ? 0 : bias.offset();
        this.activation = activation == null ? null : activation.function();
        pattern = bias == null || bias.length() > PATTERN / 2 ? null : new float[patternLength(bias.length())];
        for (int i = 0; pattern != null && i < pattern.length; i++) pattern[i] = this.bias[biasAt + i % bias.length()];
    }

    private static int patternLength(int channels) {
        int vectors = channels;
        while (vectors % 2 == 0 && vectors * VECTOR / 2 % channels == 0) vectors /= 2; // channels · VECTOR / gcd
        int unit = vectors * VECTOR <= PATTERN ? vectors * VECTOR : channels;
        return PATTERN / unit * unit;
    }

    /// Rows 0 … m − 1 of the table, columns `from` to `to`.
    void apply(float[] y, int[] rows, int m, int shift, int from, int to) {
        if (bias == null && activation == null) return;
        for (int i = 0; i < m; i++) row(y, rows[i] + shift, from, to);
    }

    private void row(float[] y, int at, int from, int to) {
        if (bias != null) Elementwise.add(y, at + from, bias, biasAt + from, to - from);
        if (activation != null) Elementwise.map(activation, y, at + from, y, at + from, to - from);
    }

    /// Adds the bias of the columns `from` to `from + width` to `count` rows of just those, one after the other.
    void bias(float[] y, int at, int count, int from, int width) {
        if (bias == null) return;
        for (int i = 0; i < count; i++) Elementwise.add(y, at + i * width, bias, biasAt + from, width);
    }

    /// Applies the activation to `n` values, whose bias has been added.
    void activate(float[] y, int at, int n) {
        if (activation != null) Elementwise.map(activation, y, at, y, at, n);
    }

    /// `count` rows of `c`, one after the other.
    void rows(float[] y, int at, int count, int c) {
        if (bias != null) {
            float[] added = pattern == null ? bias : pattern;
            int start = pattern == null ? biasAt : 0, length = pattern == null ? c : pattern.length;
            for (int i = 0; i < count * c; i += length) Elementwise.add(y, at + i, added, start, Math.min(length, count * c - i));
        }
        if (activation != null) Elementwise.map(activation, y, at, y, at, count * c);
    }
}
