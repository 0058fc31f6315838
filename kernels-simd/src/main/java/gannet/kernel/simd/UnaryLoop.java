package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;

/// `y[i] = f(x[i])`; see [Template].
final class UnaryLoop implements Loops.OfOne {
    private static final UnaryLanes FUNCTION = Template.function(MethodHandles.lookup(), UnaryLanes.class);

    @Override public void run(float[] x, int xAt, float[] y, int yAt, int n, float p, float q) {
        FloatVector ps = FloatVector.broadcast(SPECIES, p), qs = FloatVector.broadcast(SPECIES, q);
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) FUNCTION.of(FloatVector.fromArray(SPECIES, x, xAt + i), ps, qs).intoArray(y, yAt + i);
        if (whole < n) {
            var rest = Width.first(n - whole);
            FUNCTION.of(FloatVector.fromArray(SPECIES, x, xAt + whole, rest), ps, qs).intoArray(y, yAt + whole, rest);
        }
    }
}
