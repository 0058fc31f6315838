package gannet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    private static final Options OPTIONS = new Options("test", "A test.", List.of(Options.whole("batch", "N", 64L, "images"),
            Options.number("rate", "X", null, "speed"),
            Options.text("set", "K=V", null, "settings"), Options.flag("json", "as JSON")));

    @Test void readsBothSpellings() {
        var given = OPTIONS.parse(List.of("word", "--batch", "8", "--rate=-2e-4", "--set=a=b", "--set", "c=d", "--json", "-"));
        assertEquals(8, given.whole("batch"));
        assertEquals(-2e-4, given.number("rate"));
        assertEquals(List.of("a=b", "c=d"), given.texts("set"));
        assertTrue(given.flag("json"));
        assertEquals(List.of("word", "-"), given.words());
        assertFalse(given.help());
    }

    @Test void fallsBackToDefaults() {
        var given = OPTIONS.parse(List.of("-h"));
        assertTrue(given.help());
        assertEquals(64, given.whole("batch"));
        assertNull(given.value("rate"));
        assertFalse(given.has("batch"));
        assertFalse(given.flag("json"));
    }

    @ParameterizedTest
    @CsvSource({"--bach 3,there is no option --bach; did you mean --batch?", "-json,there is no option -json; did you mean --json?",
            "--batch,option --batch needs a value: --batch N", "--batch 1.5,--batch 1.5: expected a whole number",
                    "--rate x,--rate x: expected a number",
            "--rate NaN,--rate NaN: expected a finite number", "--json=1,option --json takes no value"})
    void refuses(String words, String message) {
        assertEquals(message, assertThrows(UsageException.class, () -> OPTIONS.parse(List.of(words.split(" ")))).getMessage());
    }

    @Test void aValueThatMayBeLeftOut() {
        var options = new Options("test", "", List.of(Options.optional("augment", "NAMES", "all", "how"), Options.flag("json", "as JSON")));
        assertEquals("all", options.parse(List.of("--augment")).text("augment"));
        assertEquals("all", options.parse(List.of("--augment", "--json")).text("augment"));
        assertEquals("ada", options.parse(List.of("--augment", "ada", "--json")).text("augment"));
        assertEquals("ada", options.parse(List.of("--augment=ada")).text("augment"));
        assertNull(options.parse(List.of("--json")).text("augment"));
        assertTrue(options.usage().contains("--augment [NAMES]  how\n"), options.usage());
    }

    @Test void usageNamesEveryOption() {
        assertEquals("""
                usage: gannet test

                A test.

                options:
                  --batch N  images (64)
                  --rate X   speed
                  --set K=V  settings
                  --json     as JSON
                  --help     this text
                """, OPTIONS.usage());
    }
}
