package gannet.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// The part of [ConformanceSuite] about storages, wrong input and random numbers.
abstract class StorageConformance {
    /// The back end under test; asked for by every test, may be the same object each time.
    protected abstract Kernels kernels();

    private static double[] read(Storage s) {
        var values = new double[s.length()];
        s.kernels().read(s, values);
        return values;
    }

    private Storage filled(double... values) {
        Kernels k = kernels();
        Storage s = k.allocate(values.length);
        assertArrayEquals(new double[values.length], read(s), "fresh memory is zero");
        k.write(values, s);
        return s;
    }

    @Test void slicesShareMemoryAndVersion() {
        Storage whole = filled(0, 1, 2, 3, 4, 5, 6, 7), part = whole.slice(3, 4), inner = part.slice(1, 2);
        assertArrayEquals(new double[]{4, 5}, read(inner));
        inner.kernels().write(new double[]{-4, -5}, inner);
        assertArrayEquals(new double[]{0, 1, 2, 3, -4, -5, 6, 7}, read(whole));
        part.changed();
        assertEquals(1, whole.version());
        assertEquals(1, inner.version());
        assertThrows(IndexOutOfBoundsException.class, () -> part.slice(2, 3), "a slice ends where its whole ends");
        assertThrows(IndexOutOfBoundsException.class, () -> part.slice(-1, 2));
    }

    @Test void recycledStorageIsANewHandleToTheSameMemory() {
        Storage first = filled(1, 2, 3, 4);
        first.changed();
        assertTrue(first.capacity() >= 4);
        first.release();
        Storage second = first.recycled(3);
        assertNotSame(first, second);
        assertEquals(3, second.length());
        assertEquals(0, second.version());
        assertArrayEquals(new double[]{1, 2, 3}, read(second), "the memory is the same");
        assertEquals(4, second.recycled(4).length(), "what a short handle left over is not lost");
        assertThrows(IndexOutOfBoundsException.class, () -> second.recycled(first.capacity() + 1));
    }

    @Test void releasedStorageIsRefused() {
        Kernels k = kernels();
        Storage dead = filled(1, 2, 3), alive = filled(4, 5, 6);
        dead.release();
        assertThrows(IllegalStateException.class, () -> read(dead));
        assertThrows(IllegalStateException.class, () -> k.write(new double[3], dead));
        assertThrows(IllegalStateException.class, () -> k.map(Unary.Function.NEGATE, dead, alive));
        assertThrows(IllegalStateException.class, () -> k.map(Unary.Function.NEGATE, alive, dead));
        assertThrows(IllegalStateException.class, () -> k.matmul(MatrixShape.of(1, 3, 1), dead, alive, filled(0)));
        assertThrows(IllegalStateException.class, () -> dead.slice(0, 1));
    }

    @Test void anotherBackEndsStorageIsRefusedByName() {
        Kernels k = kernels();
        Kernels other = k instanceof ReferenceKernels ? new ScalarKernels() : new ReferenceKernels();
        Storage ours = filled(1, 2, 3), theirs = other.allocate(3);
        var failure = assertThrows(IllegalArgumentException.class, () -> k.map(Unary.Function.NEGATE, theirs, ours));
        assertTrue(failure.getMessage().contains(k.name()) && failure.getMessage().contains(other.name()), failure.getMessage());
        assertThrows(IllegalArgumentException.class, () -> k.reduce(Reduction.SUM, 1, 3, 1, ours, theirs));
        assertThrows(IllegalArgumentException.class, () -> k.matmul(MatrixShape.of(1, 3, 1), ours, theirs, filled(0)));
    }

    @Test void scratchIsTheSameEachTimeAndSlotsAreApart() {
        Kernels k = kernels();
        Storage a = k.scratch(0, 5), b = k.scratch(1, 5);
        k.write(new double[]{1, 2, 3, 4, 5}, a);
        k.write(new double[]{6, 7, 8, 9, 10}, b);
        assertArrayEquals(new double[]{1, 2, 3, 4, 5}, Arrays.copyOf(read(k.scratch(0, 5)), 5));
        assertTrue(k.scratch(0, 1000).length() >= 1000);
        assertSame(k, k.scratch(3, 1).kernels());
    }

    @Test void numbersAreRoundedOnce() {
        double[] values = {0.1, 1.0 / 3, 1e-20, -2.5e30, 16_777_217, Double.POSITIVE_INFINITY, Double.NaN};
        double[] back = read(filled(values));
        for (int i = 0; i < values.length; i++)
            assertEquals(kernels().elementBytes() == Double.BYTES ? values[i] : (double) (float) values[i], back[i]);
    }

