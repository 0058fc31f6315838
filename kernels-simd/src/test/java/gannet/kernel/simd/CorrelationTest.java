package gannet.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.ConvShape;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// How results are cut into tiles, whole and short ones; what the tiles hold is the conformance suite's.
class CorrelationTest {
    private static ConvShape shape(int h, int w, int k) {
        return new ConvShape(2, h, w, 32, k, k, 32, h, w, 1, 1, 1, 1, (k - 1) / 2, (k - 1) / 2);
    }

    @Test void everyResultIsInOneTile() {
        for (int taps = 2; taps <= 3; taps++)
            for (int size = 1; size <= 40; size++) {
                Correlation c = Correlation.of(shape(size, 41 - size, taps));
                int[] rows = new int[size], columns = new int[41 - size], once = new int[size], onceEach = new int[41 - size];
                for (int band = 0; band < c.bands(); band++)
                    for (int i = 0; i < c.rowsOf(band); i++) if (c.row(band) + i < size) rows[c.row(band) + i]++;
                for (int tile = 0; tile < c.across(); tile++)
                    for (int j = c.firstColumnOf(tile); j < c.tileColumns(); j++) if (c.column(tile) + j < columns.length) columns[c.column(tile) + j]++;
                Arrays.fill(once, 1);
                Arrays.fill(onceEach, 1);
                assertArrayEquals(once, rows, size + " rows, " + taps + " taps");
                assertArrayEquals(onceEach, columns, columns.length + " columns, " + taps + " taps");
            }
    }

    @Test void shortTilesNeedNoProductAtInfinity() {
        Correlation c = Correlation.of(shape(7, 14, 2)); // rows 4 + 3, columns 3 + 3 + 4 + 4
        assertTrue(c.infiniteRows(0) && !c.infiniteRows(1));
        assertTrue(!c.infiniteColumns(0) && !c.infiniteColumns(1) && c.infiniteColumns(2) && c.infiniteColumns(3));
        var order = new TileOrder(c, 1, 2); // the second band of the first image, and the first of the second
        int[] wanted = {4, 5, 6, 7, 2, 3, 0, 1};
        assertArrayEquals(wanted, IntStream.range(0, order.count()).map(order::tile).toArray());
        for (int place = 0; place < wanted.length; place++) assertEquals(place, order.place(wanted[place]));
        int last = Winograd.INFINITY;
        assertTrue(order.from(0, 0) == 0 && order.to(0, 0) == 8 && order.from(last, 0) == 0 && order.to(last, 0) == 4);
        assertTrue(order.from(0, last) == 2 && order.to(0, last) == 6 && order.from(last, last) == 2 && order.to(last, last) == 4);
    }
}
