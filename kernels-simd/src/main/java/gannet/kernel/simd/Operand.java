package gannet.kernel.simd;

import gannet.kernel.FloatStorage;
import java.util.Arrays;

/// An operand of [Elementwise#zip] as plain runs of floats: element i of the result takes element `(i / every) mod length`.
final class Operand {
    private final float[] array;
    private final int offset, length, every;
    private final boolean straight;

    Operand(FloatStorage storage, int every, int n) {
        array = storage.array();
        offset = storage.offset();
        length = storage.length();
        this.every = every;
        straight = every == 1 && length >= n;
    }

    /// The worker's buffer for this operand, if it needs one.
    float[] buffer(Worker worker, int slot) {
        return straight ? null : worker.chunk(slot);
    }

    /// An array that holds the `n` elements from `i` on: the operand's own, or `buffer` filled with them.
    float[] at(int i, int n, float[] buffer) {
        if (straight || every == 1 && i % length + n <= length) return array;
        if (every == 1) repeat(i, n, buffer);
        else hold(i, n, buffer);
        return buffer;
    }

    /// Where in the array that [#at] gave the element `i` lies.
    int offset(float[] from, int i) {
        return from == array ? offset + (straight ? i : i % length) : 0;
    }

    private void repeat(int i, int n, float[] buffer) {
        if (length == 1) {
            Arrays.fill(buffer, 0, n, array[offset]);
            return;
        }
        int from = i % length, done = Math.min(n, length - from);
        System.arraycopy(array, offset + from, buffer, 0, done);
        int period = Math.min(n, done + from);
        System.arraycopy(array, offset, buffer, done, period - done);
        for (done = period; done < n; ) {
            int run = Math.min(n - done, done - done % length);
            System.arraycopy(buffer, 0, buffer, done, run);
            done += run;
        }
    }

    private void hold(int i, int n, float[] buffer) {
        for (int done = 0; done < n; ) {
            int at = i + done, run = Math.min(n - done, every - at % every);
            Arrays.fill(buffer, done, done + run, array[offset + at / every % length]);
            done += run;
        }
    }
}