    /// Numbers that come beside running kernels are there for whatever is called next, and what ran meanwhile is left alone.
    @Test void prefetchedNumbersAreSeenByWhatIsCalledNext() {
        Kernels k = kernels();
        int n = 300_000;
        double[] numbers = new double[n];
        Storage busy = k.allocate(n), next = k.allocate(n), sum = k.allocate(n);
        for (int round = 1; round <= 4; round++) {
            Arrays.fill(numbers, round);
            k.map(new Unary.Affine(0, -round), busy, busy);
            k.prefetch(numbers, next);
            Arrays.fill(numbers, 1000); // it may be used again at once
            k.zip(Binary.Function.ADD, busy, 1, next, 1, sum);
            for (double each : read(sum)) assertEquals(0, each, "round " + round);
        }
    }

    @Test void anIndexThatIsNoRowIsNamed() {
        Kernels k = kernels();
        for (double wrong : new double[]{-1, 4, 1.5, Double.NaN, 1e20}) {
            Storage table = filled(new double[8]), indices = filled(0, 3, wrong), rows = filled(new double[6]);
            String text = assertThrows(IndexOutOfBoundsException.class, () -> {
                k.gather(2, table, indices, rows);
                read(rows);
            }, () -> "gather of row " + wrong).getMessage();
            assertTrue(text.contains(wrong == 1e20 ? "E20" : String.valueOf(wrong).replace(".0", "")), text);
            assertThrows(IndexOutOfBoundsException.class, () -> {
                k.scatterAdd(2, rows, indices, table);
                read(table);
            }, () -> "scatter-add to row " + wrong);
        }
    }

    private double[] draw(Distribution d, long seed, int use, int draw, double step, int length) {
        Storage y = filled(new double[length]);
        kernels().random(d, seed, use, draw, filled(step), y);
        return read(y);
    }

    @Test void uniformsLieInsideAndEvenly() {
        double[] u = draw(Distribution.UNIFORM, 7, 0, 0, 0, 1 << 18);
        double sum = 0, squares = 0;
        for (double each : u) {
            assertTrue(each > 0 && each < 1, () -> "a uniform number of " + each);
            sum += each;
            squares += each * each;
        }
        assertEquals(0.5, sum / u.length, 4 * Math.sqrt(1.0 / 12 / u.length), "mean");
        assertEquals(1.0 / 3, squares / u.length, 4 * Math.sqrt(4.0 / 45 / u.length), "second moment");
    }

    /// Draws found by search: the words ffffffea, which rounds to 1 in float, and 00000023.
    @Test void uniformsNeverRoundToOneOrZero() {
        double largest = draw(Distribution.UNIFORM, 0, 0, 18_592_171, 0, 4)[1], least = draw(Distribution.UNIFORM, 0, 0, 37_629_224, 0, 4)[1];
        assertTrue(largest < 1 && largest >= 1 - 0x1p-24, () -> "the word ffffffea became " + largest);
        assertEquals(35.5 * 0x1p-32, least);
        assertTrue(Math.abs(draw(Distribution.NORMAL, 0, 0, 18_592_171, 0, 4)[0]) < 7, "a normal number from that word");
    }

    @Test void normalsAreNormal() {
        double[] z = draw(Distribution.NORMAL, 7, 0, 0, 0, 1 << 18);
        double sum = 0, squares = 0, fourth = 0, neighbours = 0;
        for (int i = 0; i < z.length; i++) {
            sum += z[i];
            squares += z[i] * z[i];
            fourth += z[i] * z[i] * z[i] * z[i];
            neighbours += z[i] * z[i ^ 1];
        }
        assertEquals(0, sum / z.length, 4 / Math.sqrt(z.length), "mean");
        assertEquals(1, squares / z.length, 4 * Math.sqrt(2.0 / z.length), "variance");
        assertEquals(3, fourth / z.length, 4 * Math.sqrt(96.0 / z.length), "fourth moment");
        assertEquals(0, neighbours / z.length, 4 * Math.sqrt(2.0 / z.length), "covariance of a pair");
    }

    @Test void drawsDependOnSeedUseDrawAndStepOnly() {
        for (Distribution d : Distribution.values()) {
            double[] base = draw(d, 5, 1, 2, 3, 50);
            assertArrayEquals(base, draw(d, 5, 1, 2, 3, 50));
            assertArrayEquals(Arrays.copyOf(base, 13), draw(d, 5, 1, 2, 3, 13), "a shorter draw begins the same");
            for (double[] other : new double[][]{draw(d, 6, 1, 2, 3, 50), draw(d, 5 + (1L << 32), 1, 2, 3, 50), draw(d, 5, 2, 2, 3, 50),
                    draw(d, 5, 1, 3, 3, 50), draw(d, 5, 1, 2, 4, 50)})
                for (int i = 0; i < 50; i++) assertTrue(base[i] != other[i], "another seed, use, draw or step, another number");
        }
    }
}
