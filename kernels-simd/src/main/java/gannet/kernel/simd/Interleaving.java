package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/// Turns runs of `ways` interleaved elements, such as the channels of pixels, into `ways` planes, and back.
///
/// A number of ways is split factor by factor, as in a mixed-radix Fourier transform: by two (two two-vector shuffles for two vectors), by three (six
/// for three), or by a larger prime, an element at a time. A pass by two takes 0.05 ns an element with AVX-512, a plain loop 0.3 to 0.4. Two passes
/// take no longer than one by four in registers would: the shuffles are what costs.
final class Interleaving {
    static final VectorShuffle<Float> EVEN = two(i -> 2 * i), ODD = two(i -> 2 * i + 1);
    private static final VectorShuffle<Float> LOW = two(i -> i / 2 + i % 2 * LANES), HIGH = two(i -> (LANES + i) / 2 + i % 2 * LANES);
    /// The third m of three vectors: what lies in the first two, then with the rest from the last.
    private static final VectorShuffle<Float> FIRST_0 = thirdOfTwo(0), FIRST_1 = thirdOfTwo(1), FIRST_2 = thirdOfTwo(2);
    private static final VectorShuffle<Float> REST_0 = thirdOfLast(0), REST_1 = thirdOfLast(1), REST_2 = thirdOfLast(2);
    /// Vector m of three interleaved ones: what comes from the first two, then with what comes from the last.
    private static final VectorShuffle<Float> MIX_0 = mixOfTwo(0), MIX_1 = mixOfTwo(1), MIX_2 = mixOfTwo(2);
    private static final VectorShuffle<Float> ADD_0 = mixOfLast(0), ADD_1 = mixOfLast(1), ADD_2 = mixOfLast(2);

    private Interleaving() {}

    private interface Source {
        /// Which of the 2 · LANES elements of two vectors lane `i` gets.
        int of(int i);
    }

    private static VectorShuffle<Float> two(Source source) {
        int[] lanes = new int[LANES];
        for (int i = 0; i < LANES; i++) lanes[i] = source.of(i) < LANES ? source.of(i) : source.of(i) - 2 * LANES;
        return VectorShuffle.fromArray(SPECIES, lanes, 0);
    }

    private static VectorShuffle<Float> thirdOfTwo(int m) {
        return two(i -> Math.min(3 * i + m, 2 * LANES - 1));
    }

    private static VectorShuffle<Float> thirdOfLast(int m) {
        return two(i -> 3 * i + m < 2 * LANES ? i : 3 * i + m - LANES);
    }

    private static VectorShuffle<Float> mixOfTwo(int m) {
        return two(i -> (m * LANES + i) / 3 + (m * LANES + i) % 3 % 2 * LANES);
    }

    private static VectorShuffle<Float> mixOfLast(int m) {
        return two(i -> (m * LANES + i) % 3 < 2 ? i : LANES + (m * LANES + i) / 3);
    }

    private static int factor(int ways) {
        for (int f = 2; f * f <= ways; f++) if (ways % f == 0) return f;
        return ways;
    }

    /// The cost of splitting or joining by `ways`, in vector operations a vector.
    static int cost(int ways) {
        int cost = 0;
        for (int left = ways; left > 1; left /= factor(left)) cost += factor(left) == 2 ? 6 : factor(left) == 3 ? 12 : 40;
        return cost;
    }

    /// `to[toAt + m · stride + i] = from[at + i · ways + m]` for i < n, a multiple of LANES. `from[at … at + n · ways)` and the same of
    /// `spare` are used up.
    static void split(float[] from, float[] spare, int at, int n, int ways, float[] to, int toAt, int stride) {
        int f = factor(ways);
        if (ways == 1) {
            System.arraycopy(from, at, to, toAt, n);
        } else if (f == ways) {
            splitBy(f, from, at, n, to, toAt, stride);
        } else {
            int part = n * ways / f;
            splitBy(f, from, at, part, spare, at, part);
            for (int m = 0; m < f; m++) split(spare, from, at + m * part, n, ways / f, to, toAt + m * stride, f * stride);
        }
    }

