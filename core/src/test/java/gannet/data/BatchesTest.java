package gannet.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.data.Shuffle.Position;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchesTest {
    private static int[] epoch(Shuffle shuffle) {
        var all = new int[shuffle.batchesPerEpoch() * shuffle.batch()];
        var batch = new int[shuffle.batch()];
        for (int i = 0; i < shuffle.batchesPerEpoch(); i++) {
            shuffle.next(batch);
            System.arraycopy(batch, 0, all, i * batch.length, batch.length);
        }
        return all;
    }

    @Test void everyNumberComesOnceAnEpoch() {
        for (int count : new int[] {1, 2, 3, 4, 5, 7, 64, 1000}) {
            var shuffle = new Shuffle(count, 1, 11);
            for (int e = 0; e < 5; e++) {
                var seen = new BitSet();
                for (int i : epoch(shuffle)) seen.set(i);
                assertEquals(count, seen.cardinality(), "count " + count + ", epoch " + e);
                assertEquals(count, seen.length(), "count " + count + ", epoch " + e);
            }
        }
    }

    @Test void epochsAndSeedsDiffer() {
        var shuffle = new Shuffle(100, 10, 1);
        int[] first = epoch(shuffle), second = epoch(shuffle);
        assertFalse(Arrays.equals(first, second), "two epochs");
        assertFalse(Arrays.equals(first, epoch(new Shuffle(100, 10, 2))), "two seeds");
        assertFalse(Arrays.equals(first, epoch(new Shuffle(100, 10, 1L << 32 | 1))), "two seeds that differ in the high word");
        assertArrayEquals(first, epoch(new Shuffle(100, 10, 1)), "the same seed");
    }

    /// All 24 orders of four, equally often: χ² with 23 degrees of freedom is below 49.7 in 99.9 % of cases.
    @Test void everyOrderIsEquallyLikely() {
        int draws = 24_000;
        var shuffle = new Shuffle(4, 4, 5);
        var counts = new int[256];
        for (int i = 0; i < draws; i++) {
            int[] order = epoch(shuffle);
            counts[order[0] | order[1] << 2 | order[2] << 4 | order[3] << 6]++;
        }
        double chi = 0;
        int orders = 0;
        for (int count : counts) {
            if (count == 0) continue;
            orders++;
            chi += (count - draws / 24.0) * (count - draws / 24.0) / (draws / 24.0);
        }
        assertEquals(24, orders);
        assertTrue(chi < 49.7, "χ² = " + chi + ", seed 5");
    }

    @Test void theIncompleteBatchIsDropped() {
        var shuffle = new Shuffle(10, 4, 3);
        assertEquals(2, shuffle.batchesPerEpoch());
        var batch = new int[4];
        shuffle.next(batch);
        shuffle.next(batch);
        assertEquals(new Position(0, 8), shuffle.position());
        shuffle.next(batch);
        assertEquals(new Position(1, 4), shuffle.position());
    }

    @Test void aResumedRunDrawsTheSameBatches() {
        var images = images(23);
        var unbroken = new Batches(images, 5, 9);
        var expected = new double[40][10];
        var positions = new Position[expected.length];
        for (int i = 0; i < expected.length; i++) {
            positions[i] = unbroken.position();
            unbroken.next(expected[i]);
        }
        var used = new Batches(images, 5, 9);
        for (int stop = 0; stop < expected.length; stop++) {
            var fresh = new Batches(images, 5, 9);
            for (Batches resumed : List.of(fresh, used)) {
                resumed.resume(positions[stop]);
                for (int i = stop; i < Math.min(stop + 9, expected.length); i++) {
                    var found = new double[10];
                    resumed.next(found);
                    assertArrayEquals(expected[i], found, "batch " + i + " after a stop before batch " + stop);
                }
            }
        }
    }

    /// Images of two equal pixels, `i` and `i`, with label `i`.
    private static ImageSet images(int count) {
        var pixels = new byte[2 * count];
        var labels = new int[count];
        for (int i = 0; i < count; i++) pixels[2 * i] = pixels[2 * i + 1] = (byte) (labels[i] = i);
        return new ImageSet(count, 1, 2, 1, pixels, labels, List.of());
    }

    @Test void imagesComeWithTheirLabels() {
        var batches = new Batches(images(20), 4, 1);
        var floats = new Batches(images(20), 4, 1);
        double[] x = new double[8];
        float[] f = new float[8];
        int[] labels = new int[4], labelsToo = new int[4];
        for (int n = 0; n < 12; n++) {
            batches.next(x, labels);
            floats.next(f, labelsToo);
            assertArrayEquals(labels, labelsToo);
            for (int i = 0; i < 8; i++) {
                assertEquals(labels[i / 2] / 127.5 - 1, x[i]);
                assertEquals((float) x[i], f[i]);
            }
        }
    }

    @Test void whatCannotBeIsRefused() {
        assertEquals("a batch of 64 out of 10: expected 1 to 10, a smaller batch or more data",
                assertThrows(IllegalArgumentException.class, () -> new Batches(images(10), 64, 0)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Shuffle(10, 0, 0));
        var batches = new Batches(images(10), 2, 0);
        assertThrows(IllegalArgumentException.class, () -> batches.next(new double[3]));
        assertThrows(IllegalArgumentException.class, () -> batches.next(new double[4], new int[3]));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> batches.resume(new Position(0,
                11))).getMessage().contains("other data"));
        assertThrows(IllegalArgumentException.class, () -> batches.resume(new Position(-1, 0)));
        var unlabelled = new Batches(new ImageSet(2, 1, 1, 1, new byte[2], new int[0], List.of()), 1, 0);
        assertThrows(IllegalStateException.class, () -> unlabelled.next(new double[1], new int[1]));
        assertEquals(new Position(0, 0), batches.position(), "a refused call draws nothing");
    }
}
