package gannet.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RememberedTest {
    @Test void worksOutOnceAndForgetsWhatWasAskedForLongestAgo() {
        List<Integer> made = new ArrayList<>();
        var remembered = new Remembered<Integer, String>(key -> {
            made.add(key);
            return "plan " + key;
        });
        assertSame(remembered.of(0), remembered.of(0));
        for (int key = 1; key < Remembered.MOST; key++) remembered.of(key);
        assertEquals(Remembered.MOST, made.size());
        remembered.of(0); // asked for again, so 1 is now the eldest
        remembered.of(Remembered.MOST);
        remembered.of(0);
        assertEquals(Remembered.MOST + 1, made.size());
        remembered.of(1);
        assertEquals(List.of(1), made.subList(Remembered.MOST + 1, made.size()));
    }
}
