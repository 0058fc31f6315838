package gannet.kernel.cuda;

/// How a matrix is shared out to blocks that reduce its columns: each looks through a window of some columns at a run of rows; see `block_sum.cuh`.
final class Columns {
    private Columns() {}

    /// The width of a window onto `columns` columns: the least power of 2 that holds them, at most `most` (a power of 2 itself).
    static int width(int columns, int most) {
        return columns >= most ? most : columns == 1 ? 1 : 2 * Integer.highestOneBit(columns - 1);
    }

    /// How many rows a block takes so that there are at most `most` runs, alike but for the last, and if there is more than one, of at least `least`
    /// rows each but the last.
    static int run(int rows, int least, int most) {
        return blocks(rows, Math.clamp(rows / least, 1, most));
    }

    /// How many pieces of length `each` it takes to cover `count`.
    static int blocks(long count, int each) {
        return (int) ((count + each - 1) / each);
    }
}
