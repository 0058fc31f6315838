package gannet.io;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/// Named tensors in one file, in the safetensors format: eight bytes with the header's length, a JSON header that gives each tensor's
/// type, shape and place, then the elements, little-endian. There is nothing in it to execute, so a file from a stranger is safe to open.
///
/// Opening reads and checks the whole header: lengths, types, shapes, and that the tensors cover the data exactly, without a hole, an
/// overlap or anything left over. Whatever is wrong is a [FormatException].
public final class Safetensors implements Closeable {
    /// How elements are stored; the names are the format's own.
    public enum Type {
        F64(8), F32(4), F16(2), BF16(2), I64(8), I32(4), I16(2), I8(1), U64(8), U32(4), U16(2), U8(1), BOOL(1);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        /// The size of an element.
        public int bytes() {
            return bytes;
        }
    }

    /// A tensor in a file: its elements are the bytes from `begin` to before `end` of the data after the header.
    public record Entry(String name, Type type, int[] shape, long begin, long end) {
        /// The number of elements.
        public int count() {
            return (int) ((end - begin) / type.bytes());
        }
    }

    /// The elements of a tensor to be written.
    public sealed interface Values {
        record Floats(float[] values) implements Values {}

        record Doubles(double[] values) implements Values {}

        record Longs(long[] values) implements Values {}

        /// Elements fetched only when their turn comes, so that one tensor at a time is held a second time.
        record Deferred(Fetch fetch) implements Values {}
    }

    /// Copies a tensor's elements to `to`, which has room for exactly all of them.
    @FunctionalInterface
    public interface Fetch {
        void read(double[] to);
    }

    /// A tensor to be written: F32 or F64 from floating-point values (rounded to the type), I64 from longs.
    public record Item(String name, Type type, int[] shape, Values values) {
        public Item {
            boolean fits = switch (values) {
                case Values.Floats _, Values.Doubles _, Values.Deferred _ -> type == Type.F32 || type == Type.F64;
                case Values.Longs _ -> type == Type.I64;
            };
            if (!fits) throw new IllegalArgumentException("tensor '" + name + "' can't be written as " + type + " from "
                    + values.getClass().getSimpleName());
            int given = switch (values) {
                case Values.Floats f -> f.values().length;
                case Values.Doubles d -> d.values().length;
                case Values.Longs l -> l.values().length;
                case Values.Deferred _ -> elements(shape);
            };
            if (given != elements(shape))
                throw new IllegalArgumentException("tensor '" + name + "' of shape " + Arrays.toString(shape) + " can't hold " + given
                        + " values");
        }

        /// 32-bit floats, as they are.
        public static Item floats(String name, int[] shape, float... values) {
            return new Item(name, Type.F32, shape, new Values.Floats(values));
        }

        /// 64-bit floats, as they are.
        public static Item doubles(String name, int[] shape, double... values) {
            return new Item(name, Type.F64, shape, new Values.Doubles(values));
        }

        /// 64-bit integers, as they are.
        public static Item longs(String name, int[] shape, long... values) {
            return new Item(name, Type.I64, shape, new Values.Longs(values));
        }

        private static int elements(int[] shape) {
            int elements = 1;
            for (int size : shape) elements = Math.multiplyExact(elements, size);
            return elements;
        }

        private void writeTo(LittleEndian out) throws IOException {
            switch (values) {
                case Values.Floats f when type == Type.F32 -> out.floats(f.values());
                case Values.Floats f -> {
                    var wide = new double[f.values().length];
                    for (int i = 0; i < wide.length; i++) wide[i] = f.values()[i];
                    out.doubles(wide);
                }
                case Values.Doubles d -> doubles(d.values(), out);
                case Values.Longs l -> out.longs(l.values());
                case Values.Deferred d -> {
                    var fetched = new double[elements(shape)];
                    d.fetch().read(fetched);
                    doubles(fetched, out);
                }
            }
        }

        private void doubles(double[] values, LittleEndian out) throws IOException {
            if (type == Type.F32) out.floats(values);
            else out.doubles(values);
        }
    }

    /// Writes the tensors to `file`. The same content gives the same bytes, in whatever order it is given: metadata is sorted by key,
    /// tensors by element size, largest first, and then by name, as the format's own library does, so that every tensor is aligned to its
    /// elements.
    public static void write(Path file, List<Item> items, Map<String, String> metadata) throws IOException {
        var sorted = items.stream().sorted(Comparator.comparingInt((Item item) -> -item.type().bytes()).thenComparing(Item::name)).toList();
        byte[] header = header(sorted, metadata);
        AtomicFile.write(file, out -> {
            out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
            out.write(header);
            var data = new LittleEndian(out);
            for (Item item : sorted) item.writeTo(data);
        });
    }

