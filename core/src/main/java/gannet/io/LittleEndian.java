package gannet.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Writes arrays of numbers, little-endian, through one small block: no array is copied as a whole.
final class LittleEndian {
    private static final int BYTES = 1 << 16;

    private final OutputStream out;
    private final ByteBuffer block = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);

    LittleEndian(OutputStream out) {
        this.out = out;
    }

    void floats(float[] values) throws IOException {
        for (int at = 0; at < values.length; ) {
            int count = Math.min(BYTES / 4, values.length - at);
            block.asFloatBuffer().put(values, at, count);
            out.write(block.array(), 0, 4 * count);
            at += count;
        }
    }

    /// Each rounded to a float.
    void floats(double[] values) throws IOException {
        for (int at = 0; at < values.length; ) {
            int count = Math.min(BYTES / 4, values.length - at);
            for (int i = 0; i < count; i++) block.putFloat(4 * i, (float) values[at + i]);
            out.write(block.array(), 0, 4 * count);
            at += count;
        }
    }

    void doubles(double[] values) throws IOException {
        for (int at = 0; at < values.length; ) {
            int count = Math.min(BYTES / 8, values.length - at);
            block.asDoubleBuffer().put(values, at, count);
            out.write(block.array(), 0, 8 * count);
            at += count;
        }
    }

    void longs(long[] values) throws IOException {
        for (int at = 0; at < values.length; ) {
            int count = Math.min(BYTES / 8, values.length - at);
            block.asLongBuffer().put(values, at, count);
            out.write(block.array(), 0, 8 * count);
            at += count;
        }
    }
}
