package gannet.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.Binary;
import gannet.kernel.Comparison;
import gannet.kernel.Distribution;
import gannet.kernel.Kernels;
import gannet.kernel.ScalarKernels;
import gannet.kernel.Storage;
import gannet.kernel.StridedCopy;
import gannet.kernel.Unary;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What the conformance suite can't reach, since it puts operands at odd offsets and keeps them short: the ways of operands that are aligned to 16
/// bytes, tiles, more indices and rows than a block takes. Held to the scalar back end.
class AlignedTest {
    /// Two full runs of an elementwise block, and some.
    private static final int LONG = 2 * 2048 + 5, GUARD = 8;

    private final Kernels cuda = TestDevice.kernels(), scalar = new ScalarKernels();
    private final Random random = new Random(3);

    private interface Call {
        void on(Kernels k, Storage[] s);
    }

    /// The last operand after the call, of `length` elements; guards at both of its ends must stay.
    private static double[] result(Kernels k, Call call, int length, double[]... operands) {
        var storages = new Storage[operands.length + 1];
        for (int o = 0; o < operands.length; o++) {
            storages[o] = k.allocate(operands[o].length);
            k.write(operands[o], storages[o]);
        }
        Storage whole = k.allocate(length + 2 * GUARD);
        var values = new double[whole.length()];
        Arrays.fill(values, 777);
        k.write(values, whole);
        storages[operands.length] = whole.slice(GUARD, length);
        for (Storage each : storages) if (each instanceof CudaStorage ours) assertTrue(ours.aligned(), "the storages of this test are aligned");
        call.on(k, storages);
        k.read(whole, values);
        for (int i = 0; i < GUARD; i++) {
            assertEquals(777, values[i], "before the result");
            assertEquals(777, values[GUARD + length + i], "after the result");
        }
        return Arrays.copyOfRange(values, GUARD, GUARD + length);
    }

    private void agree(String name, double tolerance, Call call, int length, double[]... operands) {
        double[] want = result(scalar, call, length, operands), got = result(cuda, call, length, operands);
        for (int i = 0; i < length; i++) {
            int at = i;
            assertEquals(want[i], got[i], tolerance * (1 + Math.abs(want[i])), () -> name + "[" + at + "]");
        }
    }

    private double[] normals(int length) {
        var values = new double[length];
        for (int i = 0; i < length; i++) values[i] = (float) random.nextGaussian();
        return values;
    }

    private double[] rows(int count, int rows) {
        var values = new double[count];
        for (int i = 0; i < count; i++) values[i] = random.nextInt(rows);
        return values;
    }

    @Test void maps() {
        for (Unary f : List.of(Unary.Function.NEGATE, Unary.Function.SIN, Unary.Function.TANH, new Unary.Affine(2, -1), new Unary.Clamp(-1, 0.5)))
            agree(f.toString(), 1e-6, (k, s) -> k.map(f, s[0], s[1]), LONG, normals(LONG));
    }

    @Test void limitsThatAreNoFloatsAreNotCrossed() {
        float below = 0.1f; // 0.1f is above 0.1
        agree("exceeds", 0, (k, s) -> k.map(new Unary.Exceeds(0.1), s[0], s[1]), 3, new double[] {below, Math.nextDown(below), -below});
        agree("exceeds", 0, (k, s) -> k.map(new Unary.Exceeds(1e300), s[0], s[1]), 2, new double[] {Float.MAX_VALUE, Double.POSITIVE_INFINITY});
    }

    @Test void zips() {
        double[] x = normals(LONG - 1); // 4096 + 4
        agree("equal", 0, (k, s) -> k.zip(Binary.Function.SUBTRACT, s[0], 1, s[1], 1, s[2]), x.length, x, normals(x.length));
        int[][] spreads = {{1, 1}, {4, 1}, {20, 1}, {10, 1}, {3, 1}, {5, 820}, {41, 100}, {5, 4}, {205, 4}, {7, 3}, {4, 5}, {1025, 4}};
        for (int[] lengthEvery : spreads)
            for (boolean swap : new boolean[] {false, true}) {
                int every = lengthEvery[1];
                double[] spread = normals(lengthEvery[0]);
                agree(spread.length + " every " + every, 0, (k, s) -> {
                    if (swap) k.zip(Binary.Function.SUBTRACT, s[1], every, s[0], 1, s[2]);
                    else k.zip(Binary.Function.SUBTRACT, s[0], 1, s[1], every, s[2]);
                }, x.length, x, spread);
            }
        agree("both", 0, (k, s) -> k.zip(Binary.Function.MULTIPLY, s[0], 8, s[1], 1, s[2]), 8192, normals(16), normals(8));
    }

    @Test void selects() {
        double[] l = rows(LONG, 3), r = rows(LONG, 3);
        for (int scalars = 0; scalars < 4; scalars++) {
            double[] a = normals(scalars % 2 == 0 ? LONG : 1), b = normals(scalars < 2 ? LONG : 1);
            for (Comparison c : Comparison.values()) agree(c.toString(), 0, (k, s) -> k.select(c, s[0], s[1], s[2], s[3], s[4]), LONG, l, r, a, b);
        }
    }

    private void copies(String name, int length, StridedCopy c, int source) {
        agree(name, 0, (k, s) -> k.copy(c, s[0], s[1]), length, normals(source));
    }

