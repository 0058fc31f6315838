package gannet.kernel.simd;

import static gannet.kernel.simd.MicroKernel.COLUMNS;
import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/// Brings the right operand into panels, `b[k,n] → panels[n/COLUMNS][k][COLUMNS]`, the last one filled up with zeros, and turns
/// transposed operands over. Rows are copied a vector at a time. Transposing works on 8 × 8 blocks in registers: 24 two-vector shuffles
/// for 64 elements, against one load and one store for each of them (0.20 against 0.46 ns an element here; 16 × 16 would need more
/// registers than AVX2 has).
final class Packing {
    private static final int BLOCK = 8, STRIP = 4;
    private static final boolean SHUFFLES = LANES >= BLOCK;

    private Packing() {}

    static int panels(int n) {
        return (n + COLUMNS - 1) / COLUMNS;
    }

    /// Panels `from` to `to` of `b[k,n]`, whose rows lie `stride` apart from `bAt` on. Panel j starts at `at + j · panelStride`.
    static void pack(float[] b, int bAt, int stride, int k, int n, float[] panels, int at, int panelStride, int from, int to) {
        int whole = Math.min(to, n / COLUMNS);
        for (int i = 0; i < k; i += STRIP) {
            int rows = Math.min(STRIP, k - i);
            for (int j = from; j < whole; j++)
                whole(b, bAt + i * stride + j * COLUMNS, stride, rows, panels, at + j * panelStride + i * COLUMNS);
        }
        if (whole < to) part(b, bAt + whole * COLUMNS, stride, k, n - whole * COLUMNS, panels, at + whole * panelStride);
    }

    private static void whole(float[] b, int bAt, int stride, int k, float[] panels, int at) {
        for (int i = 0; i < k; i++) {
            FloatVector.fromArray(SPECIES, b, bAt + i * stride).intoArray(panels, at + i * COLUMNS);
            FloatVector.fromArray(SPECIES, b, bAt + i * stride + LANES).intoArray(panels, at + i * COLUMNS + LANES);
        }
    }

    /// The columns that fill no panel, in vectors if they fill at least one; the second may overlap the first.
    private static void part(float[] b, int bAt, int stride, int k, int width, float[] panels, int at) {
        FloatVector none = FloatVector.zero(SPECIES);
        for (int i = 0; i < k; i++) {
            int from = bAt + i * stride, to = at + i * COLUMNS;
            none.intoArray(panels, to + LANES);
            if (width < LANES) {
                none.intoArray(panels, to);
                System.arraycopy(b, from, panels, to, width);
            } else {
                FloatVector.fromArray(SPECIES, b, from).intoArray(panels, to);
                FloatVector.fromArray(SPECIES, b, from + width - LANES).intoArray(panels, to + width - LANES);
            }
        }
    }

    /// The same of a b that is stored as `[n,k]`, rows `stride` apart.
    static void packTransposed(float[] b, int bAt, int stride, int k, int n, float[] panels, int at, int panelStride, int from, int to) {
        for (int j = from; j < to; j++) {
            int width = Math.min(COLUMNS, n - j * COLUMNS), target = at + j * panelStride;
            transpose(b, bAt + j * COLUMNS * stride, stride, width, k, panels, target, COLUMNS);
            if (width < COLUMNS) for (int i = 0; i < k; i++) Arrays.fill(panels, target + i * COLUMNS + width, target + (i + 1) * COLUMNS,
                    0);
        }
    }

