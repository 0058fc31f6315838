package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// Folds a run of floats, or the rows of a block, with one function; see [Template]. The order is fixed by the lengths alone: two
/// accumulators take turns, lanes are folded in halves; rows four at a time, one of each quarter of the block, into a result that stays in L1, so that memory is read in four long streams
/// ([BatchNormLoops#moments] has figures).
final class ReduceLoop implements Loops.Fold {
    private static final BinaryLanes FUNCTION = Template.function(MethodHandles.lookup(), BinaryLanes.class);

    @Override public float run(float[] x, int at, int n, float identity, float[] lanes) {
        if (n < 2 * LANES) return few(x, at, n, identity);
        FloatVector none = FloatVector.broadcast(SPECIES, identity), even = none, odd = none;
        int whole = SPECIES.loopBound(n), pairs = whole / (2 * LANES) * (2 * LANES);
        for (int i = 0; i < pairs; i += 2 * LANES) {
            even = FUNCTION.of(even, FloatVector.fromArray(SPECIES, x, at + i), none);
            odd = FUNCTION.of(odd, FloatVector.fromArray(SPECIES, x, at + i + LANES), none);
        }
        if (pairs < whole) even = FUNCTION.of(even, FloatVector.fromArray(SPECIES, x, at + pairs), none);
        if (whole < n) {
            var rest = Width.first(n - whole);
            odd = FUNCTION.of(odd, none.blend(FloatVector.fromArray(SPECIES, x, at + whole, rest), rest), none);
        }
        FUNCTION.of(even, odd, none).intoArray(lanes, 0);
        for (int half = LANES / 2; half > 0; half /= 2)
            for (int i = 0; i < half; i++) lanes[i] = fold(lanes[i], lanes[i + half]);
        return lanes[0];
    }

    /// Too few for vectors to gain anything: in turn.
    private static float few(float[] x, int at, int n, float identity) {
        float all = identity;
        for (int i = 0; i < n; i++) all = fold(all, x[at + i]);
        return all;
    }

    /// The function on two floats: the reductions are sums and maxima.
    private static float fold(float a, float b) {
        return FUNCTION == Reductions.SUM ? a + b : Math.max(a, b);
    }

    @Override public void columns(float[] x, int at, int rows, int pitch, int n, float identity, float[] y, int yAt) {
        int whole = SPECIES.loopBound(n), quarter = rows / 4;
        Arrays.fill(y, yAt, yAt + n, identity);
        for (int r = 0; r < quarter; r++) four(x, at + r * pitch, quarter * pitch, whole, y, yAt);
        for (int r = 4 * quarter; r < rows; r++) one(x, at + r * pitch, whole, y, yAt);
        for (int j = whole; j < n; j++) {
            float all = identity;
            for (int i = 0; i < rows; i++) all = fold(all, x[at + i * pitch + j]);
            y[yAt + j] = all;
        }
    }

    /// Four rows, `apart` floats from one another.
    private static void four(float[] x, int at, int apart, int n, float[] y, int yAt) {
        int at1 = at + apart, at2 = at1 + apart, at3 = at2 + apart;
        for (int j = 0; j < n; j += LANES) {
            FloatVector all = FloatVector.fromArray(SPECIES, y, yAt + j), a = FloatVector.fromArray(SPECIES, x, at + j);
            FloatVector b = FloatVector.fromArray(SPECIES, x, at1 + j), c = FloatVector.fromArray(SPECIES, x, at2 + j);
            FloatVector d = FloatVector.fromArray(SPECIES, x, at3 + j);
            FUNCTION.of(all, FUNCTION.of(FUNCTION.of(a, b, a), FUNCTION.of(c, d, c), c), all).intoArray(y, yAt + j);
        }
    }

    private static void one(float[] x, int at, int n, float[] y, int yAt) {
        for (int j = 0; j < n; j += LANES) {
            FloatVector all = FloatVector.fromArray(SPECIES, y, yAt + j);
            FUNCTION.of(all, FloatVector.fromArray(SPECIES, x, at + j), all).intoArray(y, yAt + j);
        }
    }
}
