package gannet.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;

/// The oracle itself, against numbers worked out by hand and properties that share no code with it.
class ReferenceKernelsTest {
    private final Kernels k = new ReferenceKernels();
    private final Random random = new Random(3);

    private Storage of(double... values) {
        Storage s = k.allocate(values.length);
        k.write(values, s);
        return s;
    }

    private double[] read(Storage s) {
        var values = new double[s.length()];
        k.read(s, values);
        return values;
    }

    @Test void matmul() {
        Storage c = k.allocate(4), a = of(1, 2, 3, 4, 5, 6), b = of(7, 8, 9, 10, 11, 12);
        k.matmul(MatrixShape.of(2, 3, 2), a, b, c);
        assertArrayEquals(new double[]{58, 64, 139, 154}, read(c));
        k.matmul(new MatrixShape(1, 2, 3, 2, false, true), a, of(7, 9, 11, 8, 10, 12), c);
        assertArrayEquals(new double[]{58, 64, 139, 154}, read(c), "b transposed");
        k.matmul(new MatrixShape(1, 2, 3, 2, true, false), of(1, 4, 2, 5, 3, 6), b, c);
        assertArrayEquals(new double[]{58, 64, 139, 154}, read(c), "a transposed");
        k.matmul(new MatrixShape(2, 1, 2, 1, false, false), of(1, 2, 3, 4), of(5, 6, 7, 8), c.slice(0, 2));
        assertArrayEquals(new double[]{17, 53}, read(c.slice(0, 2)), "two products");
    }

    @Test void zipBroadcasts() {
        Storage y = k.allocate(6);
        k.zip(Binary.Function.SUBTRACT, of(1, 2, 3, 4, 5, 6), 1, of(10, 20, 30), 1, y);
        assertArrayEquals(new double[]{-9, -18, -27, -6, -15, -24}, read(y));
        k.zip(Binary.Function.SUBTRACT, of(1, 2, 3, 4, 5, 6), 1, of(10, 20), 3, y);
        assertArrayEquals(new double[]{-9, -8, -7, -16, -15, -14}, read(y));
        k.zip(Binary.Function.MULTIPLY, of(2, 3), 3, of(1, 10, 100), 1, y);
        assertArrayEquals(new double[]{2, 20, 200, 3, 30, 300}, read(y), "outer product");
    }

