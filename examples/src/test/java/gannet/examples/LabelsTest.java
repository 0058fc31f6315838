package gannet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.data.FashionMnist;
import gannet.examples.Labels.Way;
import gannet.io.FormatException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelsTest {
    private final Labels labels = new Labels(Way.PROJECTION, FashionMnist.CLASSES);

    private String refused(String typed) {
        return assertThrows(UsageException.class, () -> labels.number(typed)).getMessage();
    }

    @Test void findsAClassByNumberOrName() {
        assertEquals(8, labels.number("8"));
        assertEquals(8, labels.number("bag"));
        assertEquals(9, labels.number("Ankle BOOT"));
        assertEquals(0, labels.number("T-shirt"), "the beginning of one name only");
        assertEquals(0, labels.number("top"), "a word of one name only");
        assertEquals(6, labels.number("shirt"), "the whole name of one");
        assertEquals(2, labels.number("pull"));
    }

    @Test void refusesWhatIsNoClass() {
        assertEquals("--class 10: expected 0 to 9, the classes 0 T-shirt/top, 1 Trouser, 2 Pullover, 3 Dress, 4 Coat, 5 Sandal, 6 Shirt, 7 Sneaker, 8 Bag, 9 Ankle boot", refused("10"));
        assertTrue(refused("99999999999999999999").contains("expected 0 to 9"));
        assertTrue(refused("bagg").startsWith("there is no class 'bagg'; did you mean 'Bag'? there are: 0 T-shirt/top"), refused("bagg"));
        assertTrue(refused("-1").contains("there is no class '-1'"));
        assertTrue(refused("s").contains("--class s may be 'Sandal' or 'Shirt' or 'Sneaker'"), refused("s"));
    }

    @Test void goesThroughAFilesMetadata() throws FormatException {
        assertEquals(labels, Labels.of("file", Recipe.CGAN, labels.metadata()));
        assertEquals(Labels.NONE, Labels.of("file", Recipe.DCGAN, Map.of()));
        assertEquals(Map.of(), Labels.NONE.metadata());
        for (Map<String, String> damaged : List.of(Map.<String, String>of(), Map.of("condition", "projection"), Map.of("condition", "x", "classes", "[\"a\",\"b\"]"),
                Map.of("condition", "concat", "classes", "[\"a\"]"), Map.of("condition", "concat", "classes", "{")))
            assertThrows(FormatException.class, () -> Labels.of("file", Recipe.CGAN, damaged), damaged.toString());
    }
}
