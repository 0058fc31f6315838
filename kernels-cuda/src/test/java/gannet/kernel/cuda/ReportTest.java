package gannet.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What `doctor` is told, by a driver of which the tests choose the version and the cards.
class ReportTest {
    private final Path driver = FakeDriver.build();

    @AfterEach void reset() {
        FakeDriver.reset(driver);
    }

    private List<String> report() {
        return Report.of(driver.toString());
    }

    @Test void namesVersionsCardAndPtx() {
        List<String> lines = report();
        assertEquals(2, lines.size(), lines.toString());
        assertTrue(lines.get(0).startsWith("driver ") && lines.get(0).contains("for CUDA ") && lines.get(0).endsWith("(needed: 12.0)"), lines.get(0));
        assertTrue(lines.get(1).startsWith("card 0, ") && lines.get(1).endsWith(": used, with the PTX for 8.0"), lines.get(1));
    }

    @Test void namesADriverThatIsTooOld() {
        FakeDriver.set(driver, "driver", 11_080);
        assertEquals(1, report().size());
        assertTrue(report().getFirst().contains("for CUDA 11.8 (needed: 12.0)"), report().getFirst());
    }

    @Test void namesACardThatIsTooOld() {
        FakeDriver.set(driver, "capability", 70);
        assertTrue(report().getLast().contains("capability 7.0") && report().getLast().endsWith("too old, 7.5 is needed"), report().getLast());
    }

    @Test void tellsNothingWithoutADriver() {
        assertEquals(List.of(), Report.of("libcuda-of-nobody.so.1"));
    }
}
