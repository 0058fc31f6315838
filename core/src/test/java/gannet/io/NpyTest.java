package gannet.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyTest {
    @TempDir Path folder;

    @Test void bytesAreNumPys() throws IOException {
        Path file = folder.resolve("x.npy");
        new Npy(new int[] {2, 3}, new float[] {1, 2, 3, 4, 5, -0.5f}).write(file);
        String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
        var expected = new ByteArrayOutputStream();
        expected.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
        expected.writeBytes((dictionary + " ".repeat(117 - dictionary.length()) + "\n").getBytes(StandardCharsets.US_ASCII));
        var data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        for (float x : new float[] {1, 2, 3, 4, 5, -0.5f}) data.putFloat(x);
        expected.writeBytes(data.array());
        assertArrayEquals(expected.toByteArray(), Files.readAllBytes(file));
    }

    @Test void everyShapeComesBack() throws IOException {
        for (int[] shape : new int[][] {{}, {1}, {0}, {7}, {2, 3}, {3, 28, 28, 1}, {20_000, 3}}) {
            var values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
            for (int i = 0; i < values.length; i++) values[i] = i * 0.37f;
            Path file = folder.resolve("x.npy");
            new Npy(shape, values).write(file);
            assertEquals(0, (Files.size(file) - 4L * values.length) % 64, "alignment of the data");
            Npy read = Npy.read(file);
            assertArrayEquals(shape, read.shape());
            assertArrayEquals(values, read.values());
        }
    }

    @Test void badFilesAreRefused() throws IOException {
        Path file = folder.resolve("x.npy");
        new Npy(new int[] {3}, new float[3]).write(file);
        byte[] good = Files.readAllBytes(file);
        for (int length = 0; length < good.length; length++) {
            Files.write(file, Arrays.copyOf(good, length));
            assertThrows(FormatException.class, () -> Npy.read(file), "cut to " + length);
        }
        Files.write(file, Arrays.copyOf(good, good.length - 1));
        assertEquals(file + ": has 11 bytes of data, shape [3] needs 12", assertThrows(FormatException.class, () ->
                Npy.read(file)).getMessage());
        Files.write(file, new String(good, StandardCharsets.ISO_8859_1).replace("<f4", "<f8").getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(assertThrows(FormatException.class, () -> Npy.read(file)).getMessage().contains("holds '<f8', fortran_order False, expected '<f4'"));
        Files.write(file, new String(good, StandardCharsets.ISO_8859_1).replace("(3,), }  ",
                "(99999999999,), }").getBytes(StandardCharsets.ISO_8859_1));
        assertThrows(FormatException.class, () -> Npy.read(file));
        assertThrows(IllegalArgumentException.class, () -> new Npy(new int[] {2}, new float[3]));
    }
}
