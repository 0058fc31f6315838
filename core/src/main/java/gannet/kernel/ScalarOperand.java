package gannet.kernel;

import java.util.Arrays;

/// One operand of an elementwise kernel, a block at a time, spread out as [Kernels#zip] has it: why a block is copied at all is told in
/// [ScalarProduct].
final class ScalarOperand {
    final float[] block;

    ScalarOperand(int size) {
        block = new float[size];
    }

    /// Fills the block with elements `from … from + n − 1` of the operand spread over a result: `block[i] = s[((from + i) / every) mod |s|]`.
    float[] load(FloatStorage s, int every, int from, int n) {
        float[] array = s.array();
        int offset = s.offset(), length = s.length();
        if (length == 1) Arrays.fill(block, 0, n, array[offset]);
        else if (every == 1) repeat(array, offset, length, from, n);
        else for (int i = 0; i < n; ) {
            int run = Math.min(n - i, every - (from + i) % every);
            Arrays.fill(block, i, i + run, array[offset + (from + i) / every % length]);
            i += run;
        }
        return block;
    }

    /// One period from the memory, the rest from the block itself, twice as much each time.
    private void repeat(float[] array, int offset, int length, int from, int n) {
        int start = from % length, head = Math.min(n, length - start);
        System.arraycopy(array, offset + start, block, 0, head);
        int period = Math.min(n, length);
        if (head < period) System.arraycopy(array, offset, block, head, period - head);
        for (int done = period; done < n; done *= 2) System.arraycopy(block, 0, block, done, Math.min(done, n - done));
    }
}
