package gannet.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/// An array of 32-bit floats in NumPy's `.npy` format, version 1.0: `np.load` reads it, for instance as images `[n,h,w,c]`. Little-endian
/// (`<f4`), the last index running fastest.
public record Npy(int[] shape, float[] values) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    /// NumPy aligns the data to this, so that a file can be mapped into memory.
    private static final int ALIGNMENT = 64;
    private static final int PREFIX = 10;
    private static final Pattern HEADER = Pattern.compile("\\{'descr': '([^']*)', 'fortran_order': (True|False), 'shape': \\(([0-9, ]*)\\), *\\} *\n");

    public Npy {
        if (elements(shape) != values.length)
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " has " + elements(shape) + " elements, not "
                    + values.length);
    }

    /// Writes the array to `file`.
    public void write(Path file) throws IOException {
        AtomicFile.write(file, out -> {
            out.write(header());
            new LittleEndian(out).floats(values);
        });
    }

    private byte[] header() {
        var dimensions = new StringBuilder();
        for (int i = 0; i < shape.length; i++) dimensions.append(i == 0 ? "" : ", ").append(shape[i]);
        if (shape.length == 1) dimensions.append(',');
        String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + dimensions + "), }";
        int length = PREFIX + dictionary.length() + 1, padding = -length & ALIGNMENT - 1;
        byte[] text = (dictionary + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(length + padding).order(ByteOrder.LITTLE_ENDIAN).put(MAGIC).putShort((short) text.length).put(text).array();
    }

    /// Reads a file as [#write] or `np.save` of a C-ordered float32 array makes it; anything else is refused.
    public static Npy read(Path file) throws IOException {
        try (var in = InputFile.open(file)) {
            return read(file.toString(), in);
        }
    }

    private static Npy read(String file, InputStream in) throws IOException {
        byte[] prefix = in.readNBytes(PREFIX);
        if (prefix.length < PREFIX || !Arrays.equals(prefix, 0, MAGIC.length, MAGIC, 0, MAGIC.length))
            throw new FormatException(file, "does not start as a NumPy file of version 1.0 does");
        int length = (prefix[8] & 0xFF) | (prefix[9] & 0xFF) << 8;
        var header = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
        if (header.length() < length) throw new FormatException(file, "ends in its header, after " + header.length() + " of " + length
                + " bytes");
        var match = HEADER.matcher(header);
        if (!match.matches()) throw new FormatException(file, "has a header that is no array's: " + header.strip());
        if (!match.group(1).equals("<f4") || !match.group(2).equals("False"))
            throw new FormatException(file, "holds '" + match.group(1) + "', fortran_order " + match.group(2) + ", expected '<f4' in C order:"
                    + " save np.ascontiguousarray(x, dtype='<f4')");
        int[] shape = shape(file, match.group(3));
        byte[] data = in.readAllBytes();
        if (data.length != 4 * elements(shape))
            throw new FormatException(file, "has " + data.length + " bytes of data, shape " + Arrays.toString(shape) + " needs "
                    + 4 * elements(shape));
        var values = new float[data.length / 4];
        ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return new Npy(shape, values);
    }

    private static int[] shape(String file, String text) throws FormatException {
        String[] numbers = text.isBlank() ? new String[0] : text.strip().split(" *, *");
        int[] shape = new int[numbers.length];
        try {
            long elements = 1;
            for (int i = 0; i < shape.length; i++) elements = Math.multiplyExact(elements, shape[i] = Integer.parseInt(numbers[i]));
            return shape;
        } catch (NumberFormatException | ArithmeticException e) {
            throw new FormatException(file, "has a shape that can't be: (" + text + ")", e);
        }
    }

    private static long elements(int[] shape) {
        long elements = 1;
        for (int size : shape) elements = Math.multiplyExact(elements, size);
        return elements;
    }
}
