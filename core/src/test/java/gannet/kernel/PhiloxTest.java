package gannet.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// Against the vectors that Random123 publishes for philox4x32-10 (its file kat_vectors).
class PhiloxTest {
    private static void check(int k0, int k1, int[] counter, int... expected) {
        var out = new int[6];
        Philox.block((k1 & 0xFFFFFFFFL) << 32 | k0 & 0xFFFFFFFFL, counter[0], counter[1], counter[2], counter[3], out, 1);
        assertArrayEquals(new int[]{0, expected[0], expected[1], expected[2], expected[3], 0}, out);
    }

    @Test void zeros() {
        check(0, 0, new int[4], 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    }

    @Test void ones() {
        check(-1, -1, new int[]{-1, -1, -1, -1}, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    }

    @Test void digitsOfPi() {
        check(0xa4093822, 0x299f31d0, new int[]{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
    }

    @Test void uniformIsInsideOfZeroAndOne() {
        assertEquals(0x1p-33, Philox.uniform(0));
        assertEquals(1 - 0x1p-33, Philox.uniform(-1));
        assertEquals(0.5 + 0x1p-33, Philox.uniform(1 << 31));
    }

    /// `√(−2 ln ½) = 1.1774…`, at angles of a quarter and a half turn.
    @Test void normalIsBoxAndMullers() {
        assertEquals(1.17741, Philox.normal(1 << 31, 1 << 30, true), 1e-5);
        assertEquals(0, Philox.normal(1 << 31, 1 << 30, false), 1e-5);
        assertEquals(-1.17741, Philox.normal(1 << 31, 1 << 31, false), 1e-5);
    }
}
