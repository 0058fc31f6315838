package gannet.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BackEndsTest {
    private static final Kernels KERNELS = new ScalarKernels();

    /// `failure`, if any, is thrown by open.
    private record Fake(String name, int rank, String missing, Error failure) implements BackEnd {
        @Override public Kernels open(int threads) {
            if (failure != null) throw failure;
            if (!missing.isEmpty()) throw new AssertionError("opened " + name + " though it is missing");
            return KERNELS;
        }
    }

    private static final BackEnd FAST = new Fake("fast", 20, "", null), ABSENT = new Fake("absent", 30, "no card; plug one in", null),
            BROKEN = new Fake("broken", 25, "", new UnsatisfiedLinkError("libbroken.so")), SLOW = new Fake("slow", 0, "", null),
            HIDDEN = new Fake("hidden", -1, "", null);
    private static final List<BackEnd> ALL = List.of(ABSENT, BROKEN, FAST, SLOW, HIDDEN);

    @Test void autoTakesTheBestAvailableAndSaysWhyNotBetter() {
        BackEnds.Choice choice = BackEnds.open(ALL, "auto", 1);
        assertSame(KERNELS, choice.kernels());
        String line = choice.line();
        assertTrue(line.startsWith("device: " + KERNELS.name() + " (" + KERNELS.description() + ")"), line);
        assertTrue(line.contains("not absent: no card; plug one in") && line.contains("not broken") && line.contains("libbroken.so"), line);
        assertTrue(!line.contains("slow") && !line.contains("hidden") && !line.contains("\n"), line);
    }

    @Test void autoNeverTakesANegativeRank() {
        var failure = assertThrows(MissingDeviceException.class, () -> BackEnds.open(List.of(ABSENT, HIDDEN), "auto", 1));
        assertTrue(failure.getMessage().contains("no card"), failure.getMessage());
        assertThrows(MissingDeviceException.class, () -> BackEnds.open(List.of(), "auto", 1));
    }

    @Test void aNamedDeviceIsOpenedOrAnError() {
        assertSame(KERNELS, BackEnds.open(ALL, "hidden", 1).kernels());
        String message = assertThrows(MissingDeviceException.class, () -> BackEnds.open(ALL, "absent", 1)).getMessage();
        assertEquals("device 'absent' can't be had: no card; plug one in; available: auto, broken, fast, slow, hidden", message);
        var failure = assertThrows(MissingDeviceException.class, () -> BackEnds.open(ALL, "broken", 1));
        assertInstanceOf(UnsatisfiedLinkError.class, failure.getCause());
        assertTrue(failure.getMessage().contains("libbroken.so"), failure.getMessage());
    }

    @Test void anUnknownNameListsTheNamesAndTheNearest() {
        String message = assertThrows(IllegalArgumentException.class, () -> BackEnds.open(ALL, "sloow", 1)).getMessage();
        assertTrue(message.contains("'sloow'") && message.contains("nearest: 'slow'")
                && message.contains("auto, absent, broken, fast, slow, hidden"), message);
        assertThrows(IllegalArgumentException.class, () -> BackEnds.open(ALL, "", 1));
        assertThrows(IllegalArgumentException.class, () -> BackEnds.open(ALL, "fast", 0), "threads");
    }

    @Test void coreBringsTwoBackEnds() {
        List<String> names = BackEnds.all().stream().map(BackEnd::name).toList();
        assertTrue(names.indexOf("scalar") >= 0 && names.indexOf("scalar") < names.indexOf("reference"), names.toString());
        assertInstanceOf(ReferenceKernels.class, BackEnds.open("reference", 1).kernels());
        assertEquals("scalar", BackEnds.open("scalar", 3).kernels().name());
    }

    @Test void thePropertyNamesTheDeviceWhereNothingElseDoes() {
        String before = System.getProperty(BackEnds.PROPERTY);
        try {
            System.clearProperty(BackEnds.PROPERTY);
            assertEquals("auto", BackEnds.device());
            System.setProperty(BackEnds.PROPERTY, "reference");
            assertEquals("reference", BackEnds.open(1).kernels().name());
            assertEquals("scalar", BackEnds.open("scalar", 1).kernels().name(), "a name in the call is stronger");
        } finally {
            if (before == null) System.clearProperty(BackEnds.PROPERTY);
            else System.setProperty(BackEnds.PROPERTY, before);
        }
    }
}
