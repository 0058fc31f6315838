package gannet.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A recursive-descent parser of JSON, RFC 8259, that refuses what the grammar leaves open to trouble: duplicate keys, nesting deeper
/// than [#DEPTH], integers beyond 64 bits, numbers that overflow a double, and halves of surrogate pairs.
final class JsonParser {
    /// Deeper than any file of ours, far less than the stack holds.
    private static final int DEPTH = 64;

    private final String source;
    private final String text;
    private int at;

    JsonParser(String source, String text) {
        this.source = source;
        this.text = text;
    }

    /// One value and nothing after it.
    Object document() throws FormatException {
        Object value = value(0);
        if (peek() != 0) throw error("expected the end after the value, found " + found());
        return value;
    }

    private Object value(int depth) throws FormatException {
        if (depth > DEPTH) throw error("nested deeper than " + DEPTH);
        char c = peek();
        return switch (c) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> {
                if (c != '-' && !digit(c)) throw error("expected a value, found " + found());
                yield number();
            }
        };
    }

    private Map<String, Object> object(int depth) throws FormatException {
        var map = new LinkedHashMap<String, Object>();
        at++;
        if (peek() == '}') {
            at++;
            return map;
        }
        do {
            if (peek() != '"') throw error("expected a key in quotes, found " + found());
            int start = at;
            String key = string();
            if (map.containsKey(key)) {
                at = start;
                throw error("key \"" + key + "\" occurs twice");
            }
            if (peek() != ':') throw error("expected ':' after key \"" + key + "\", found " + found());
            at++;
            map.put(key, value(depth + 1));
        } while (more('}'));
        return map;
    }

    private List<Object> array(int depth) throws FormatException {
        var list = new ArrayList<>();
        at++;
        if (peek() == ']') {
            at++;
            return list;
        }
        do list.add(value(depth + 1));
        while (more(']'));
        return list;
    }

    /// True after a comma, false after `end`.
    private boolean more(char end) throws FormatException {
        char c = peek();
        if (c != ',' && c != end) throw error("expected ',' or '" + end + "', found " + found());
        at++;
        return c == ',';
    }

    private Object word(String word, Object value) throws FormatException {
        if (!text.startsWith(word, at)) throw error("expected a value, found " + found());
        at += word.length();
        return value;
    }

    private Object number() throws FormatException {
        int start = at;
        if (text.charAt(at) == '-') at++;
        int first = at;
        digits();
        if (at - first > 1 && text.charAt(first) == '0') {
            at = start;
            throw error("a number must not start with 0");
        }
        boolean integer = true;
        if (current() == '.') {
            integer = false;
            at++;
            digits();
        }
        if (current() == 'e' || current() == 'E') {
            integer = false;
            at++;
            if (current() == '+' || current() == '-') at++;
            digits();
        }
        String number = text.substring(start, at);
        // A long has no −0.
        if (integer && !number.equals("-0")) return integer(number, start);
        double d = Double.parseDouble(number);
        if (Double.isInfinite(d)) {
            at = start;
            throw error("number " + abbreviated(number) + " is too large for a double");
        }
        return d;
    }

    private Long integer(String number, int start) throws FormatException {
        try {
            return Long.valueOf(number);
        } catch (NumberFormatException _) {
            at = start;
            throw error("integer " + abbreviated(number) + " does not fit in 64 bits");
        }
    }

    private static String abbreviated(String number) {
        return number.length() <= 30 ? number : number.substring(0, 30) + "…";
    }

    private void digits() throws FormatException {
        if (!digit(current())) throw error("expected a digit, found " + found());
        while (digit(current())) at++;
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    private String string() throws FormatException {
        var s = new StringBuilder();
        at++;
        while (true) {
            char c = current();
            if (at >= text.length()) throw error("a string without its closing quote");
            if (c < ' ') throw error("a control character in a string: write it as an escape");
            if (Character.isLowSurrogate(c)) throw error("half of a surrogate pair");
            if (c == '\\') {
                escape(s);
            } else if (Character.isHighSurrogate(c)) {
                if (at + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(at + 1))) throw error("half of a surrogate pair");
                s.append(c).append(text.charAt(at + 1));
                at += 2;
            } else {
                at++;
                if (c == '"') return s.toString();
                s.append(c);
            }
        }
    }

    private void escape(StringBuilder s) throws FormatException {
        int start = at++;
        char c = current();
        at++;
        switch (c) {
            case '"', '\\', '/' -> s.append(c);
            case 'b' -> s.append('\b');
            case 'f' -> s.append('\f');
            case 'n' -> s.append('\n');
            case 'r' -> s.append('\r');
            case 't' -> s.append('\t');
            case 'u' -> {
                char unit = unit(start);
                s.append(unit);
                if (!Character.isSurrogate(unit)) return;
                boolean pair = Character.isHighSurrogate(unit) && text.startsWith("\\u", at);
                if (pair) {
                    at += 2;
                    char low = unit(start);
                    s.append(low);
                    pair = Character.isLowSurrogate(low);
                }
                if (!pair) throw errorAt(start, "half of a surrogate pair");
            }
            default -> throw errorAt(start, "expected an escape such as \\n or \\u0041");
        }
    }

    private char unit(int start) throws FormatException {
        int unit = 0;
        for (int k = 0; k < 4; k++) {
            char c = current();
            int hex = c < 128 ? Character.digit(c, 16) : -1;
            if (hex < 0) throw errorAt(start, "expected four hexadecimal digits after \\u");
            unit = 16 * unit + hex;
            at++;
        }
        return (char) unit;
    }

    /// The next character after any space, 0 at the end.
    private char peek() throws FormatException {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
        if (at < text.length() && text.charAt(at) == 0) throw error("a zero character outside of a string");
        return current();
    }

    /// The character here, 0 at the end.
    private char current() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private String found() {
        if (at >= text.length()) return "the end";
        int c = text.codePointAt(at);
        return c < ' ' || c == 127 ? String.format("character U+%04X", c) : "'" + Character.toString(c) + "'";
    }

    private FormatException errorAt(int position, String problem) {
        at = position;
        return error(problem);
    }

    private FormatException error(String problem) {
        int line = 1, start = 0;
        for (int i = 0; i < Math.min(at, text.length()); i++) {
            if (text.charAt(i) == '\n') {
                line++;
                start = i + 1;
            }
        }
        return new FormatException(source, "line " + line + ", column " + (at - start + 1) + ": " + problem);
    }
}
