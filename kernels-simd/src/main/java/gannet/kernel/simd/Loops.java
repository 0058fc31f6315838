package gannet.kernel.simd;

import gannet.kernel.Binary;
import gannet.kernel.Unary;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// The loop of each elementwise function, loaded from its [Template] when first asked for (the only state is that memory: a loop has
/// none).
final class Loops {
    private static final int UNARIES = Unary.Function.values().length, BINARIES = Binary.Function.values().length;
    private static final AtomicReferenceArray<OfOne> UNARY = new AtomicReferenceArray<>(UNARIES + 4);
    private static final AtomicReferenceArray<OfTwo> BINARY = new AtomicReferenceArray<>(BINARIES + 1);

    private Loops() {}

    static OfOne of(Unary f) {
        int index = index(f);
        OfOne loop = UNARY.getPlain(index);
        if (loop != null) return loop;
        UNARY.compareAndSet(index, null, Template.of(UnaryLoop.class, OfOne.class, lanes(f)));
        return UNARY.get(index);
    }

    static OfTwo of(Binary f) {
        int index = index(f);
        OfTwo loop = BINARY.getPlain(index);
        if (loop != null) return loop;
        BINARY.compareAndSet(index, null, Template.of(BinaryLoop.class, OfTwo.class, lanes(f)));
        return BINARY.get(index);
    }

    static UnaryLanes lanes(Unary f) {
        return switch (f) {
            case Unary.Function function -> UnaryLanes.of(function);
            case Unary.Affine _ -> UnaryLanes.AFFINE;
            case Unary.Leaky _ -> UnaryLanes.LEAKY;
            case Unary.Clamp _ -> UnaryLanes.CLAMP;
            case Unary.Exceeds _ -> UnaryLanes.EXCEEDS;
        };
    }

    static BinaryLanes lanes(Binary f) {
        return switch (f) {
            case Binary.Function function -> BinaryLanes.of(function);
            case Binary.LeakyGradient _ -> BinaryLanes.LEAKY_GRADIENT;
        };
    }

    private static int index(Unary f) {
        return switch (f) {
            case Unary.Function function -> function.ordinal();
            case Unary.Affine _ -> UNARIES;
            case Unary.Leaky _ -> UNARIES + 1;
            case Unary.Clamp _ -> UNARIES + 2;
            case Unary.Exceeds _ -> UNARIES + 3;
        };
    }

    private static int index(Binary f) {
        return switch (f) {
            case Binary.Function function -> function.ordinal();
            case Binary.LeakyGradient _ -> BINARIES;
        };
    }

    /// A function's first constant, rounded once.
    static float first(Unary f) {
        return switch (f) {
            case Unary.Function _ -> 0;
            case Unary.Affine(double scale, _) -> (float) scale;
            case Unary.Leaky(double slope) -> (float) slope;
            case Unary.Clamp(double low, _) -> (float) low;
            case Unary.Exceeds(double limit) -> (float) limit;
        };
    }

    /// A function's second constant.
    static float second(Unary f) {
        return switch (f) {
            case Unary.Function _ -> 0;
            case Unary.Affine(_, double shift) -> (float) shift;
            case Unary.Leaky _ -> 0;
            case Unary.Clamp(_, double high) -> (float) high;
            case Unary.Exceeds _ -> 1;
        };
    }

    static float first(Binary f) {
        return switch (f) {
            case Binary.Function _ -> 0;
            case Binary.LeakyGradient(double slope) -> (float) slope;
        };
    }

    interface OfOne {
        void run(float[] x, int xAt, float[] y, int yAt, int n, float p, float q);
    }

    interface OfTwo {
        void run(float[] a, int aAt, float[] b, int bAt, float[] y, int yAt, int n, float p);
    }

    interface Fold {
        /// The fold of `x[at … at + n − 1]`; `lanes` is scratch memory of one vector, `identity` fills what is missing.
        float run(float[] x, int at, int n, float identity, float[] lanes);

        /// `y[j] = fold over r of x[at + r·pitch + j]`, for j < n and r < rows.
        void columns(float[] x, int at, int rows, int pitch, int n, float identity, float[] y, int yAt);
    }
}
