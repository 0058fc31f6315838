package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;

import gannet.kernel.MatrixShape;

/// Matrix products of any shape and transposition.
///
/// - With few rows of c (a dense layer), each part has its own columns: it packs a group of b's panels and multiplies them while they are in its L2.
/// - With few rows of c, a transposed b and long sums, cᵀ is computed: nothing large has to be turned over.
/// - With many, b is packed once, by all threads; then each part computes a block of about 192 rows, or some of its columns.
/// - Within a part, a group of 8 panels is summed over the whole of k and finished before the next one: its piece of c stays in L2.
/// - An untransposed a is read in place. A transposed one is turned over in pieces as long as [Product#chunk], into the part's own scratch
///   memory.
/// - With sums of a few terms it is [ShortSums]' ([ShortSums#fits]); with up to 8 rows or columns of c, [Skinny]'s where tiles would be slower ([Skinny#fits]).
/// - A batch of small products is split by product, a batch of large ones done one after the other.
///
/// How c is cut changes no sum, so no bit; see [MicroKernel].
///
/// **Measured** on one core of a Zen 4 (peak 118) beside OpenBLAS 0.3.21: see `benchmarks/README.md`. With other programs in the shared cache, both lose up to a fifth. Tried and no
/// better: copying blocks of a into rows next to each other.
final class Gemm {
    private static final int BLOCK_ROWS = 192, GROUP = 8, PARTS = 16, LEAST_ROWS = 48, LONG = 256;
    private static final long LARGE = 1 << 22;

    private final Team team;
    private final Skinny skinny;
    private final ShortSums shortSums;

    Gemm(Team team) {
        this.team = team;
        skinny = new Skinny(team);
        shortSums = new ShortSums(team);
    }

    /// `c = finish(a · b)` for each of the batch.
    void matmul(MatrixShape s, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, Finish finish) {
        int m = s.m(), k = s.k(), n = s.n(), panels = Packing.panels(n);
        long work = 2L * m * k * n;
        if (ShortSums.fits(s)) {
            shortSums.matmul(s, a, aAt, b, bAt, c, cAt, finish);
            return;
        }
        if (Skinny.fits(s)) {
            skinny.matmul(s, a, aAt, b, bAt, c, cAt, finish);
            return;
        }
        if (s.batch() > 1 && work < LARGE) {
            team.run(s.batch(), work * s.batch(), (i, worker) -> {
                Worker w = team.worker(worker);
                for (int r = 0; r < m; r += BLOCK_ROWS)
                    fresh(s, w, a, aAt + i * m * k, b, bAt + i * k * n, c, cAt + i * m * n, r, Math.min(BLOCK_ROWS, m - r), 0, panels, finish);
            });
            return;
        }
        for (int i = 0; i < s.batch(); i++) {
            int ai = aAt + i * m * k, bi = bAt + i * k * n, ci = cAt + i * m * n;
            if (lies(s)) lying(s, a, ai, b, bi, c, ci, finish, work);
            else if (m <= BLOCK_ROWS) flat(s, a, ai, b, bi, c, ci, finish, work);
            else tall(s, a, ai, b, bi, c, ci, finish, work);
        }
    }

    /// Whether cᵀ is sooner had than c: a transposed b would have to be turned over whole, but the rows of bᵀ are just what is read in place. That takes packing a, and c is written twice; so sums must be long, and the
    /// rows of a nearly fill panels. As cᵀ and as c, GFLOP/s for m × n × k: 64 × 1024 × 1024 107 and 91, 40 × 1024 × 1024 77 and 82, 12 × 128 × 32 24 and 53.
    private static boolean lies(MatrixShape s) {
        return s.transposeB() && !s.transposeA() && s.m() <= BLOCK_ROWS && s.k() >= LONG && 8 * s.m() >= 7 * Packing.panels(s.m()) * COLUMNS
                && (long) s.m() * s.k() + 2L * s.m() * s.n() < (long) s.k() * s.n();
    }

    /// `cᵀ = bᵀ · aᵀ`, of which each part turns its rows over to c.
    private void lying(MatrixShape s, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, Finish finish, long work) {
        int m = s.m(), k = s.k(), n = s.n(), panels = Packing.panels(m), blocks = Math.max(1, n / LEAST_ROWS), height = Product.wholeTiles((n + blocks - 1) / blocks);
        float[] packed = team.packed(panels * k * COLUMNS);
        team.run(panels, (long) k * m, (j, _) -> Packing.packTransposed(a, aAt, k, k, m, packed, 0, k * COLUMNS, j, j + 1));
        team.run(blocks, work, (part, index) -> {
            int row = part * height, high = Math.min(height, n - row), chunk = Product.chunk(k);
            if (high <= 0) return;
            Worker w = team.worker(index);
            float[] turned = w.result(high * m);
            w.rows(Math.max(high, m));
            for (int i = 0; i < high; i++) {
                w.aRows[i] = bAt + (row + i) * k;
                w.cRows[i] = i * m;
            }
            for (int done = 0; done < k; done += chunk)
                Product.block(w, high, Math.min(chunk, k - done), b, done, packed, done * COLUMNS, k * COLUMNS, 0, panels, m, turned, 0, done > 0);
            Packing.transpose(turned, 0, m, high, m, c, cAt + row, n);
            for (int i = 0; i < m; i++) w.cRows[i] = cAt + i * n;
            finish.apply(c, w.cRows, m, 0, row, row + high);
        });
    }