    /// `from[rows, columns] → to[columns, rows]`, rows of each `stride` and `toStride` apart.
    static void transpose(float[] from, int at, int stride, int rows, int columns, float[] to, int toAt, int toStride) {
        int wholeRows = SHUFFLES ? rows / BLOCK * BLOCK : 0, wholeColumns = columns / BLOCK * BLOCK;
        for (int i = 0; i < wholeRows; i += BLOCK) {
            for (int j = 0; j < wholeColumns; j += BLOCK) {
                int s = at + i * stride + j;
                block(from, s, s + stride, s + 2 * stride, s + 3 * stride, s + 4 * stride, s + 5 * stride, s + 6 * stride, s + 7 * stride,
                        to, toAt + j * toStride + i, toStride);
            }
            plain(from, at + i * stride + wholeColumns, stride, BLOCK, columns - wholeColumns, to, toAt + wholeColumns * toStride + i,
                    toStride);
        }
        plain(from, at + wholeRows * stride, stride, rows - wholeRows, columns, to, toAt + wholeRows, toStride);
    }

    /// Along the longer side, so that what is written lies side by side where there are few columns.
    private static void plain(float[] from, int at, int stride, int rows, int columns, float[] to, int toAt, int toStride) {
        if (rows > columns) {
            for (int j = 0; j < columns; j++)
                for (int i = 0; i < rows; i++) to[toAt + j * toStride + i] = from[at + i * stride + j];
        } else {
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < columns; j++) to[toAt + j * toStride + i] = from[at + i * stride + j];
        }
    }

    /// `panel[i, 0 … run − 1] = from[sources[first + i] + shift + …]` for i < count: a part of a panel whose rows lie anywhere, such as
    /// windows of an image.
    static void runs(float[] from, int[] sources, int first, int count, int shift, int run, float[] panel, int at) {
        if (run == COLUMNS) {
            for (int i = 0; i < count; i++) {
                int source = sources[first + i] + shift;
                FloatVector.fromArray(SPECIES, from, source).intoArray(panel, at + i * COLUMNS);
                FloatVector.fromArray(SPECIES, from, source + LANES).intoArray(panel, at + i * COLUMNS + LANES);
            }
            return;
        }
        int whole = run >= LANES ? LANES : 0;
        VectorMask<Float> rest = Width.first(run - whole);
        for (int i = 0; i < count; i++) {
            int source = sources[first + i] + shift, target = at + i * COLUMNS;
            if (whole > 0) FloatVector.fromArray(SPECIES, from, source).intoArray(panel, target);
            FloatVector.fromArray(SPECIES, from, source + whole, rest).intoArray(panel, target + whole, rest);
        }
    }

    /// Copies the first `width` columns of a tile's rows, in vectors if they fill at least one; the second may overlap the first.
    static void rows(float[] from, int[] fromRows, int first, int shift, float[] to, int[] toRows, int toFirst, int toShift, int width) {
        for (int i = 0; i < MicroKernel.ROWS; i++) {
            int source = fromRows[first + i] + shift, target = toRows[toFirst + i] + toShift;
            if (width < LANES) {
                for (int j = 0; j < width; j++) to[target + j] = from[source + j];
            } else {
                FloatVector.fromArray(SPECIES, from, source).intoArray(to, target);
                FloatVector.fromArray(SPECIES, from, source + width - LANES).intoArray(to, target + width - LANES);
            }
        }
    }

    /// The first `width` columns of a tile that was just written. With AVX-512, which stores a part of a vector at full speed, its vectors are read as they were written: one that lies across two of them
    /// would wait for both (64 × 15 × 8 14 and 24 GFLOP/s, 100 × 100 × 30 60 and 66). AVX2's masked stores cost more than that.
    static void tile(float[] tile, float[] to, int[] toRows, int toFirst, int toShift, int width) {
        if (LANES < 16) {
            rows(tile, Product.TILE_ROWS, 0, 0, to, toRows, toFirst, toShift, width);
            return;
        }
        int whole = width > LANES ? LANES : 0;
        VectorMask<Float> rest = Width.first(width - whole);
        for (int i = 0; i < MicroKernel.ROWS; i++) {
            int source = i * COLUMNS, target = toRows[toFirst + i] + toShift;
            if (whole > 0) FloatVector.fromArray(SPECIES, tile, source).intoArray(to, target);
            FloatVector.fromArray(SPECIES, tile, source + whole).intoArray(to, target + whole, rest);
        }
    }

    /// Zeros in `width` columns of a panel's rows.
    static void clear(float[] panel, int at, int width, int rows) {
        for (int i = 0; i < rows; i++) Arrays.fill(panel, at + i * COLUMNS, at + i * COLUMNS + width, 0);
    }

    private static final VectorShuffle<Float> PAIRS_LOW = VectorShuffle.fromValues(FloatVector.SPECIES_256, 0, 8, 1, 9, 4, 12, 5, 13);
    private static final VectorShuffle<Float> PAIRS_HIGH = VectorShuffle.fromValues(FloatVector.SPECIES_256, 2, 10, 3, 11, 6, 14, 7, 15);
    private static final VectorShuffle<Float> FOURS_LOW = VectorShuffle.fromValues(FloatVector.SPECIES_256, 0, 1, 8, 9, 4, 5, 12, 13);
    private static final VectorShuffle<Float> FOURS_HIGH = VectorShuffle.fromValues(FloatVector.SPECIES_256, 2, 3, 10, 11, 6, 7, 14, 15);
    private static final VectorShuffle<Float> HALVES_LOW = VectorShuffle.fromValues(FloatVector.SPECIES_256, 0, 1, 2, 3, 8, 9, 10, 11);
    private static final VectorShuffle<Float> HALVES_HIGH = VectorShuffle.fromValues(FloatVector.SPECIES_256, 4, 5, 6, 7, 12, 13, 14, 15);

    /// One 8 × 8 block, its rows at s0 … s7: interleave pairs of rows, then fours, then halves.
    private static void block(float[] from, int s0, int s1, int s2, int s3, int s4, int s5, int s6, int s7, float[] to, int at,
            int stride) {
        FloatVector r0 = row(from, s0), r1 = row(from, s1), r2 = row(from, s2), r3 = row(from, s3);
        FloatVector p0 = r0.rearrange(PAIRS_LOW, r1), p1 = r0.rearrange(PAIRS_HIGH, r1), p2 = r2.rearrange(PAIRS_LOW, r3),
                p3 = r2.rearrange(PAIRS_HIGH, r3);
        FloatVector f0 = p0.rearrange(FOURS_LOW, p2), f1 = p0.rearrange(FOURS_HIGH, p2), f2 = p1.rearrange(FOURS_LOW, p3),
                f3 = p1.rearrange(FOURS_HIGH, p3);
        FloatVector r4 = row(from, s4), r5 = row(from, s5), r6 = row(from, s6), r7 = row(from, s7);
        FloatVector p4 = r4.rearrange(PAIRS_LOW, r5), p5 = r4.rearrange(PAIRS_HIGH, r5), p6 = r6.rearrange(PAIRS_LOW, r7),
                p7 = r6.rearrange(PAIRS_HIGH, r7);
        FloatVector f4 = p4.rearrange(FOURS_LOW, p6), f5 = p4.rearrange(FOURS_HIGH, p6), f6 = p5.rearrange(FOURS_LOW, p7),
                f7 = p5.rearrange(FOURS_HIGH, p7);
        f0.rearrange(HALVES_LOW, f4).intoArray(to, at);
        f1.rearrange(HALVES_LOW, f5).intoArray(to, at + stride);
        f2.rearrange(HALVES_LOW, f6).intoArray(to, at + 2 * stride);
        f3.rearrange(HALVES_LOW, f7).intoArray(to, at + 3 * stride);
        f0.rearrange(HALVES_HIGH, f4).intoArray(to, at + 4 * stride);
        f1.rearrange(HALVES_HIGH, f5).intoArray(to, at + 5 * stride);
        f2.rearrange(HALVES_HIGH, f6).intoArray(to, at + 6 * stride);
        f3.rearrange(HALVES_HIGH, f7).intoArray(to, at + 7 * stride);
    }

    private static FloatVector row(float[] from, int at) {
        return FloatVector.fromArray(FloatVector.SPECIES_256, from, at);
    }
}
