package gannet.kernel.simd;

import static gannet.kernel.simd.Winograd.INFINITY;

/// The tiles of some bands in an order in which those that need a product at infinity lie together: first what needs it in its rows only, then in both directions, then in its columns
/// only, then in neither. So at each of the 25 points the tiles to be multiplied are one run.
final class TileOrder {
    private final int[] tiles, places;
    /// Where the first three groups end.
    private final int[] ends = new int[3];

    /// Of `bands` bands from `firstBand` on, counted over the images; their tiles are numbered from left to right and from top to bottom, from 0.
    TileOrder(Correlation c, int firstBand, int bands) {
        int across = c.across();
        tiles = new int[bands * across];
        places = new int[tiles.length];
        int next = 0;
        for (int group = 0; group <= ends.length; group++) {
            for (int tile = 0; tile < tiles.length; tile++) {
                boolean rows = c.infiniteRows((firstBand + tile / across) % c.bands()), columns = c.infiniteColumns(tile % across);
                if (group(rows, columns) != group) continue;
                places[tile] = next;
                tiles[next++] = tile;
            }
            if (group < ends.length) ends[group] = next;
        }
    }

    private static int group(boolean rows, boolean columns) {
        if (rows) return columns ? 1 : 0;
        return columns ? 2 : 3;
    }

    int count() {
        return tiles.length;
    }

    /// Which tile lies at a place.
    int tile(int place) {
        return tiles[place];
    }

    /// Where a tile lies.
    int place(int tile) {
        return places[tile];
    }

    /// The first place that is needed at point (i, j).
    int from(int i, int j) {
        return j == INFINITY ? ends[0] : 0;
    }

    /// The place behind the last that is needed at point (i, j).
    int to(int i, int j) {
        if (i == INFINITY) return ends[1];
        return j == INFINITY ? ends[2] : tiles.length;
    }
}
