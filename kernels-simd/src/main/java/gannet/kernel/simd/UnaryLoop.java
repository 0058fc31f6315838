package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;

/// `y[i] = f(x[i])`; see [Template].
final class UnaryLoop implements Loops.OfOne {
    private static final UnaryLanes FUNCTION = Template.function(MethodHandles.lookup(), UnaryLanes.class);

    @Override public void run(float[] x, int xAt, float[] y, int yAt, int n, float p, float q) {
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) FUNCTION.of(FloatVector.fromArray(SPECIES, x, xAt + i), all(p), all(q)).intoArray(y, yAt + i);
        if (whole < n) {
            var rest = Width.first(n - whole);
            FUNCTION.of(FloatVector.fromArray(SPECIES, x, xAt + whole, rest), all(p), all(q)).intoArray(y, yAt + whole, rest);
        }
    }

    /// Inside the loop: the JIT hoists it, whereas a vector made before the loop is boxed at every call.
    private static FloatVector all(float constant) {
        return FloatVector.broadcast(SPECIES, constant);
    }
}
