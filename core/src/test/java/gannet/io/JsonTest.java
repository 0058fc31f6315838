package gannet.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
    @Test void valuesComeBackAsTheyWere() throws IOException {
        var map = new LinkedHashMap<String, Object>();
        map.put("z", "quotes \" \\ / control \u0001\b\f\n\r\t é 漢 😀");
        map.put("a", Arrays.asList(1L, -2L, Long.MIN_VALUE, Long.MAX_VALUE, 0.1, -0.0, 1e-300, Double.MIN_VALUE, Double.MAX_VALUE, true,
                false, null));
        map.put("", Map.of());
        map.put("empty", List.of());
        assertEquals(map, Json.parse("t", Json.line(map)));
        assertEquals(map, Json.parse("t", Json.lines(map)));
        assertEquals(List.copyOf(map.keySet()), List.copyOf(((Map<?, ?>) Json.parse("t", Json.line(map))).keySet()), "order of keys");
    }

    @Test void doublesAreExact() throws IOException {
        var random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            double d = Double.longBitsToDouble(random.nextLong());
            if (!Double.isFinite(d)) continue;
            assertEquals(d, assertInstanceOf(Double.class, Json.parse("t", Json.line(d))), "seed 7, case " + i);
        }
    }

    @Test void textIsShortAndOfStableOrder() {
        var unordered = new HashMap<String, Object>();
        for (String key : "q w e r t y u i o p".split(" ")) unordered.put(key, 1);
        assertEquals("{\"e\":1,\"i\":1,\"o\":1,\"p\":1,\"q\":1,\"r\":1,\"t\":1,\"u\":1,\"w\":1,\"y\":1}", Json.line(unordered));
        assertEquals("[0.1,0.1,2.0E-4,null,null,null]", Json.line(List.of(0.1, 0.1f, 2e-4, Double.NaN, Double.POSITIVE_INFINITY, Float.NaN)));
        var config = new LinkedHashMap<String, Object>();
        config.put("lr", 0.5);
        config.put("list", List.of(1, 2));
        config.put("none", List.of());
        assertEquals("{\n  \"lr\": 0.5,\n  \"list\": [\n    1,\n    2\n  ],\n  \"none\": []\n}\n", Json.lines(config));
    }

    @Test void whatJsonHasNoWordForIsRefused() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Json.line(List.of('c'))).getMessage().contains("Character"));
        assertThrows(IllegalArgumentException.class, () -> Json.line(Map.of(1, 2)));
        assertThrows(IllegalArgumentException.class, () -> Json.line("half \uD83D pair"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"a\":1,\"a\":2}          | line 1, column 8: key \"a\" occurs twice",
        "{\"a\":1,}                 | line 1, column 8: expected a key in quotes, found '}'",
        "{a:1}                      | line 1, column 2: expected a key in quotes, found 'a'",
        "{\"a\" 1}                  | line 1, column 6: expected ':' after key \"a\", found '1'",
        "[1 2]                      | line 1, column 4: expected ',' or ']', found '2'",
        "[1,]                       | line 1, column 4: expected a value, found ']'",
        "[01]                       | line 1, column 2: a number must not start with 0",
        "[1.]                       | line 1, column 4: expected a digit, found ']'",
        "[-]                        | line 1, column 3: expected a digit, found ']'",
        "[+1]                       | line 1, column 2: expected a value, found '+'",
        "[NaN]                      | line 1, column 2: expected a value, found 'N'",
        "[1e999]                    | line 1, column 2: number 1e999 is too large for a double",
        "[9223372036854775808]      | line 1, column 2: integer 9223372036854775808 does not fit in 64 bits",
        "[nul]                      | line 1, column 2: expected a value, found 'n'",
        "[\"\\x\"]                  | line 1, column 3: expected an escape such as \\n or \\u0041",
        "[\"\\ud83d\"]              | line 1, column 3: half of a surrogate pair",
        "[\"\\ud83d\\u0041\"]       | line 1, column 3: half of a surrogate pair",
        "[\"\\u00g0\"]              | line 1, column 3: expected four hexadecimal digits after \\u",
        "[\"abc                     | line 1, column 6: a string without its closing quote",
        "[1] 2                      | line 1, column 5: expected the end after the value, found '2'",
        "{                          | line 1, column 2: expected a key in quotes, found the end",
        "``                         | line 1, column 1: expected a value, found the end",
    })
    void badTextIsRefusedWithItsPlace(String text, String message) {
        assertEquals("x.json: " + message, assertThrows(FormatException.class, () -> Json.parse("x.json", text)).getMessage());
    }

    @Test void placeCountsLines() {
        var e = assertThrows(FormatException.class, () -> Json.parse("x", "{\n \"a\": 1,\n \"b\": ?\n}"));
        assertEquals("x: line 3, column 7: expected a value, found '?'", e.getMessage());
        assertThrows(FormatException.class, () -> Json.parse("x", "[\"a\nb\"]"), "a line feed in a string");
        assertThrows(FormatException.class, () -> Json.parse("x", "1\0"), "a zero is not the end");
    }

    @Test void depthIsBounded() throws IOException {
        Json.parse("x", "[".repeat(60) + "]".repeat(60));
        assertTrue(assertThrows(FormatException.class, () -> Json.parse("x",
                "[".repeat(1_000_000))).getMessage().contains("nested deeper than 64"));
    }

    @Test void filesComeBack(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("c.json");
        Json.write(file, Map.of("ü", 1L));
        assertEquals(Map.of("ü", 1L), Json.read(file));
        Files.write(file, new byte[] {'"', (byte) 0xC3, '"'});
        assertEquals(file + ": not valid UTF-8", assertThrows(FormatException.class, () -> Json.read(file)).getMessage());
        Path none = folder.resolve("none.json");
        assertEquals(none + ": no such file or folder", assertThrows(FormatException.class, () -> Json.read(none)).getMessage());
        assertEquals(folder + ": is a folder, expected a file", assertThrows(FormatException.class, () -> Json.read(folder)).getMessage());
    }
}
