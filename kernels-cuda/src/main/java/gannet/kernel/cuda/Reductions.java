package gannet.kernel.cuda;

import gannet.kernel.Reduction;
import java.util.List;

/// Chooses how to reduce a shape, and how much of it a block takes; `reduction.cu` says how each way works. Sums depend on what is chosen here,
/// so only the shape is asked, never the card.
final class Reductions {
    private static final String SOURCE = "reduction";
    /// As in the source.
    private static final int THREADS = 256, BATCH = 8, TOGETHER = 8;
    /// The longest line for one warp.
    private static final int LINE = 1024;
    /// The longest columns for one thread each: any, and where so many are wanted that their threads fill a card.
    private static final int COLUMN = 8, COLUMN_OF_MANY = 64, MANY = 1 << 17;
    /// Blocks that fill a card of some 130 multiprocessors twice over. Fewer leave it idle, and short columns get narrow windows then.
    private static final int BLOCKS = 2048, IDLE = 264, NARROW = 8, WIDE = 32;
    /// The most runs of a column: no more than one block joins, so that the second launch is the last.
    private static final int RUNS = 512;

    /// The three ways of one [Reduction].
    private record Ways(Function lines, Function each, Function columns) {
        Ways(Cuda cuda, String suffix) {
            this(cuda.function(SOURCE, "reduce_lines_" + suffix), cuda.function(SOURCE, "reduce_each_" + suffix),
                    cuda.function(SOURCE, "reduce_columns_" + suffix));
        }
    }

    private final Cuda cuda;
    private final Ways sum, max;
    private final Function check, checkEach;

    Reductions(Cuda cuda) {
        this.cuda = cuda;
        sum = new Ways(cuda, "sum");
        max = new Ways(cuda, "max");
        check = cuda.function(SOURCE, "check_limit");
        checkEach = cuda.function(SOURCE, "check_each");
    }

    /// `x[outer, axis, inner] → y[outer, inner]`, combined over the axis.
    void reduce(Reduction r, int outer, int axis, int inner, CudaStorage x, CudaStorage y) {
        Ways ways = switch (r) {
            case SUM -> sum;
            case MAX -> max;
        };
        cuda.given(x);
        reduce(ways, outer, axis, inner, x.address(), y);
    }

    private void reduce(Ways ways, int outer, int axis, int inner, long x, CudaStorage y) {
        int count = outer * inner;
        if (inner == 1 && axis <= LINE) {
            int group = Columns.width(axis, WIDE);
            cuda.launch(ways.lines).with(count).with(axis).with(Integer.numberOfTrailingZeros(group)).at(x).to(y).over(Columns.blocks((long) count * group, THREADS), THREADS);
        } else if (inner > 1 && axis <= (count < MANY ? COLUMN : COLUMN_OF_MANY)) {
            cuda.launch(ways.each).with(count).with(axis).with(inner).at(x).to(y).over(Columns.blocks(count, THREADS), THREADS);
        } else {
            columns(ways, outer, axis, inner, x, y);
        }
    }

    private void columns(Ways ways, int outer, int axis, int inner, long x, CudaStorage y) {
        boolean narrow = axis <= RUNS && outer * Columns.blocks(inner, WIDE) < IDLE;
        int width = Columns.width(inner, narrow ? NARROW : WIDE), windows = outer * Columns.blocks(inner, width);
        int run = Columns.run(axis, 2 * BATCH * THREADS / width, Math.clamp(BLOCKS / windows, 1, RUNS)), runs = Columns.blocks(axis, run);
        Launch launch = cuda.launch(ways.columns).with(axis).with(inner).with(width).with(run).at(x);
        if (runs == 1) {
            launch.to(y).over(windows, THREADS);
            return;
        }
        long partial = cuda.scratch(0, (long) outer * runs * inner);
        launch.at(partial).over(windows, runs, 1, THREADS);
        reduce(ways, outer, runs, inner, partial, y);
    }

    /// `flag[0] = max(flag[0], 1)` if any |x[i]| is above `limit` or not a number. The result is the same however many blocks there are.
    void check(double limit, CudaStorage x, CudaStorage flag) {
        cuda.launch(check).with(x.length()).with(Elementwise.floor(limit)).to(x).to(flag).over(checking(x.length()), THREADS);
    }

    /// [#check] of each of `all`.
    void checkAll(double limit, List<CudaStorage> all, CudaStorage flag) {
        for (int first = 0; first < all.size(); first += TOGETHER) {
            int count = Math.min(TOGETHER, all.size() - first), longest = 0;
            Launch launch = cuda.launch(checkEach).with(Elementwise.floor(limit)).to(flag);
            for (int i = 0; i < TOGETHER; i++) {
                int length = i < count ? all.get(first + i).length() : 0;
                launch.to(i < count ? all.get(first + i) : null).with(length);
                longest = Math.max(longest, length);
            }
            launch.over(checking(longest), count, 1, THREADS);
        }
    }

    /// Blocks enough to look at `length` elements.
    private int checking(int length) {
        return Math.min(Columns.blocks(length, BATCH * THREADS), 8 * cuda.multiprocessors());
    }
}
