package gannet.io;

import gannet.io.Safetensors.Entry;
import gannet.io.Safetensors.Type;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// A safetensors header, checked in full: what it says of each tensor, of the whole data, and of the file's length agree.
record SafetensorsHeader(SequencedMap<String, String> metadata, SequencedMap<String, Entry> entries, long dataStart) {
    static final String METADATA = "__metadata__";
    /// The format's own limit.
    private static final long MAX_LENGTH = 100_000_000;
    private static final int MAX_RANK = 32;
    private static final Set<String> KEYS = Set.of("dtype", "shape", "data_offsets");

    /// Reads the header at the start of `in`, a file of `size` bytes.
    static SafetensorsHeader read(String file, InputStream in, long size) throws IOException {
        byte[] prefix = in.readNBytes(Long.BYTES);
        if (prefix.length < Long.BYTES) throw new FormatException(file, "is " + prefix.length
                + " bytes, shorter than the 8 of its header's length");
        long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 2 || length > MAX_LENGTH)
            throw new FormatException(file, "gives its header's length as " + Long.toUnsignedString(length) + ", expected 2 to " + MAX_LENGTH
                    + ": not a safetensors file");
        long dataStart = Long.BYTES + length;
        if (dataStart > size) throw new FormatException(file, "is " + size + " bytes, its header alone ends at byte " + dataStart
                + ": the file is cut short");
        byte[] text = in.readNBytes((int) length);
        if (text.length < length) throw new FormatException(file, "ends in its header, after " + text.length + " of " + length + " bytes");
        // The format wants '{' first, so that a file can't pass for another kind.
        if (text[0] != '{') throw new FormatException(file, "has a header that does not start with '{' at byte 8");
        String source = file + " (header)";
        var root = object(file, "header", Json.parse(source, Json.decode(source, text)));
        var metadata = new LinkedHashMap<String, String>();
        var entries = new LinkedHashMap<String, Entry>();
        for (var e : root.entrySet()) {
            if (e.getKey().equals(METADATA)) metadata(file, e.getValue(), metadata);
            else entries.put(e.getKey(), entry(file, e.getKey(), e.getValue()));
        }
        requireCover(file, entries, size - dataStart);
        return new SafetensorsHeader(metadata, entries, dataStart);
    }

    private static Map<String, Object> object(String file, String what, Object value) throws FormatException {
        if (!(value instanceof Map<?, ?> map)) throw new FormatException(file, what + " is not a JSON object");
        var object = new LinkedHashMap<String, Object>();
        for (var e : map.entrySet()) object.put((String) e.getKey(), e.getValue());
        return object;
    }

    private static void metadata(String file, Object value, Map<String, String> metadata) throws FormatException {
        for (var e : object(file, METADATA, value).entrySet()) {
            if (!(e.getValue() instanceof String s)) throw new FormatException(file, METADATA + " key '" + e.getKey()
                    + "' does not hold a string");
            metadata.put(e.getKey(), s);
        }
    }

    private static Entry entry(String file, String name, Object value) throws FormatException {
        String tensor = "tensor '" + name + "'";
        var fields = object(file, tensor, value);
        if (!fields.keySet().equals(KEYS))
            throw new FormatException(file, tensor + " has the keys " + fields.keySet() + ", expected dtype, shape and data_offsets");
        Type type = type(file, tensor, fields.get("dtype"));
        long[] sizes = naturals(file, tensor + " shape", fields.get("shape"));
        long[] offsets = naturals(file, tensor + " data_offsets", fields.get("data_offsets"));
        if (offsets.length != 2) throw new FormatException(file, tensor + " data_offsets has " + offsets.length + " numbers, expected 2");
        long elements = 1;
        int[] shape = new int[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            // Both factors are below 2³¹: no overflow.
            if (sizes[i] <= Integer.MAX_VALUE) elements *= sizes[i];
            if (sizes[i] > Integer.MAX_VALUE || elements > Integer.MAX_VALUE)
                throw new FormatException(file, tensor + " of shape " + Arrays.toString(sizes) + " is too large: at most "
                        + Integer.MAX_VALUE + " elements");
            shape[i] = (int) sizes[i];
        }
        if (offsets[1] - offsets[0] != elements * type.bytes())
            throw new FormatException(file, tensor + ", " + type + " of shape " + Arrays.toString(shape) + ", needs "
                    + elements * type.bytes()
                    + " bytes, its data_offsets " + Arrays.toString(offsets) + " hold " + (offsets[1] - offsets[0]));
        return new Entry(name, type, shape, offsets[0], offsets[1]);
    }

    private static Type type(String file, String tensor, Object name) throws FormatException {
        for (Type type : Type.values()) if (type.name().equals(name)) return type;
        throw new FormatException(file, tensor + " has the unknown dtype " + name + ", expected one of " + Arrays.toString(Type.values()));
    }

    private static long[] naturals(String file, String what, Object value) throws FormatException {
        if (!(value instanceof List<?> list)) throw new FormatException(file, what + " is not a JSON array");
        if (list.size() > MAX_RANK) throw new FormatException(file, what + " has " + list.size() + " numbers, expected at most " + MAX_RANK);
        long[] numbers = new long[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!(list.get(i) instanceof Long number) || number < 0)
                throw new FormatException(file, what + "[" + i + "] is " + list.get(i) + ", expected an integer of at least 0");
            numbers[i] = number;
        }
        return numbers;
    }

    /// The tensors, in the order of their places, cover the data exactly.
    private static void requireCover(String file, Map<String, Entry> entries, long data) throws FormatException {
        var ordered = new ArrayList<>(entries.values());
        ordered.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long at = 0;
        for (Entry entry : ordered) {
            if (entry.begin() != at)
                throw new FormatException(file, "tensor '" + entry.name() + "' begins at data byte " + entry.begin() + ", expected " + at
                        + ": " + (entry.begin() > at ? "a hole before it" : "it overlaps the one before"));
            at = entry.end();
        }
        if (at != data)
            throw new FormatException(file, "has " + data + " bytes of data, its tensors take " + at
                    + (at > data ? ": the file is cut short" : ""));
    }
}
