package gannet.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/// JSON (RFC 8259), strictly: an object is a [Map] in its own order, an array a [List], a number without fraction or exponent a
/// [Long], any other a [Double], and strings, booleans and null are themselves.
///
/// What is written and read again is equal: doubles are written by [Double#toString], the shortest decimal that gives the same double.
/// JSON has no word for NaN and the infinities: **they are written as null**, so that a log goes on where a loss has diverged.
public final class Json {
    private Json() {}

    /// The value in `text`; `source` names it in error messages, which also give line and column.
    public static Object parse(String source, String text) throws FormatException {
        return new JsonParser(source, text).document();
    }

    /// The value in the UTF-8 file.
    public static Object read(Path file) throws IOException {
        try (var in = InputFile.open(file)) {
            return parse(file.toString(), decode(file.toString(), in.readAllBytes()));
        }
    }

    /// The text of UTF-8 bytes; malformed ones are refused, not replaced.
    static String decode(String source, byte[] utf8) throws FormatException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        } catch (CharacterCodingException e) {
            throw new FormatException(source, "not valid UTF-8", e);
        }
    }

    /// The value on one line, without spaces: a line of `log.jsonl`, a header.
    public static String line(Object value) {
        var out = new StringBuilder();
        append(value, -1, out);
        return out.toString();
    }

    /// The value with one entry a line, indented by two spaces, and a line feed at the end: a file that people edit.
    public static String lines(Object value) {
        var out = new StringBuilder();
        append(value, 0, out);
        return out.append('\n').toString();
    }

    /// Replaces `file` by [#lines].
    public static void write(Path file, Object value) throws IOException {
        AtomicFile.write(file, lines(value).getBytes(StandardCharsets.UTF_8));
    }

    /// `depth` counts the indentation; −1: all on one line.
    private static void append(Object value, int depth, StringBuilder out) {
        switch (value) {
            case null -> out.append("null");
            case String s -> quote(s, out);
            case Boolean b -> out.append(b);
            case Double d -> out.append(Double.isFinite(d) ? Double.toString(d) : "null");
            case Float f -> out.append(Float.isFinite(f) ? Float.toString(f) : "null");
            case Long n -> out.append(n);
            case Integer n -> out.append(n);
            case List<?> list -> list(list, depth, out);
            case Map<?, ?> map -> map(map, depth, out);
            default -> throw new IllegalArgumentException("JSON has no " + value.getClass().getName() + ": " + value);
        }
    }

    private static void list(List<?> list, int depth, StringBuilder out) {
        out.append('[');
        boolean first = true;
        for (Object element : list) {
            if (!first) out.append(',');
            first = false;
            newLine(depth, 1, out);
            append(element, inside(depth), out);
        }
        if (!first) newLine(depth, 0, out);
        out.append(']');
    }

    /// A map without an order of its own is sorted by key: the same content gives the same bytes.
    private static void map(Map<?, ?> map, int depth, StringBuilder out) {
        out.append('{');
        boolean first = true;
        for (var entry : (map instanceof SequencedMap<?, ?> ? map : new TreeMap<>(map)).entrySet()) {
            if (!(entry.getKey() instanceof String key)) throw new IllegalArgumentException("a JSON key must be a string, not "
                    + entry.getKey());
            if (!first) out.append(',');
            first = false;
            newLine(depth, 1, out);
            quote(key, out);
            out.append(depth < 0 ? ":" : ": ");
            append(entry.getValue(), inside(depth), out);
        }
        if (!first) newLine(depth, 0, out);
        out.append('}');
    }

    private static int inside(int depth) {
        return depth < 0 ? depth : depth + 1;
    }

    private static void newLine(int depth, int more, StringBuilder out) {
        if (depth >= 0) out.append('\n').repeat(' ', 2 * (depth + more));
    }

    private static void quote(String s, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < ' ') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else if (Character.isSurrogate(c)) {
                        // UTF-8 can't hold half of a pair: it would come back as another character.
                        if (!Character.isHighSurrogate(c) || i + 1 == s.length() || !Character.isLowSurrogate(s.charAt(i + 1)))
                            throw new IllegalArgumentException("a string with half of a surrogate pair at " + i + " can't be written");
                        out.append(c).append(s.charAt(++i));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
