package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;

import gannet.kernel.MatrixShape;

/// Matrix products of any shape and transposition: b is packed once, by all threads; then each part computes a block of c over the whole
/// sum, and finishes it.
///
/// - An untransposed a is read in place. A transposed one is turned over in chunks of [Product#DEPTH], into the part's own scratch
///   memory.
/// - c is cut into blocks of about 192 rows, and also across if there are few rows (a dense layer at batch 64). How it is cut changes no
///   sum, so no bit; see [MicroKernel].
/// - A batch of small products is split by product, a batch of large ones done one after the other.
final class Gemm {
    private static final int BLOCK_ROWS = 192, PARTS = 16;
    private static final long LARGE = 1 << 22;

    private final Team team;

    Gemm(Team team) {
        this.team = team;
    }

    /// `c = finish(a · b)` for each of the batch.
    void matmul(MatrixShape s, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, Finish finish) {
        int m = s.m(), k = s.k(), n = s.n(), panels = Packing.panels(n);
        long work = 2L * m * k * n;
        if (s.batch() > 1 && work < LARGE) {
            team.run(s.batch(), work * s.batch(), (i, worker) -> {
                Worker w = team.worker(worker);
                float[] packed = w.panels(panels * k * COLUMNS);
                pack(s, b, bAt + i * k * n, packed, 0, panels);
                for (int r = 0; r < m; r += BLOCK_ROWS)
                    rows(s, w, a, aAt + i * m * k, packed, c, cAt + i * m * n, r, Math.min(BLOCK_ROWS, m - r), 0, panels, finish);
            });
            return;
        }
        int blocks = (m + BLOCK_ROWS - 1) / BLOCK_ROWS, height = Product.wholeTiles((m + blocks - 1) / blocks);
        int across = Math.min(panels, Math.max(1, PARTS / blocks)), wide = (panels + across - 1) / across,
                columns = (panels + wide - 1) / wide;
        float[] packed = team.packed(panels * k * COLUMNS);
        for (int i = 0; i < s.batch(); i++) {
            int ai = aAt + i * m * k, bi = bAt + i * k * n, ci = cAt + i * m * n;
            team.run(columns, (long) k * n, (part, _) -> pack(s, b, bi, packed, part * wide, Math.min(panels, (part + 1) * wide)));
            team.run(blocks * columns, work, (part, worker) -> {
                int row = part / columns * height, panel = part % columns * wide;
                if (row < m) rows(s, team.worker(worker), a, ai, packed, c, ci, row, Math.min(height, m - row), panel, Math.min(panels,
                        panel + wide), finish);
            });
        }
    }

    private static void pack(MatrixShape s, float[] b, int bAt, float[] packed, int from, int to) {
        int k = s.k(), n = s.n();
        if (s.transposeB()) Packing.packTransposed(b, bAt, k, k, n, packed, 0, k * COLUMNS, from, to);
        else Packing.pack(b, bAt, n, k, n, packed, 0, k * COLUMNS, from, to);
    }

    /// Rows `row` to `row + height` of c, panels `from` to `to`.
    private static void rows(MatrixShape s, Worker w, float[] a, int aAt, float[] packed, float[] c, int cAt, int row, int height,
            int from, int to, Finish finish) {
        int m = s.m(), k = s.k(), n = s.n(), chunk = Product.chunk(k);
        w.rows(height);
        for (int i = 0; i < height; i++) {
            w.aRows[i] = s.transposeA() ? i * chunk : aAt + (row + i) * k;
            w.cRows[i] = cAt + (row + i) * n;
        }
        Product.repeatLast(w.aRows, height);
        float[] turned = s.transposeA() ? w.gathered(height * chunk) : null;
        for (int done = 0; done < k; done += chunk) {
            int kc = Math.min(chunk, k - done);
            if (turned != null) Packing.transpose(a, aAt + done * m + row, m, kc, height, turned, 0, chunk);
            Product.block(w, height, kc, turned != null ? turned : a, turned != null ? 0 : done, packed, done * COLUMNS, k * COLUMNS, from,
                    to, n, c, 0, done > 0);
        }
        finish.apply(c, w.cRows, height, 0, from * COLUMNS, Math.min(n, to * COLUMNS));
    }
}
