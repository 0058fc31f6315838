package gannet.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.io.Safetensors.Item;
import gannet.io.Safetensors.Type;
import gannet.io.Safetensors.Values;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    @TempDir Path folder;

    private static final List<Item> ITEMS = List.of(Item.floats("g.fc.weight", new int[] {2, 3}, 1, 2, 3, 4, 5, 6),
            Item.floats("g.\"ü\n", new int[] {1}, -1.5f),
            Item.floats("scalar", new int[] {}, 7), Item.floats("empty", new int[] {0, 4}), Item.doubles("d", new int[] {2}, Math.PI, -0.0),
            Item.longs("step", new int[] {1}, Long.MIN_VALUE), new Item("rounded", Type.F32, new int[] {1},
                    new Values.Doubles(new double[] {0.1})),
            new Item("wide", Type.F64, new int[] {1}, new Values.Floats(new float[] {0.1f})),
            new Item("late", Type.F32, new int[] {2}, new Values.Deferred(to -> Arrays.setAll(to, i -> i + 0.5))));
    private static final Map<String, String> METADATA = Map.of("format", "gannet", "a", "1", "step", "100");

    /// A file of this header and `data` zeros.
    private static byte[] bytes(String header, int data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + data).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text).array();
    }

    private static SafetensorsHeader header(byte[] file) throws IOException {
        return SafetensorsHeader.read("x", new ByteArrayInputStream(file), file.length);
    }

    @Test void bytesAreTheFormats() throws IOException {
        Path file = folder.resolve("x.safetensors");
        Safetensors.write(file, List.of(Item.floats("b", new int[] {1, 2}, 1.5f, -2), Item.longs("n", new int[] {}, 258)), Map.of("k", "v"));
        String header = "{\"__metadata__\":{\"k\":\"v\"},\"n\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[8,16]}}";
        String padded = header + " ".repeat(-header.length() & 7);
        assertEquals(0, padded.length() % 8);
        var expected = ByteBuffer.wrap(bytes(padded, 16)).order(ByteOrder.LITTLE_ENDIAN).position(8 + padded.length());
        assertArrayEquals(expected.putLong(258).putFloat(1.5f).putFloat(-2).array(), Files.readAllBytes(file));
    }

    @Test void everythingComesBack() throws IOException {
        Path file = folder.resolve("x.safetensors");
        Safetensors.write(file, ITEMS, METADATA);
        try (var read = Safetensors.open(file)) {
            assertEquals(METADATA, read.metadata());
            assertEquals(List.of("d", "step", "wide", "empty", "g.\"ü\n", "g.fc.weight", "late", "rounded", "scalar"),
                    List.copyOf(read.entries().keySet()));
            assertArrayEquals(new int[] {2, 3}, read.entry("g.fc.weight").shape());
            assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, read.floats("g.fc.weight"));
            assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, read.doubles("g.fc.weight"));
            assertArrayEquals(new float[] {-1.5f}, read.floats("g.\"ü\n"));
            assertArrayEquals(new int[] {}, read.entry("scalar").shape());
            assertArrayEquals(new float[] {7}, read.floats("scalar"));
            assertArrayEquals(new float[0], read.floats("empty"));
            assertArrayEquals(new double[] {Math.PI, -0.0}, read.doubles("d"));
            assertArrayEquals(new long[] {Long.MIN_VALUE}, read.longs("step"));
            assertArrayEquals(new float[] {0.1f}, read.floats("rounded"));
            assertArrayEquals(new double[] {0.1f}, read.doubles("wide"));
            assertArrayEquals(new float[] {0.5f, 1.5f}, read.floats("late"));
            assertEquals(file + ": tensor 'd' is F64, expected 32-bit float or narrower", assertThrows(FormatException.class, () ->
                    read.floats("d")).getMessage());
            assertEquals(file + ": tensor 'd' is F64, expected I64", assertThrows(FormatException.class, () -> read.longs("d")).getMessage());
            assertTrue(assertThrows(FormatException.class, () -> read.floats("no")).getMessage().contains("has no tensor 'no'; it has d, step, wide"));
        }
    }

    @Test void largeTensorsComeBack() throws IOException {
        Path file = folder.resolve("x.safetensors");
        var floats = new float[70_001];
        var doubles = new double[70_001];
        for (int i = 0; i < floats.length; i++) doubles[i] = floats[i] = i * 0.25f;
        Safetensors.write(file, List.of(Item.floats("f", new int[] {70_001}, floats), Item.doubles("d", new int[] {70_001}, doubles),
                new Item("r", Type.F32, new int[] {70_001}, new Values.Doubles(doubles))), Map.of());
        try (var read = Safetensors.open(file)) {
            assertArrayEquals(floats, read.floats("f"));
            assertArrayEquals(doubles, read.doubles("d"));
            assertArrayEquals(floats, read.floats("r"));
        }
    }

    @Test void halfPrecisionIsRead() throws IOException {
        Path file = folder.resolve("x.safetensors");
        byte[] bytes = bytes("{\"h\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[4,8]}}", 8);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(bytes.length - 8).putShort((short) 0x3E00).putShort((short) 0xC000)
                .putShort((short) 0x3FC0).putShort((short) 0xC000);
        Files.write(file, bytes);
        try (var read = Safetensors.open(file)) {
            assertArrayEquals(new float[] {1.5f, -2}, read.floats("h"));
            assertArrayEquals(new double[] {1.5, -2}, read.doubles("b"));
        }
    }

    @Test void theSameContentGivesTheSameBytes() throws IOException {
        Path one = folder.resolve("1"), two = folder.resolve("2");
        Safetensors.write(one, ITEMS, METADATA);
        Safetensors.write(two, ITEMS.reversed(), new java.util.TreeMap<>(METADATA));
        assertEquals(-1, Files.mismatch(one, two));
    }

    @Test void whatCannotBeWrittenIsRefused() {
        Path file = folder.resolve("x");
        Item a = Item.floats("a", new int[] {1}, 1);
        assertThrows(IllegalArgumentException.class, () -> Safetensors.write(file, List.of(a, a), Map.of()));
        assertThrows(IllegalArgumentException.class, () -> Safetensors.write(file, List.of(Item.floats("__metadata__", new int[] {1}, 1)),
                Map.of()));
        assertThrows(IllegalArgumentException.class, () -> Item.floats("a", new int[] {2}, 1));
        assertThrows(IllegalArgumentException.class, () -> new Item("a", Type.I64, new int[] {1}, new Values.Floats(new float[1])));
        assertTrue(Files.notExists(file));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'a':{'dtype':'F32','shape':[1000000],'data_offsets':[0,16]}}   | needs 4000000 bytes, its data_offsets [0, 16] hold 16",
        "{'a':{'dtype':'F32','shape':[4194305,4194305,211106198978564],'data_offsets':[0,16]}} | is too large",
        "{'a':{'dtype':'U8','shape':[-16],'data_offsets':[0,16]}}        | shape[0] is -16, expected an integer of at least 0",
        "{'a':{'dtype':'U8','shape':[16.0],'data_offsets':[0,16]}}       | shape[0] is 16.0, expected an integer of at least 0",
        "{'a':{'dtype':'U8','shape':16,'data_offsets':[0,16]}}           | shape is not a JSON array",
        "{'a':{'dtype':'U8','shape':[16],'data_offsets':[0]}}            | data_offsets has 1 numbers, expected 2",
        "{'a':{'dtype':'U9','shape':[16],'data_offsets':[0,16]}}         | tensor 'a' has the unknown dtype U9",
        "{'a':{'dtype':'U8','shape':[16]}}                               | has the keys [dtype, shape], expected",
        "{'a':7}                                                         | tensor 'a' is not a JSON object",
        "{'__metadata__':{'a':1}}                                        | __metadata__ key 'a' does not hold a string",
        "{'a':{'dtype':'U8','shape':[10],'data_offsets':[0,10]},'b':{'dtype':'U8','shape':[10],'data_offsets':[6,16]}} | it overlaps the one before",
        "{'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]},'b':{'dtype':'U8','shape':[8],'data_offsets':[8,16]}} | expected 4: a hole before it",
        "{'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]}}           | has 16 bytes of data, its tensors take 4",
        "{'a':{'dtype':'U8','shape':[20],'data_offsets':[0,20]}}         | has 16 bytes of data, its tensors take 20: the file is cut short",
        "{'a':{'dtype':'U8','shape':[16],'data_offsets':[0,16]},'a':{}}  | line 1, column 56: key \"a\" occurs twice",
        "[1]                                                             | does not start with '{'",
    })
    void badHeadersAreRefused(String header, String message) {
        String found = assertThrows(FormatException.class, () -> header(bytes(header.replace('\'', '"'), 16))).getMessage();
        assertTrue(found.startsWith("x") && found.contains(message), found);
    }

    @Test void badLengthsAreRefused() throws IOException {
        assertEquals("x: is 3 bytes, shorter than the 8 of its header's length", assertThrows(FormatException.class, () ->
                header(new byte[3])).getMessage());
        for (long length : new long[] {0, 1, -1, 100_000_001, Long.MAX_VALUE}) {
            byte[] file = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
            assertTrue(assertThrows(FormatException.class, () -> header(file)).getMessage().contains("not a safetensors file"));
        }
        byte[] large = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN).putLong(99_000_000).array();
        assertTrue(assertThrows(FormatException.class, () -> header(large)).getMessage().contains("the file is cut short"));
    }

    /// Whatever is done to a file, opening it gives tensors that lie inside of it, or a FormatException.
    @Test void mutatedFilesNeverSurprise() throws IOException {
        Path file = folder.resolve("x.safetensors");
        Safetensors.write(file, ITEMS, METADATA);
        byte[] good = Files.readAllBytes(file);
        var random = new SplittableRandom(42);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = mutated(good, random);
            try {
                var header = header(bytes);
                for (var entry : header.entries().values())
                    assertTrue(header.dataStart() + entry.end() <= bytes.length && entry.begin() <= entry.end(), "seed 42, case " + i);
            } catch (FormatException e) {
                assertTrue(e.getMessage().startsWith("x") && !e.getMessage().contains("\n"), "seed 42, case " + i + ": " + e.getMessage());
                refused++;
            }
        }
        assertTrue(refused > 5_000 && refused < 20_000, "refused " + refused + " of 20,000, seed 42");
    }

    private static byte[] mutated(byte[] good, SplittableRandom random) {
        byte[] bytes = good.clone();
        for (int j = 1 + random.nextInt(3); j > 0; j--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                default -> bytes = Arrays.copyOf(bytes, random.nextInt(8) == 0 ? at + 1 : bytes.length);
            }
            int from = random.nextInt(bytes.length), to = random.nextInt(bytes.length),
                    length = Math.min(8, bytes.length - Math.max(from, to));
            if (random.nextInt(4) == 0) System.arraycopy(bytes, from, bytes, to, length);
        }
        return bytes;
    }

    @Test void aFileCutWhileItIsOpenIsReported() throws IOException {
        Path file = folder.resolve("x.safetensors");
        Safetensors.write(file, ITEMS, METADATA);
        try (var read = Safetensors.open(file)) {
            try (var channel = java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
                channel.truncate(channel.size() - 2);
            }
            assertTrue(assertThrows(FormatException.class, () -> read.floats("scalar")).getMessage().contains("cut short while it was open"));
        }
    }
}