    @Test void copiesInQuads() {
        copies("plain", LONG - 1, new StridedCopy(new int[] {41, 100}, 0, new int[] {100, 1}, 0, new int[] {100, 1}), LONG - 1);
        copies("cut", 3 * 5 * 12, new StridedCopy(new int[] {3, 5, 12}, 8 * 12, new int[] {120, 12, 1}, 0, new int[] {60, 12, 1}), 360 + 96);
        copies("pad", 3 * 9 * 8, new StridedCopy(new int[] {3, 7, 8}, 0, new int[] {56, 8, 1}, 8, new int[] {72, 8, 1}), 3 * 7 * 8);
        copies("flip", 3 * 7 * 8, new StridedCopy(new int[] {3, 7, 8}, 0, new int[] {56, 8, 1}, 48, new int[] {56, -8, 1}), 3 * 7 * 8);
        copies("repeat", 6 * 8, new StridedCopy(new int[] {6, 8}, 0, new int[] {0, 1}, 0, new int[] {8, 1}), 8);
        copies("odd pad", 3 * 9 * 8, new StridedCopy(new int[] {3, 7, 8}, 0, new int[] {56, 8, 1}, 7, new int[] {72, 8, 1}), 3 * 7 * 8);
    }

    @Test void copiesInTiles() {
        for (int[] mn : new int[][] {{8, 8}, {32, 32}, {33, 70}, {70, 33}, {100, 9}}) {
            int m = mn[0], n = mn[1];
            copies("transpose", m * n, new StridedCopy(new int[] {n, m}, 0, new int[] {1, n}, 0, new int[] {m, 1}), m * n);
            copies("batch", 3 * m * n + 9, new StridedCopy(new int[] {n, 3, m}, 2, new int[] {1, m * n, n}, 5, new int[] {m, m * n, 1}), 3 * m * n + 2);
            copies("gaps", 6 * m * n, new StridedCopy(new int[] {n, 3, m}, 0, new int[] {1, m * n, n}, 0, new int[] {2 * m, 2 * m * n, 1}), 3 * m * n);
        }
        copies("channels first", 1600, new StridedCopy(new int[] {4, 10, 8, 5}, 0, new int[] {400, 1, 50, 10}, 0, new int[] {400, 40, 5, 1}), 1600);
        copies("many axes", 2 * 3 * 2 * 3 * 9 * 10, new StridedCopy(new int[] {2, 3, 2, 3, 9, 10}, 0, new int[] {270, 90, 540, 1080, 1, 9}, 0,
                new int[] {1620, 540, 270, 90, 10, 1}), 3240);
    }

    @Test void copiesThatNeedSeveralLaunches() {
        copies("interleaved", 9, new StridedCopy(new int[] {2, 3}, 0, new int[] {3, 1}, 1, new int[] {3, 2}), 6);
        copies("seven axes", 4 * 729 + 2, new StridedCopy(new int[] {2, 2, 3, 3, 3, 3, 3, 3}, 3, new int[] {2, 1, 12, 4, 108, 36, 972, 324}, 1,
                new int[] {1458, 729, 243, 81, 27, 9, 3, 1}), 3000);
    }

    @Test void gathersRowsOfQuads() {
        agree("gather", 0, (k, s) -> k.gather(12, s[0], s[1], s[2]), 700 * 12, normals(31 * 12), rows(700, 31));
    }

    /// In the order of the indices, so to the bit: over chunks of indices, blocks of rows, of columns, and a row that most indices name.
    @Test void scattersInOrder() {
        for (int[] shape : new int[][] {{5000, 600, 3}, {5000, 300, 40}, {2048, 256, 32}, {2049, 257, 33}, {300, 1, 1}, {4100, 10, 70}}) {
            int count = shape[0], rows = shape[1], width = shape[2];
            double[] indices = rows(count, rows);
            for (int i = 0; i < count; i += 3) indices[i] = rows - 1;
            agree("scatter-add " + Arrays.toString(shape), 0, (k, s) -> k.scatterAdd(width, s[0], s[1], s[2]), rows * width, normals(count * width),
                    indices);
        }
    }

    @Test void theFirstWrongIndexIsNamedAndOnlyOnce() {
        double[] indices = rows(6000, 50);
        indices[5900] = 50;
        indices[4321] = -7;
        indices[4322] = 0.5;
        for (int width : new int[] {2, 4}) {
            Storage table = cuda.allocate(50 * width), which = cuda.allocate(6000), y = cuda.allocate(6000 * width);
            cuda.write(indices, which);
            for (Runnable call : List.<Runnable>of(() -> cuda.gather(width, table, which, y), () -> cuda.scatterAdd(width, y, which, table))) {
                call.run();
                String text = assertThrows(IndexOutOfBoundsException.class, () -> cuda.read(which, new double[6000])).getMessage();
                assertTrue(text.contains("indices[4321] = -7.0") && text.contains("50 rows"), text);
                cuda.read(which, new double[6000]);
            }
            var rows = new double[6000 * width];
            cuda.read(y, rows);
            assertTrue(Double.isNaN(rows[width * 4321]) && rows[width * 4320] == 0, "the row of a wrong index is no number");
        }
    }

    @Test void draws() {
        for (int n : new int[] {1, 4, 1021, 4096}) {
            agree("uniforms are the same bits", 0, (k, s) -> k.random(Distribution.UNIFORM, 1L << 40 | 5, 7, -1, s[0], s[1]), n, new double[] {3});
            agree("normals", 2e-6, (k, s) -> k.random(Distribution.NORMAL, 1L << 40 | 5, 7, -1, s[0], s[1]), n, new double[] {3});
        }
    }
}
