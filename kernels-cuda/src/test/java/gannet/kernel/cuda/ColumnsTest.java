package gannet.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ColumnsTest {
    @Test void aWindowIsThePowerOfTwoThatHoldsTheColumns() {
        int[] columns = {1, 2, 3, 4, 5, 8, 9, 31, 32, 33, 1000}, widths = {1, 2, 4, 4, 8, 8, 16, 32, 32, 32, 32};
        for (int i = 0; i < columns.length; i++) {
            assertEquals(widths[i], Columns.width(columns[i], 32), columns[i] + " columns");
            assertEquals(Math.min(widths[i], 8), Columns.width(columns[i], 8), columns[i] + " columns, at most 8");
        }
    }

    /// No run is empty, none but the last is shorter than was asked for, and there are not too many.
    @Test void runsCoverAllRows() {
        var random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            int rows = random.nextInt(1, 1 << random.nextInt(1, 31)), least = random.nextInt(1, 5000), most = random.nextInt(1, 600);
            int run = Columns.run(rows, least, most), runs = Columns.blocks(rows, run);
            String of = rows + " rows in at most " + most + " runs of at least " + least;
            assertTrue(runs <= most, of);
            assertTrue((long) run * runs >= rows && (long) run * (runs - 1) < rows, of);
            assertTrue(runs == 1 || run >= least, of);
        }
    }
}
