package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import gannet.kernel.Activation;
import java.util.concurrent.atomic.AtomicReferenceArray;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// The loops of [BatchNorm], with each activation's loaded when first asked for.
final class BatchNormLoops {
    private static final int FUNCTIONS = Activation.Function.values().length;
    private static final AtomicReferenceArray<Forward> FORWARD = new AtomicReferenceArray<>(FUNCTIONS + 2);
    private static final AtomicReferenceArray<Gradient> GRADIENT = new AtomicReferenceArray<>(FUNCTIONS + 2);

    private BatchNormLoops() {}

    static Forward forward(Activation act) {
        int index = index(act);
        Forward loop = FORWARD.getPlain(index);
        if (loop != null) return loop;
        FORWARD.compareAndSet(index, null, Template.of(BatchNormLoop.class, Forward.class,
                act == null ? UnaryLanes.SAME : Loops.lanes(act.function())));
        return FORWARD.get(index);
    }

    static Gradient gradient(Activation act) {
        int index = index(act);
        Gradient loop = GRADIENT.getPlain(index);
        if (loop != null) return loop;
        GRADIENT.compareAndSet(index, null,
                Template.of(BatchNormGradientLoop.class, Gradient.class, act == null ? BinaryLanes.FIRST : Loops.lanes(act.gradient())));
        return GRADIENT.get(index);
    }

    private static int index(Activation act) {
        return switch (act) {
            case null -> FUNCTIONS;
            case Activation.Function function -> function.ordinal();
            case Activation.Leaky _ -> FUNCTIONS + 1;
        };
    }

    /// For each column of one block of rows its first element p, `Σ (x − p)` and `Σ (x − p)²`: `partial[3,c]`.
    static void moments(float[] x, int at, int rows, int c, float[] partial, int partialAt) {
        int whole = SPECIES.loopBound(c);
        for (int j = 0; j < whole; j += LANES) {
            FloatVector pivot = FloatVector.fromArray(SPECIES, x, at + j), sum = FloatVector.zero(SPECIES), squares = sum;
            for (int r = 1; r < rows; r++) {
                FloatVector apart = FloatVector.fromArray(SPECIES, x, at + r * c + j).sub(pivot);
                sum = sum.add(apart);
                squares = apart.fma(apart, squares);
            }
            pivot.intoArray(partial, partialAt + j);
            sum.intoArray(partial, partialAt + c + j);
            squares.intoArray(partial, partialAt + 2 * c + j);
        }
        if (whole == c) return;
        VectorMask<Float> rest = Width.first(c - whole);
        FloatVector pivot = FloatVector.fromArray(SPECIES, x, at + whole, rest), sum = FloatVector.zero(SPECIES), squares = sum;
        for (int r = 1; r < rows; r++) {
            FloatVector apart = FloatVector.fromArray(SPECIES, x, at + r * c + whole, rest).sub(pivot);
            sum = sum.add(apart);
            squares = apart.fma(apart, squares);
        }
        pivot.intoArray(partial, partialAt + whole, rest);
        sum.intoArray(partial, partialAt + c + whole, rest);
        squares.intoArray(partial, partialAt + 2 * c + whole, rest);
    }

    interface Forward {
        void run(float[] x, int xAt, int rows, int c, float[] k, float[] y, int yAt, float p);
    }

    interface Gradient {
        /// `partial[0] = Σ g`, `partial[1] = Σ g · (x − k₀)`
        void sums(float[] x, int xAt, float[] y, int yAt, float[] dy, int dyAt, int rows, int c, float[] k, float[] partial, int partialAt,
                float p);

        /// `dx = k₁ · (g − k₂ − (x − k₀) · k₃)`
        void run(float[] x, int xAt, float[] y, int yAt, float[] dy, int dyAt, int rows, int c, float[] k, float[] dx, int dxAt, float p);
    }
}
