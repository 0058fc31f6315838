package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import gannet.kernel.Activation;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import jdk.incubator.vector.FloatVector;

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

    /// For each column of one block of rows its first element p, `Σ (x − p)` and `Σ (x − p)²`: `partial[3,width]`, whole vectors. Rows are read four
    /// abreast, one of each quarter of the block, from left to right, and added to sums in L1: four long streams, which the processor fetches ahead. Measured beyond the cache (triad 45 GB/s): quarters of
    /// 64 kB 35 GB/s, of 16 kB 21; four neighbouring rows, whose streams jump at the end of each row, 12; row by row 20; down four vectors of columns with the sums in registers 13.
    static void moments(float[] x, int at, int rows, int width, float[] partial, int partialAt) {
        System.arraycopy(x, at, partial, partialAt, width);
        Arrays.fill(partial, partialAt + width, partialAt + 3 * width, 0);
        int quarter = rows / 4 * width;
        for (int r = 0; r < quarter; r += width) four(x, at + r, quarter, width, partial, partialAt);
        for (int r = 4 * quarter; r < rows * width; r += width) one(x, at + r, width, partial, partialAt);
    }

    /// Four rows, `apart` floats from one another.
    private static void four(float[] x, int at, int apart, int width, float[] partial, int partialAt) {
        int at1 = at + apart, at2 = at1 + apart, at3 = at2 + apart, sums = partialAt + width, squares = sums + width;
        for (int j = 0; j < width; j += LANES) {
            FloatVector pivot = FloatVector.fromArray(SPECIES, partial, partialAt + j);
            FloatVector a = FloatVector.fromArray(SPECIES, x, at + j).sub(pivot), b = FloatVector.fromArray(SPECIES, x, at1 + j).sub(pivot);
            FloatVector c = FloatVector.fromArray(SPECIES, x, at2 + j).sub(pivot), d = FloatVector.fromArray(SPECIES, x, at3 + j).sub(pivot);
            FloatVector.fromArray(SPECIES, partial, sums + j).add(a.add(b).add(c.add(d))).intoArray(partial, sums + j);
            FloatVector.fromArray(SPECIES, partial, squares + j).add(d.fma(d, c.fma(c, b.fma(b, a.mul(a))))).intoArray(partial, squares + j);
        }
    }

    private static void one(float[] x, int at, int width, float[] partial, int partialAt) {
        int sums = partialAt + width, squares = sums + width;
        for (int j = 0; j < width; j += LANES) {
            FloatVector apart = FloatVector.fromArray(SPECIES, x, at + j).sub(FloatVector.fromArray(SPECIES, partial, partialAt + j));
            FloatVector.fromArray(SPECIES, partial, sums + j).add(apart).intoArray(partial, sums + j);
            apart.fma(apart, FloatVector.fromArray(SPECIES, partial, squares + j)).intoArray(partial, squares + j);
        }
    }

    interface Forward {
        /// `y = act((x − k₀) · k₁ + k₂)` for `n` floats of rows of `width`.
        void run(float[] x, int xAt, int n, int width, float[] k, float[] y, int yAt, float p);
    }

    interface Gradient {
        /// `partial[0] = Σ g`, `partial[1] = Σ g · (x − k₀)` over `rows` of `width` and the first `rest` floats of one more.
        void sums(float[] x, int xAt, float[] y, int yAt, float[] dy, int dyAt, int rows, int width, int rest, float[] k, float[] partial, int partialAt,
                float p);

        /// `dx = k₁ · (g − k₂ − (x − k₀) · k₃)` for `n` floats of rows of `width`.
        void run(float[] x, int xAt, float[] y, int yAt, float[] dy, int dyAt, int n, int width, float[] k, float[] dx, int dxAt, float p);
    }
}
