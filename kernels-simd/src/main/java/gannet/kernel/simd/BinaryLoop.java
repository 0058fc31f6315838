package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;

/// `y[i] = f(a[i], b[i])`; see [Template].
final class BinaryLoop implements Loops.OfTwo {
    private static final BinaryLanes FUNCTION = Template.function(MethodHandles.lookup(), BinaryLanes.class);

    @Override public void run(float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int n, float p) {
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES)
            FUNCTION.of(FloatVector.fromArray(SPECIES, a, aAt + i), FloatVector.fromArray(SPECIES, b, bAt + i), all(p)).intoArray(y, yAt + i);
        if (whole < n) {
            var rest = Width.first(n - whole);
            FUNCTION.of(FloatVector.fromArray(SPECIES, a, aAt + whole, rest), FloatVector.fromArray(SPECIES, b, bAt + whole, rest), all(p))
                    .intoArray(y, yAt + whole, rest);
        }
    }

    /// Inside the loop: the JIT hoists it, whereas a vector made before the loop is boxed at every call.
    private static FloatVector all(float constant) {
        return FloatVector.broadcast(SPECIES, constant);
    }
}