    @Test void reduceSelectGatherScatter() {
        Storage y = k.allocate(4);
        k.reduce(Reduction.SUM, 2, 3, 2, of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), y);
        assertArrayEquals(new double[]{9, 12, 27, 30}, read(y));
        k.reduce(Reduction.MAX, 2, 3, 2, of(-1, -2, -3, -4, -5, -6, 7, 12, 9, 10, 11, 8), y);
        assertArrayEquals(new double[]{-1, -2, 11, 12}, read(y));
        k.select(Comparison.GREATER_EQUAL, of(1, 2, Double.NaN, 3), of(2), of(5, 6, 7, 8), of(0), y);
        assertArrayEquals(new double[]{0, 6, 0, 8}, read(y));
        k.gather(2, of(1, 2, 3, 4, 5, 6), of(2, 0), y);
        assertArrayEquals(new double[]{5, 6, 1, 2}, read(y));
        k.scatterAdd(1, of(1, 10, 100, 1000), of(3, 1, 3, 3), y);
        assertArrayEquals(new double[]{0, 10, 0, 1101}, read(y));
        assertThrows(IndexOutOfBoundsException.class, () -> k.gather(2, of(1, 2), of(1), y));
    }

    @Test void copyTransposesFlipsAndDilates() {
        Storage y = k.allocate(6);
        k.copy(new StridedCopy(new int[]{3, 2}, 0, new int[]{1, 3}, 0, new int[]{2, 1}), of(1, 2, 3, 4, 5, 6), y);
        assertArrayEquals(new double[]{1, 4, 2, 5, 3, 6}, read(y));
        k.copy(new StridedCopy(new int[]{3}, 2, new int[]{-1}, 1, new int[]{2}), of(1, 2, 3), y);
        assertArrayEquals(new double[]{0, 3, 0, 2, 0, 1}, read(y));
    }

    /// `[1 2 3; 4 5 6; 7 8 9]` under the window `[1 10; 100 1000]` with stride 2 and a row and column of zeros at the top and left.
    @Test void convByHand() {
        var s = new ConvShape(1, 3, 3, 1, 2, 2, 1, 2, 2, 2, 2, 1, 1, 1, 1);
        assertEquals(0, s.bottom());
        Storage y = k.allocate(4), x = k.allocate(9), w = k.allocate(4);
        k.conv(s, of(1, 2, 3, 4, 5, 6, 7, 8, 9), of(1, 10, 100, 1000), y);
        assertArrayEquals(new double[]{1000, 3200, 7040, 9865}, read(y));
        k.convInput(s, of(1, 2, 3, 4), of(1, 10, 100, 1000), x);
        assertArrayEquals(new double[]{1000, 200, 2000, 30, 4, 40, 3000, 400, 4000}, read(x));
        k.convWeight(s, of(1, 2, 3, 4, 5, 6, 7, 8, 9), of(1, 10, 100, 1000), w);
        assertArrayEquals(new double[]{5000, 6400, 8020, 9731}, read(w));
    }

    /// A window of one pixel is a matrix product over the channels; a window as large as the image one over all of it.
    @Test void convIsAMatrixProductAtItsEnds() {
        double[] x = Values.normal(random, 12 * 5), w = Values.normal(random, 5 * 7);
        Storage product = k.allocate(12 * 7), y = k.allocate(12 * 7);
        k.matmul(MatrixShape.of(12, 5, 7), of(x), of(w), product);
        k.conv(new ConvShape(1, 3, 4, 5, 1, 1, 7, 3, 4, 1, 1, 1, 1, 0, 0), of(x), of(w), y);
        assertArrayEquals(read(product), read(y), 1e-12);
        double[] whole = Values.normal(random, 60 * 7);
        k.matmul(MatrixShape.of(2, 60, 7), of(Values.normal(new Random(9), 120)), of(whole), product.slice(0, 14));
        k.conv(new ConvShape(2, 3, 4, 5, 3, 4, 7, 1, 1, 1, 1, 1, 1, 0, 0), of(Values.normal(new Random(9), 120)), of(whole), y.slice(0, 14));
        assertArrayEquals(read(product.slice(0, 14)), read(y.slice(0, 14)), 1e-12);
    }

    /// Each element by the formula of [ConvShape], looking up x only where it is inside.
    @Test void convByTheFormula() {
        for (int shape = 0; shape < 100; shape++) {
            ConvShape s = ConvCalls.shape(random);
            double[] x = Values.normal(random, s.inputLength()), w = Values.normal(random, s.weightLength());
            Storage y = k.allocate(s.outputLength());
            k.conv(s, of(x), of(w), y);
            int at = random.nextInt(s.outputLength()), o = at % s.o(), j = at / s.o() % s.ow(), i = at / s.o() / s.ow() % s.oh();
            int image = at / s.o() / s.ow() / s.oh();
            double sum = 0;
            for (int row = 0; row < s.h(); row++)
                for (int column = 0; column < s.w(); column++) {
                    int p = row + s.top() - i * s.strideH(), q = column + s.left() - j * s.strideW();
                    if (p < 0 || q < 0 || p % s.dilationH() != 0 || q % s.dilationW() != 0) continue;
                    p /= s.dilationH();
                    q /= s.dilationW();
                    for (int c = 0; c < s.c() && p < s.kh() && q < s.kw(); c++)
                        sum += x[((image * s.h() + row) * s.w() + column) * s.c() + c] * w[((p * s.kw() + q) * s.c() + c) * s.o() + o];
                }
            assertEquals(sum, read(y)[at], 1e-10, s + " at " + at);
        }
    }

    /// `⟨conv(x, w), y⟩ = ⟨x, convInput(y, w)⟩ = ⟨w, convWeight(x, y)⟩`
    @Test void convolutionsAreAdjoint() {
        for (int shape = 0; shape < 200; shape++) {
            ConvShape s = ConvCalls.shape(random);
            double[] x = Values.normal(random, s.inputLength()), w = Values.normal(random, s.weightLength());
            double[] y = Values.normal(random, s.outputLength());
            Storage toX = k.allocate(x.length), toW = k.allocate(w.length), toY = k.allocate(y.length);
            k.conv(s, of(x), of(w), toY);
            k.convInput(s, of(y), of(w), toX);
            k.convWeight(s, of(x), of(y), toW);
            double form = dot(read(toY), y);
            assertEquals(form, dot(x, read(toX)), 1e-9, s.toString());
            assertEquals(form, dot(w, read(toW)), 1e-9, s.toString());
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }

    @Test void batchNormHasMeanZeroAndVarianceOne() {
        int rows = 50, c = 3;
        Storage y = k.allocate(rows * c), mean = k.allocate(c), variance = k.allocate(c), inverse = k.allocate(c);
        k.batchNorm(rows, 0, null, of(Values.normal(random, rows * c, 5, 2)), of(1, 2, 3), of(0, -1, 7), mean, variance, inverse, y);
        for (int j = 0; j < c; j++) {
            double sum = 0, squares = 0;
            for (int i = 0; i < rows; i++) {
                double normalised = (read(y)[i * c + j] - new double[]{0, -1, 7}[j]) / (j + 1);
                sum += normalised;
                squares += normalised * normalised;
            }
            assertEquals(0, sum, 1e-9);
            assertEquals(rows, squares, 1e-9);
            assertEquals(1 / Math.sqrt(read(variance)[j]), read(inverse)[j], 1e-12);
        }
    }

    /// Adam's first step is `rate · sign(g)`; a set flag stops it.
    @Test void adamByHand() {
        Storage w = of(1, 1), m = of(0, 0), v = of(0, 0);
        k.adam(0.9, 0.999, 0, of(0.01), of(1 / (1 - 0.9)), of(1 / (1 - 0.999)), of(0), of(3, -0.5), w, m, v);
        assertArrayEquals(new double[]{0.99, 1.01}, read(w), 1e-12);
        assertArrayEquals(new double[]{0.3, -0.05}, read(m), 1e-12);
        k.adam(0.9, 0.999, 0, of(0.01), of(1), of(1), of(1), of(3, -0.5), w, m, v);
        assertArrayEquals(new double[]{0.99, 1.01}, read(w), 1e-12);
        k.momentum(0.9, of(0.1), of(0), of(3, -0.5), w, m);
        assertArrayEquals(new double[]{3.27, -0.545}, read(m), 1e-12);
        assertArrayEquals(new double[]{0.99 - 0.327, 1.01 + 0.0545}, read(w), 1e-12);
        Storage root = of(1.0);
        k.rmsProp(0.5, 0, of(0.1), of(0), of(2), root, of(4));
        assertArrayEquals(new double[]{0.9}, read(root), 1e-12);
    }

    @Test void randomIsPhilox() {
        Storage u = k.allocate(5);
        k.random(Distribution.UNIFORM, 0, 0, 0, of(0), u);
        assertEquals(Philox.uniform(0x6627e8d5), read(u)[0]);
        assertEquals(Philox.uniform(0x9b00dbd8), read(u)[3]);
        Storage z = k.allocate(4);
        k.random(Distribution.NORMAL, 0, 0, 0, of(0), z);
        double radius = Math.sqrt(-2 * Math.log(Philox.uniform(0xbc57ac4c))), angle = 2 * Math.PI * Philox.uniform(0x9b00dbd8);
        assertEquals(radius * Math.cos(angle), read(z)[2], 1e-12);
        assertEquals(radius * Math.sin(angle), read(z)[3], 1e-12);
        var words = new int[4];
        Philox.block(0x0123456789ABCDEFL, 1, 17, -3, 5, words, 0);
        k.random(Distribution.UNIFORM, 0x0123456789ABCDEFL, -3, 5, of(17), u);
        assertEquals(Philox.uniform(words[0]), read(u)[4], "counter (block, step, use, draw)");
    }
}
