package gannet.kernel.simd;

/// One thread's scratch memory. Arrays grow to the largest size asked for and are then kept, so that a step allocates nothing once it has
/// run.
final class Worker {
    /// Where the rows of a and of c begin, for the block at hand; see [Product#block].
    int[] aRows = new int[0], cRows = new int[0];
    /// The same for a last, incomplete tile of rows.
    final int[] edgeA = new int[MicroKernel.ROWS], edgeC = new int[MicroKernel.ROWS];
    /// A tile of whose columns some lie beyond c.
    final float[] tile = new float[MicroKernel.ROWS * MicroKernel.COLUMNS];
    private float[] image = new float[0], rows = new float[0], panels = new float[0], result = new float[0];
    private int[] sources = new int[0];
    private final float[][] chunks = new float[4][Elementwise.CHUNK];

    /// Room for a block of `m` rows, in whole tiles.
    void rows(int m) {
        int whole = Product.wholeTiles(m);
        if (aRows.length >= whole) return;
        aRows = new int[whole];
        cRows = new int[whole];
    }

    /// Part of a padded image.
    float[] image(int length) {
        return image = atLeast(image, length);
    }

    /// Rows of a that had to be gathered or transposed.
    float[] gathered(int length) {
        return rows = atLeast(rows, length);
    }

    /// A block of b in panels.
    float[] panels(int length) {
        return panels = atLeast(panels, length);
    }

    /// A block of a product that is not yet in its place.
    float[] result(int length) {
        return result = atLeast(result, length);
    }

    /// Where the pixels of a block begin in its image.
    int[] sources(int length) {
        if (sources.length < length) sources = new int[length];
        return sources;
    }

    /// One of four buffers of [Elementwise#CHUNK] elements.
    float[] chunk(int slot) {
        return chunks[slot];
    }

    static float[] atLeast(float[] array, int length) {
        return array.length >= length ? array : new float[length];
    }
}
