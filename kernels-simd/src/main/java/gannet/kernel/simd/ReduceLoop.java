package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;

/// Folds a run of floats, or the rows of a block, with one function; see [Template]. The order is fixed by the lengths alone: two
/// accumulators take turns, lanes are folded in halves.
final class ReduceLoop implements Loops.Fold {
    private static final BinaryLanes FUNCTION = Template.function(MethodHandles.lookup(), BinaryLanes.class);

    @Override public float run(float[] x, int at, int n, float identity, float[] lanes) {
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

    /// The function on two floats: the reductions are sums and maxima.
    private static float fold(float a, float b) {
        return FUNCTION == Reductions.SUM ? a + b : Math.max(a, b);
    }

    @Override public void columns(float[] x, int at, int rows, int pitch, int n, float identity, float[] y, int yAt) {
        FloatVector none = FloatVector.broadcast(SPECIES, identity);
        int whole = SPECIES.loopBound(n), pairs = rows / 2 * 2;
        for (int j = 0; j < whole; j += LANES) {
            FloatVector even = none, odd = none;
            for (int r = 0; r < pairs; r += 2) {
                even = FUNCTION.of(even, FloatVector.fromArray(SPECIES, x, at + r * pitch + j), none);
                odd = FUNCTION.of(odd, FloatVector.fromArray(SPECIES, x, at + (r + 1) * pitch + j), none);
            }
            if (pairs < rows) even = FUNCTION.of(even, FloatVector.fromArray(SPECIES, x, at + pairs * pitch + j), none);
            FUNCTION.of(even, odd, none).intoArray(y, yAt + j);
        }
        for (int j = whole; j < n; j++) {
            float even = identity, odd = identity;
            for (int r = 0; r < pairs; r += 2) {
                even = fold(even, x[at + r * pitch + j]);
                odd = fold(odd, x[at + (r + 1) * pitch + j]);
            }
            if (pairs < rows) even = fold(even, x[at + pairs * pitch + j]);
            y[yAt + j] = fold(even, odd);
        }
    }
}
