package gannet.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {
    @Test void theFewestChanges() {
        List<String> names = List.of("minimax", "hinge", "lsgan");
        assertEquals("lsgan", Names.nearest("lsgam", names), "one replaced");
        assertEquals("hinge", Names.nearest("hnge", names), "one missing");
        assertEquals("minimax", Names.nearest("miniimaxx", names), "two too many");
        assertEquals("ab", Names.nearest("", List.of("ab", "xy")), "the first of equals");
        assertEquals("", Names.nearest("x", List.of()));
    }
}