    /// `to[at + i · ways + m] = from[fromAt + m · stride + i]` for i < n, a multiple of LANES. The same part of `spare` is written, too.
    static void join(float[] from, int fromAt, int stride, int n, int ways, float[] to, float[] spare, int at) {
        int f = factor(ways);
        if (ways == 1) {
            System.arraycopy(from, fromAt, to, at, n);
        } else if (f == ways) {
            joinBy(f, from, fromAt, stride, n, to, at);
        } else {
            int part = n * ways / f;
            for (int m = 0; m < f; m++) join(from, fromAt + m * stride, f * stride, n, ways / f, spare, to, at + m * part);
            joinBy(f, spare, at, part, part, to, at);
        }
    }

    private static void splitBy(int ways, float[] from, int at, int n, float[] to, int toAt, int stride) {
        switch (ways) {
            case 2 -> splitByTwo(from, at, n, to, toAt, toAt + stride);
            case 3 -> splitByThree(from, at, n, to, toAt, toAt + stride, toAt + 2 * stride);
            default -> {
                for (int m = 0; m < ways; m++) for (int i = 0; i < n; i++) to[toAt + m * stride + i] = from[at + i * ways + m];
            }
        }
    }

    private static void joinBy(int ways, float[] from, int at, int stride, int n, float[] to, int toAt) {
        switch (ways) {
            case 2 -> joinTwo(from, at, at + stride, n, to, toAt);
            case 3 -> joinThree(from, at, at + stride, at + 2 * stride, n, to, toAt);
            default -> {
                for (int m = 0; m < ways; m++) for (int i = 0; i < n; i++) to[toAt + i * ways + m] = from[at + m * stride + i];
            }
        }
    }

    private static void splitByTwo(float[] from, int at, int n, float[] to, int even, int odd) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector a = FloatVector.fromArray(SPECIES, from, at + 2 * i), b = FloatVector.fromArray(SPECIES, from, at + 2 * i + LANES);
            a.rearrange(EVEN, b).intoArray(to, even + i);
            a.rearrange(ODD, b).intoArray(to, odd + i);
        }
    }

    private static void joinTwo(float[] from, int even, int odd, int n, float[] to, int at) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector a = FloatVector.fromArray(SPECIES, from, even + i), b = FloatVector.fromArray(SPECIES, from, odd + i);
            a.rearrange(LOW, b).intoArray(to, at + 2 * i);
            a.rearrange(HIGH, b).intoArray(to, at + 2 * i + LANES);
        }
    }

    private static void splitByThree(float[] from, int at, int n, float[] to, int first, int second, int third) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector a = FloatVector.fromArray(SPECIES, from, at + 3 * i), b = FloatVector.fromArray(SPECIES, from, at + 3 * i + LANES);
            FloatVector c = FloatVector.fromArray(SPECIES, from, at + 3 * i + 2 * LANES);
            a.rearrange(FIRST_0, b).rearrange(REST_0, c).intoArray(to, first + i);
            a.rearrange(FIRST_1, b).rearrange(REST_1, c).intoArray(to, second + i);
            a.rearrange(FIRST_2, b).rearrange(REST_2, c).intoArray(to, third + i);
        }
    }

    private static void joinThree(float[] from, int first, int second, int third, int n, float[] to, int at) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector a = FloatVector.fromArray(SPECIES, from, first + i), b = FloatVector.fromArray(SPECIES, from, second + i);
            FloatVector c = FloatVector.fromArray(SPECIES, from, third + i);
            a.rearrange(MIX_0, b).rearrange(ADD_0, c).intoArray(to, at + 3 * i);
            a.rearrange(MIX_1, b).rearrange(ADD_1, c).intoArray(to, at + 3 * i + LANES);
            a.rearrange(MIX_2, b).rearrange(ADD_2, c).intoArray(to, at + 3 * i + 2 * LANES);
        }
    }
}
