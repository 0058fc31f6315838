package gannet.kernel.cuda;

import java.util.Locale;

/// The tiles that a product's result is cut into, a block of threads each; the classes of the same names are in `tile.cuh`, with why they are of
/// these sizes.
enum Tile {
    /// 8 × 8 results a thread; for factors aligned to 16 bytes, and results that make enough such tiles to fill the card.
    LARGE(128, 128, 256),
    /// 8 × 4 results a thread; for aligned factors.
    MIDDLE(64, 64, 128),
    /// The same for factors at any offset and of any width.
    SCALAR(64, 64, 128),
    /// For results of up to 16 columns.
    TALL(128, 16, 128),
    /// For results of up to 16 rows.
    WIDE(16, 128, 128);

    private final int rows, columns, threads;

    Tile(int rows, int columns, int threads) {
        this.rows = rows;
        this.columns = columns;
        this.threads = threads;
    }

    int threads() {
        return threads;
    }

    /// The sides of a result that is narrow: such tiles would be mostly empty if they were square.
    static int narrow() {
        return TALL.columns;
    }

    /// Tiles in a result of m × n.
    long count(int m, int n) {
        return (long) Math.ceilDiv(m, rows) * Math.ceilDiv(n, columns);
    }

    /// Whether its kernels take factors aligned to 16 bytes only; they are the ones that there is at every [Precision].
    boolean aligned() {
        return this == LARGE || this == MIDDLE;
    }

    /// Whether its kernels apply tanh and sigmoid themselves.
    boolean curves() {
        return this == TALL;
    }

    @Override public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
