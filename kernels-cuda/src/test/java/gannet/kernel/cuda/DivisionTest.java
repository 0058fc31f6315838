package gannet.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DivisionTest {
    /// `divide` of `division.cuh`.
    private static int divide(int i, Division by) {
        return (int) ((2L * i * Integer.toUnsignedLong(by.magic()) >>> 32) >>> by.shift());
    }

    private static void quotients(int divisor, Random random) {
        Division by = Division.by(divisor);
        int largest = Integer.MAX_VALUE / divisor;
        for (int quotient : new int[] {0, 1, 2, 3, largest / 2, largest - 1, largest, random.nextInt(largest) + 1})
            for (int off = -1; off <= 1; off++) {
                long i = (long) quotient * divisor + off;
                if (i >= 0 && i <= Integer.MAX_VALUE) assertEquals(i / divisor, divide((int) i, by), () -> i + " / " + divisor);
            }
        assertEquals(Integer.MAX_VALUE / divisor, divide(Integer.MAX_VALUE, by), () -> "the greatest int / " + divisor);
    }

    @Test void quotientsAreExactAtEveryStep() {
        var random = new Random(1);
        for (int divisor = 1; divisor < 3000; divisor++) quotients(divisor, random);
        for (int bits = 11; bits < 31; bits++)
            for (int off = -3; off <= 3; off++) quotients((1 << bits) + off, random);
        for (int i = 0; i < 20_000; i++) quotients(random.nextInt(1 << 1 + random.nextInt(30)) + 1, random);
        quotients(Integer.MAX_VALUE, random);
    }
}