    /// Few rows: each part packs what it multiplies with.
    private void flat(MatrixShape s, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, Finish finish, long work) {
        int m = s.m(), panels = Packing.panels(s.n()), wide = Math.clamp(panels / PARTS, 1, GROUP), columns = (panels + wide - 1) / wide;
        int blocks = Math.clamp(PARTS / columns, 1, Math.max(1, m / LEAST_ROWS)), height = Product.wholeTiles((m + blocks - 1) / blocks);
        team.run(blocks * columns, work, (part, worker) -> {
            int row = part / columns * height, panel = part % columns * wide;
            if (row < m) fresh(s, team.worker(worker), a, aAt, b, bAt, c, cAt, row, Math.min(height, m - row), panel, Math.min(panels,
                    panel + wide), finish);
        });
    }

    /// Many rows: b is packed once, by all threads.
    private void tall(MatrixShape s, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, Finish finish, long work) {
        int m = s.m(), k = s.k(), n = s.n(), panels = Packing.panels(n);
        int blocks = (m + BLOCK_ROWS - 1) / BLOCK_ROWS, height = Product.wholeTiles((m + blocks - 1) / blocks);
        int across = Math.min(panels, Math.max(1, PARTS / blocks)), wide = (panels + across - 1) / across,
                columns = (panels + wide - 1) / wide;
        float[] packed = team.packed(panels * k * COLUMNS);
        team.run(columns, (long) k * n, (part, _) ->
                pack(s, b, bAt, 0, k, packed, 0, k * COLUMNS, part * wide, Math.min(panels, (part + 1) * wide)));
        team.run(blocks * columns, work, (part, worker) -> {
            int row = part / columns * height, panel = part % columns * wide;
            if (row < m) rows(s, team.worker(worker), a, aAt, packed, c, cAt, row, Math.min(height, m - row), panel, Math.min(panels,
                    panel + wide), finish);
        });
    }

    /// Rows `done` to `done + kc` of b, panels `from` to `to`; panel 0 would begin at `at`.
    private static void pack(MatrixShape s, float[] b, int bAt, int done, int kc, float[] packed, int at, int panelStride, int from, int to) {
        int k = s.k(), n = s.n();
        if (s.transposeB()) Packing.packTransposed(b, bAt + done, k, kc, n, packed, at, panelStride, from, to);
        else Packing.pack(b, bAt + done * n, n, kc, n, packed, at, panelStride, from, to);
    }

    /// Rows `row` to `row + height` of c, panels `from` to `to`.
    private static void rows(MatrixShape s, Worker w, float[] a, int aAt, float[] packed, float[] c, int cAt, int row, int height,
            int from, int to, Finish finish) {
        int k = s.k(), n = s.n(), chunk = Product.chunk(k), group = s.transposeA() ? to - from : GROUP;
        tables(s, w, aAt, cAt, row, height, chunk);
        float[] turned = s.transposeA() ? w.gathered(height * chunk) : null;
        for (int panel = from; panel < to; panel += group) {
            int end = Math.min(to, panel + group);
            for (int done = 0; done < k; done += chunk) {
                int kc = Math.min(chunk, k - done);
                if (turned != null) Packing.transpose(a, aAt + done * s.m() + row, s.m(), kc, height, turned, 0, chunk);
                Product.block(w, height, kc, turned != null ? turned : a, turned != null ? 0 : done, packed, done * COLUMNS, k * COLUMNS,
                        panel, end, n, c, 0, done > 0);
            }
            finish.apply(c, w.cRows, height, 0, panel * COLUMNS, Math.min(n, end * COLUMNS));
        }
    }

    /// The same with a b that is not packed yet.
    private static void fresh(MatrixShape s, Worker w, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int row, int height,
            int from, int to, Finish finish) {
        int k = s.k(), n = s.n(), chunk = Product.chunk(k);
        tables(s, w, aAt, cAt, row, height, chunk);
        float[] turned = s.transposeA() ? w.gathered(height * chunk) : null, packed = w.panels(Math.min(GROUP, to - from) * chunk * COLUMNS);
        for (int panel = from; panel < to; panel += GROUP) {
            int end = Math.min(to, panel + GROUP);
            for (int done = 0; done < k; done += chunk) {
                int kc = Math.min(chunk, k - done), panelStride = kc * COLUMNS, at = -panel * panelStride;
                if (turned != null) Packing.transpose(a, aAt + done * s.m() + row, s.m(), kc, height, turned, 0, chunk);
                pack(s, b, bAt, done, kc, packed, at, panelStride, panel, end);
                Product.block(w, height, kc, turned != null ? turned : a, turned != null ? 0 : done, packed, at, panelStride, panel, end, n, c,
                        0, done > 0);
            }
            finish.apply(c, w.cRows, height, 0, panel * COLUMNS, Math.min(n, end * COLUMNS));
        }
    }

    private static void tables(MatrixShape s, Worker w, int aAt, int cAt, int row, int height, int chunk) {
        w.rows(height);
        for (int i = 0; i < height; i++) {
            w.aRows[i] = s.transposeA() ? i * chunk : aAt + (row + i) * s.k();
            w.cRows[i] = cAt + (row + i) * s.n();
        }
    }
}
