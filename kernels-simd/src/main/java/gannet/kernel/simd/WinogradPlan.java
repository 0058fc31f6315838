package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;
import static gannet.kernel.simd.Winograd.POINTS;

import gannet.kernel.ConvShape;
import java.util.List;

/// How [WinogradConvolution] goes through a batch: correlations with the same data; the chunks of the batch, whose transformed data fit the third cache; the blocks of a chunk, whose products
/// stay in the second. Worked out once for a shape.
///
/// `step` floats lie between two points of the transformed data. A panel of result channels is cut into `splits` parts, so that few panels are work for several threads.
record WinogradPlan(List<Correlation> same, int step, int splits, Chunk[] chunks) {
    /// A chunk's transformed data are 4 MB, and as many tiles at least as make transforming the weights once a chunk worth it; a block's products, 25 points of [#TILES] rows (whole tiles of the
    /// micro-kernel) and 32 channels, are 211 kB.
    private static final int CHUNK_FLOATS = 1 << 20, LEAST_TILES = 64, TILES = 66;

    /// `count` bands from band `start` of the batch on. The tiles have an order for each correlation, the data the first one's. `blocks` are those of each correlation's parts, one correlation
    /// after the other.
    record Chunk(int start, int count, TileOrder order, Block[][] blocks) {}

    /// `count` tiles from place `from` of their order on, of a chunk that begins with band `start` of the batch.
    record Block(Correlation correlation, TileOrder order, int start, int from, int count) {
        /// Floats of one point's products, in whole tiles of the micro-kernel.
        int size() {
            return Product.wholeTiles(count) * COLUMNS;
        }
    }

    /// Of a convolution, in at least `parts` parts a chunk if it has the tiles.
    static WinogradPlan conv(ConvShape s, int parts) {
        return of(List.of(Correlation.of(s)), parts);
    }

    /// Of an input gradient: one for each list of phases that share their data.
    static List<WinogradPlan> convInput(ConvShape s, int parts) {
        return Correlation.ofInput(s).stream().map(same -> of(same, parts)).toList();
    }

    /// Whether it takes less than the direct way.
    static boolean pays(Correlation c) {
        int perChunk = bandsPerChunk(c), bands = c.source().images() * c.bands();
        return c.depth() >= Winograd.leastTerms(c.taps().high(), c.taps().wide()) && c.cost(Math.ceilDiv(bands, perChunk)) < c.directCost();
    }

    private static int bandsPerChunk(Correlation c) {
        return Math.ceilDiv(Math.max(LEAST_TILES, CHUNK_FLOATS / (POINTS * POINTS * c.depth())), c.across());
    }

    private static WinogradPlan of(List<Correlation> same, int parts) {
        Correlation c = same.getFirst();
        int bands = c.source().images() * c.bands(), each = Math.ceilDiv(bands, Math.ceilDiv(bands, bandsPerChunk(c)));
        int splits = Math.min(each, Math.ceilDiv(parts, c.grid().channels() / COLUMNS * same.size()));
        var chunks = new Chunk[Math.ceilDiv(bands, each)];
        for (int i = 0; i < chunks.length; i++) chunks[i] = chunk(same, splits, i * each, Math.min(each, bands - i * each), each);
        return new WinogradPlan(same, Winograd.spread(each * c.across() * c.depth()), splits, chunks);
    }

    private static Chunk chunk(List<Correlation> same, int splits, int start, int count, int each) {
        int across = same.getFirst().across(), height = Product.wholeTiles(Math.ceilDiv(each * across, splits));
        List<TileOrder> orders = same.stream().map(one -> new TileOrder(one, start, count)).toList();
        var blocks = new Block[same.size() * splits][];
        for (int part = 0; part < blocks.length; part++) {
            int phase = part / splits, first = part % splits * height, end = Math.min(count * across, first + height);
            blocks[part] = new Block[Math.max(0, Math.ceilDiv(end - first, TILES))];
            for (int i = 0; i < blocks[part].length; i++)
                blocks[part][i] = new Block(same.get(phase), orders.get(phase), start, first + i * TILES, Math.min(TILES, end - first - i * TILES));
        }
        return new Chunk(start, count, orders.getFirst(), blocks);
    }

    /// Panels of a correlation's result channels.
    int panels() {
        return same.getFirst().grid().channels() / COLUMNS;
    }
}