    /// Padded with spaces so that the data starts at a multiple of 8.
    private static byte[] header(List<Item> items, Map<String, String> metadata) {
        var header = new LinkedHashMap<String, Object>();
        if (!metadata.isEmpty()) header.put(SafetensorsHeader.METADATA, new TreeMap<>(metadata));
        var names = new HashSet<>(List.of(SafetensorsHeader.METADATA));
        long at = 0;
        for (Item item : items) {
            if (!names.add(item.name())) throw new IllegalArgumentException("two tensors named '" + item.name() + "'");
            long end = at + (long) Item.elements(item.shape()) * item.type().bytes();
            var entry = new LinkedHashMap<String, Object>();
            entry.put("dtype", item.type().name());
            entry.put("shape", Arrays.stream(item.shape()).boxed().toList());
            entry.put("data_offsets", List.of(at, end));
            header.put(item.name(), entry);
            at = end;
        }
        byte[] text = Json.line(header).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(text, text.length + 7 & ~7);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        return padded;
    }

    private final String file;
    private final RandomAccessFile data;
    private final SafetensorsHeader header;

    private Safetensors(String file, RandomAccessFile data, SafetensorsHeader header) {
        this.file = file;
        this.data = data;
        this.header = header;
    }

    /// Opens `file` and checks its header.
    public static Safetensors open(Path file) throws IOException {
        SafetensorsHeader header;
        try (var in = InputFile.open(file)) {
            header = SafetensorsHeader.read(file.toString(), in, Files.size(file));
        }
        return new Safetensors(file.toString(), new RandomAccessFile(file.toFile(), "r"), header);
    }

    /// The file's own key-value pairs, in the file's order.
    public SequencedMap<String, String> metadata() {
        return header.metadata();
    }

    /// The tensors by name, in the file's order.
    public SequencedMap<String, Entry> entries() {
        return header.entries();
    }

    /// The entry of that name, or an exception that says what there is instead.
    public Entry entry(String name) throws FormatException {
        Entry entry = header.entries().get(name);
        if (entry == null) throw new FormatException(file, "has no tensor '" + name + "'; it has " + names());
        return entry;
    }

    private String names() {
        var names = List.copyOf(header.entries().keySet());
        if (names.isEmpty()) return "none";
        return String.join(", ", names.subList(0, Math.min(8, names.size()))) + (names.size() > 8 ? " and " + (names.size() - 8)
                + " more" : "");
    }

    /// The elements of an F64, F32, F16 or BF16 tensor.
    public double[] doubles(String name) throws IOException {
        Entry entry = entry(name);
        ByteBuffer bytes = bytes(entry, "floating-point", Type.F64, Type.F32, Type.F16, Type.BF16);
        var values = new double[entry.count()];
        if (entry.type() == Type.F64) bytes.asDoubleBuffer().get(values);
        else for (int i = 0; i < values.length; i++) values[i] = narrow(entry.type(), bytes, i);
        return values;
    }

    /// The elements of an F32, F16 or BF16 tensor.
    public float[] floats(String name) throws IOException {
        Entry entry = entry(name);
        ByteBuffer bytes = bytes(entry, "32-bit float or narrower", Type.F32, Type.F16, Type.BF16);
        var values = new float[entry.count()];
        if (entry.type() == Type.F32) bytes.asFloatBuffer().get(values);
        else for (int i = 0; i < values.length; i++) values[i] = narrow(entry.type(), bytes, i);
        return values;
    }

    private static float narrow(Type type, ByteBuffer bytes, int i) {
        return switch (type) {
            case F32 -> bytes.getFloat(4 * i);
            case F16 -> Float.float16ToFloat(bytes.getShort(2 * i));
            case BF16 -> Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
            case F64, I64, I32, I16, I8, U64, U32, U16, U8, BOOL -> throw new AssertionError(type);
        };
    }

    /// The elements of an I64 tensor.
    public long[] longs(String name) throws IOException {
        Entry entry = entry(name);
        var values = new long[entry.count()];
        bytes(entry, "I64", Type.I64).asLongBuffer().get(values);
        return values;
    }

    private ByteBuffer bytes(Entry entry, String expected, Type... types) throws IOException {
        if (!Arrays.asList(types).contains(entry.type()))
            throw new FormatException(file, "tensor '" + entry.name() + "' is " + entry.type() + ", expected " + expected);
        long length = entry.end() - entry.begin();
        if (length > Integer.MAX_VALUE - 8) throw new FormatException(file, "tensor '" + entry.name() + "' of " + length
                + " bytes is too large for an array");
        var bytes = new byte[(int) length];
        try {
            data.seek(header.dataStart() + entry.begin());
            data.readFully(bytes);
        } catch (EOFException e) {
            throw new FormatException(file, "was cut short while it was open, in tensor '" + entry.name() + "'", e);
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override public void close() throws IOException {
        data.close();
    }
}
