package gannet.data;

import gannet.io.FormatException;
import gannet.io.InputFile;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// An array of unsigned bytes in the IDX format of MNIST and its kin (LeCun, Cortes & Burges, "The MNIST database"): two zeros, the type,
/// the number of dimensions, the sizes as big-endian integers, and the values, the last index running fastest. `source` is the file's name,
/// for what may yet be found wrong with it.
public record Idx(String source, int[] dimensions, byte[] values) {
    private static final int UNSIGNED_BYTE = 0x08;
    private static final int MAX_RANK = 4;

    /// Reads `file`, gzipped or not: its first bytes tell, not its name.
    public static Idx read(Path file) throws IOException {
        try (var in = InputFile.open(file)) {
            return read(file.toString(), in);
        }
    }

    /// As above from a stream, which the caller closes; `source` names it in error messages.
    public static Idx read(String source, InputStream stream) throws IOException {
        try {
            var raw = new BufferedInputStream(stream);
            raw.mark(2);
            boolean zipped = raw.read() == 0x1F && raw.read() == 0x8B;
            raw.reset();
            return parse(source, zipped ? new GZIPInputStream(raw, 1 << 16) : raw);
        } catch (ZipException | EOFException e) {
            throw new FormatException(source, "a damaged gzip file (" + e.getMessage() + "): fetch it again", e);
        }
    }

    private static Idx parse(String source, InputStream in) throws IOException {
        byte[] magic = in.readNBytes(4);
        if (magic.length < 4) throw new FormatException(source, "ends after " + magic.length
                + " bytes, expected the 4 of an IDX file's magic number");
        int number = ByteBuffer.wrap(magic).getInt();
        if (number >>> 16 != 0) throw new FormatException(source, String.format("starts with 0x%08X, expected 0x0000: not an IDX file",
                number));
        if (magic[2] != UNSIGNED_BYTE)
            throw new FormatException(source, String.format("holds elements of type 0x%02X, expected 0x%02X, unsigned bytes", magic[2],
                    UNSIGNED_BYTE));
        int rank = magic[3] & 0xFF;
        if (rank < 1 || rank > MAX_RANK) throw new FormatException(source, "has " + rank + " dimensions, expected 1 to " + MAX_RANK);
        byte[] sizes = in.readNBytes(4 * rank);
        if (sizes.length < 4 * rank)
            throw new FormatException(source, "ends after " + (4 + sizes.length) + " bytes, in its header of " + (4 + 4 * rank));
        int[] dimensions = new int[rank];
        ByteBuffer.wrap(sizes).asIntBuffer().get(dimensions);
        int count = count(source, dimensions);
        // Reads piece by piece: a false size in the header does not allocate more than the file holds.
        byte[] values = in.readNBytes(count);
        if (values.length < count)
            throw new FormatException(source, "ends after " + values.length + " values, expected " + count + " for dimensions "
                    + Arrays.toString(dimensions) + ": the file is cut short");
        if (in.read() >= 0)
            throw new FormatException(source, "goes on after the " + count + " values that its dimensions " + Arrays.toString(dimensions)
                    + " announce");
        return new Idx(source, dimensions, values);
    }

    private static int count(String source, int[] dimensions) throws FormatException {
        long count = 1;
        for (int size : dimensions) {
            if (size < 1) throw new FormatException(source, "has dimensions " + Arrays.toString(dimensions)
                    + ", expected each to be at least 1");
            count *= size;
            if (count > Integer.MAX_VALUE - 8)
                throw new FormatException(source, "has dimensions " + Arrays.toString(dimensions) + ": more values than an array holds");
        }
        return (int) count;
    }
}
