package gannet.kernel.cuda;

import static gannet.kernel.cuda.Tile.LARGE;
import static gannet.kernel.cuda.Tile.MIDDLE;
import static gannet.kernel.cuda.Tile.SCALAR;
import static gannet.kernel.cuda.Tile.TALL;
import static gannet.kernel.cuda.Tile.WIDE;

/// How the work of a product is cut up: into `blocks` tiles, and the sum of each element into `parts` of `chunk` terms, which as many blocks work on.
/// The one place that chooses kernels of products and convolutions.
///
/// **Parts** depend on the shape alone, for the bits do: an element's terms are added in their order within a part, and then the parts in theirs.
/// Whether a tile is large or not changes no bit, so that may depend on the card.
record Tiling(Tile tile, int blocks, int parts, int chunk) {
    /// Blocks that fill a large card: four each on some 130 multiprocessors.
    private static final int ENOUGH = 512;
    /// A sum shorter than this is left whole: the pass that adds the parts would take longer than what they save. A part has at least a quarter of
    /// it.
    private static final int LONG = 512;
    /// A part's length is a multiple of every tile's depth.
    private static final int DEPTH = 16;

    /// `products` products of m × k by k × n.
    ///
    /// A result of few columns or rows gets the tile made for it. Of the square ones, the large tile does 1.25 times as much in the same time if
    /// every multiprocessor has one (16 operands read from shared memory for 64 multiplications against 12 for 32); the multiprocessor with the most
    /// tiles decides how long it takes, and it has ⌈tiles / multiprocessors⌉, so small results go by the middle tile, of which four make a large one.
    ///
    /// @param aligned      whether vectors of four may be used
    /// @param wide         whether there is a kernel of the wide tile
    static Tiling of(int products, int m, int k, int n, boolean aligned, boolean wide, int multiprocessors) {
        Tile narrow = n <= Tile.narrow() ? TALL : wide && m <= Tile.narrow() ? WIDE : null;
        long least = products * (narrow == null ? MIDDLE : narrow).count(m, n);
        int parts = k < LONG ? 1 : (int) Math.max(1, Math.min(ENOUGH / least, k / (LONG / 4)));
        int chunk = Math.ceilDiv(Math.ceilDiv(k, parts), DEPTH) * DEPTH;
        parts = Math.ceilDiv(k, chunk);
        Tile tile = narrow != null ? narrow : aligned ? square(products * parts, m, n, multiprocessors) : SCALAR;
        return new Tiling(tile, Math.toIntExact(products * tile.count(m, n)), parts, chunk);
    }

    private static Tile square(long times, int m, int n, int multiprocessors) {
        long large = Math.ceilDiv(times * LARGE.count(m, n), multiprocessors), middle = Math.ceilDiv(times * MIDDLE.count(m, n), multiprocessors);
        return 4 * large <= 1.25 * middle ? LARGE : MIDDLE;
    }
}
