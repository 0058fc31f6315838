package gannet.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.io.FormatException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
    /// An IDX file of bytes of these dimensions, with the values 0, 1, 2 … mod `classes`.
    static byte[] file(int classes, int... dimensions) {
        int count = Arrays.stream(dimensions).reduce(1, (a, b) -> a * b);
        var file = ByteBuffer.allocate(4 + 4 * dimensions.length + count).putInt(0x0800 | dimensions.length);
        for (int size : dimensions) file.putInt(size);
        for (int i = 0; i < count; i++) file.put((byte) (i % classes));
        return file.array();
    }

    static byte[] zipped(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        }
        return out.toByteArray();
    }

    private static Idx read(byte[] bytes) throws IOException {
        return Idx.read("x", new ByteArrayInputStream(bytes));
    }

    private static String refusal(byte[] bytes) {
        return assertThrows(FormatException.class, () -> read(bytes)).getMessage();
    }

    @Test void plainAndZippedAreToldApartByContent(@TempDir Path folder) throws IOException {
        byte[] plain = file(256, 5, 28, 28);
        for (byte[] bytes : new byte[][] {plain, zipped(plain)}) {
            for (String name : new String[] {"a", "a.gz"}) {
                Path file = Files.write(folder.resolve(name), bytes);
                Idx idx = Idx.read(file);
                assertArrayEquals(new int[] {5, 28, 28}, idx.dimensions());
                assertArrayEquals(Arrays.copyOfRange(plain, 16, plain.length), idx.values());
                assertEquals(file.toString(), idx.source());
            }
        }
    }

    @Test void everyCutIsRefused() throws IOException {
        byte[] plain = file(256, 3, 5, 7), zipped = zipped(plain);
        for (int length = 0; length < plain.length; length++) refusal(Arrays.copyOf(plain, length));
        for (int length = 0; length < zipped.length; length++) refusal(Arrays.copyOf(zipped, length));
        assertEquals("x: ends after 104 values, expected 105 for dimensions [3, 5, 7]: the file is cut short", refusal(Arrays.copyOf(plain,
                plain.length - 1)));
        assertEquals("x: ends after 14 bytes, in its header of 16", refusal(Arrays.copyOf(plain, 14)));
        assertEquals("x: ends after 2 bytes, expected the 4 of an IDX file's magic number", refusal(Arrays.copyOf(plain, 2)));
        assertTrue(refusal(Arrays.copyOf(zipped, zipped.length - 9)).startsWith("x: a damaged gzip file ("));
    }

    @Test void whatIsNotIdxIsRefused() {
        assertEquals("x: goes on after the 6 values that its dimensions [6] announce", refusal(Arrays.copyOf(file(256, 6), 15)));
        assertEquals("x: starts with 0x89504E47, expected 0x0000: not an IDX file", refusal(new byte[] {(byte) 0x89, 'P', 'N', 'G', 1, 2, 3,
                4}));
        assertEquals("x: holds elements of type 0x0D, expected 0x08, unsigned bytes", refusal(new byte[] {0, 0, 0x0D, 1, 0, 0, 0, 0}));
        assertEquals("x: has 9 dimensions, expected 1 to 4", refusal(new byte[] {0, 0, 8, 9, 0, 0, 0, 0}));
        assertEquals("x: has dimensions [0], expected each to be at least 1", refusal(new byte[] {0, 0, 8, 1, 0, 0, 0, 0}));
        assertEquals("x: has dimensions [-1], expected each to be at least 1", refusal(new byte[] {0, 0, 8, 1, -1, -1, -1, -1}));
        assertEquals("x: has dimensions [65536, 65536]: more values than an array holds", refusal(new byte[] {0, 0, 8, 2, 0, 1, 0, 0, 0, 1, 0,
                0}));
        // Two gigabytes are announced, none is there: refused without being allocated.
        assertTrue(refusal(new byte[] {0, 0, 8, 1, 0x7F, -1, -1, 0}).contains("ends after 0 values"));
    }

    @Test void damagedGzipIsRefused() throws IOException {
        byte[] good = zipped(file(256, 40, 28, 28));
        var random = new SplittableRandom(5);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = good.clone();
            bytes[10 + random.nextInt(bytes.length - 10)] ^= (byte) (1 << random.nextInt(8));
            refusal(bytes);
        }
    }

    @Test void missingFilesAndFoldersAreRefused(@TempDir Path folder) {
        Path none = folder.resolve("none");
        assertEquals(none + ": no such file or folder", assertThrows(FormatException.class, () -> Idx.read(none)).getMessage());
        assertEquals(folder + ": is a folder, expected a file", assertThrows(FormatException.class, () -> Idx.read(folder)).getMessage());
    }
}
