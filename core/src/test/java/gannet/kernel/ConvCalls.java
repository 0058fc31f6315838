package gannet.kernel;

import static gannet.kernel.Operand.in;
import static gannet.kernel.Operand.out;

import java.util.List;
import java.util.random.RandomGenerator;

/// Calls of the three convolutions, plain and fused.
final class ConvCalls {
    private ConvCalls() {}

    static Call conv(ConvShape s, RandomGenerator random) {
        List<Operand> operands = List.of(image(s, random), weights(s, random), out(s.outputLength()));
        Call.Run run = (k, to) -> k.conv(s, to[0], to[1], to[2]);
        return new Call("conv " + s, operands, Tolerance.sums(s.kh() * s.kw() * s.c(), 0, operands, run), run);
    }

    static Call convInput(ConvShape s, RandomGenerator random) {
        List<Operand> operands = List.of(result(s, random), weights(s, random), out(s.inputLength()));
        Call.Run run = (k, to) -> k.convInput(s, to[0], to[1], to[2]);
        return new Call("convInput " + s, operands, Tolerance.sums(s.kh() * s.kw() * s.o(), 0, operands, run), run);
    }

    static Call convWeight(ConvShape s, RandomGenerator random) {
        List<Operand> operands = List.of(image(s, random), result(s, random), out(s.weightLength()));
        Call.Run run = (k, to) -> k.convWeight(s, to[0], to[1], to[2]);
        return new Call("convWeight " + s, operands, Tolerance.sums(s.n() * s.oh() * s.ow(), 0, operands, run), run);
    }

    static Call convBias(ConvShape s, boolean bias, Activation act, RandomGenerator random) {
        List<Operand> operands = List.of(image(s, random), weights(s, random), in(Values.normal(random, s.o())), out(s.outputLength()));
        Tolerance tolerance = Tolerance.sums(s.kh() * s.kw() * s.c() + 1, 1e-6, operands,
                (k, to) -> k.convBias(s, to[0], to[1], bias ? to[2] : null, null, to[3]));
        return new Call("convBias " + s + (bias ? " with bias, " : " without bias, ") + act, operands, tolerance,
                (k, to) -> k.convBias(s, to[0], to[1], bias ? to[2] : null, act, to[3]));
    }

    static Call convInputBias(ConvShape s, boolean bias, Activation act, RandomGenerator random) {
        List<Operand> operands = List.of(result(s, random), weights(s, random), in(Values.normal(random, s.c())), out(s.inputLength()));
        Tolerance tolerance = Tolerance.sums(s.kh() * s.kw() * s.o() + 1, 1e-6, operands,
                (k, to) -> k.convInputBias(s, to[0], to[1], bias ? to[2] : null, null, to[3]));
        return new Call("convInputBias " + s + (bias ? " with bias, " : " without bias, ") + act, operands, tolerance,
                (k, to) -> k.convInputBias(s, to[0], to[1], bias ? to[2] : null, act, to[3]));
    }

    private static Operand image(ConvShape s, RandomGenerator random) {
        return in(Values.normal(random, s.inputLength()));
    }

    private static Operand weights(ConvShape s, RandomGenerator random) {
        return in(Values.normal(random, s.weightLength()));
    }

    private static Operand result(ConvShape s, RandomGenerator random) {
        return in(Values.normal(random, s.outputLength()));
    }

    /// The shapes of real networks, cut down, and one each of what is easily forgotten.
    static List<ConvShape> shapes() {
        return List.of(shape(2, 8, 8, 3, 4, 4, 16, 2, 2, 1, 1, 1, 1, 1, 1), shape(1, 7, 7, 16, 4, 4, 33, 2, 2, 1, 1, 1, 1, 1, 1),
                shape(2, 9, 6, 5, 3, 3, 17, 1, 1, 1, 1, 1, 1, 1, 1), shape(1, 4, 4, 31, 4, 4, 1, 1, 1, 1, 1, 0, 0, 0, 0),
                shape(3, 1, 1, 8, 1, 1, 9, 1, 1, 1, 1, 0, 0, 0, 0), shape(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0),
                // asymmetric padding, then negative: rows and columns that no window reaches
                shape(2, 5, 6, 3, 3, 3, 7, 2, 2, 1, 1, 0, 0, 1, 1), shape(2, 8, 8, 4, 3, 3, 8, 2, 2, 1, 1, 0, 0, 0, 0),
                shape(1, 9, 10, 2, 2, 2, 5, 1, 1, 1, 1, 0, 0, -3, -2), shape(1, 6, 11, 3, 1, 3, 16, 1, 2, 1, 1, 0, 2, 0, 1),
                // dilation, windows that reach over both borders at once, padding wider than the window
                shape(1, 9, 9, 3, 3, 3, 8, 1, 1, 2, 3, 2, 3, 2, 3), shape(1, 3, 3, 2, 5, 5, 4, 1, 1, 1, 1, 2, 2, 2, 2),
                shape(1, 2, 3, 3, 3, 3, 4, 1, 1, 2, 2, 4, 4, 4, 4), shape(1, 3, 4, 2, 2, 2, 3, 3, 3, 1, 1, 5, 4, 4, 5),
                // windows so large, and so many, that no back end will take them all at once
                shape(4, 14, 14, 64, 4, 4, 9, 2, 2, 1, 1, 1, 1, 1, 1),
                // channels by the dozen on both sides, 2 or 3 taps a phase: what may go by Winograd's algorithm; whole tiles, cut ones, unlike rows and columns, several chunks
                shape(64, 8, 8, 32, 4, 4, 32, 2, 2, 1, 1, 1, 1, 1, 1), shape(8, 9, 9, 64, 3, 3, 32, 1, 1, 1, 1, 1, 1, 1, 1), shape(3, 11, 13, 32, 3, 3, 64, 1, 1, 1, 1, 0, 2, 2, 1),
                shape(16, 9, 9, 128, 2, 2, 32, 1, 1, 1, 1, 1, 0, 1, 0), shape(8, 7, 7, 64, 4, 4, 128, 2, 2, 1, 1, 2, 1, 1, 2), shape(24, 11, 6, 32, 4, 3, 32, 2, 1, 1, 1, 1, 2, 1, 0),
                // windows that hang far over the border, of which Winograd's tiles made more error than a direct sum may have
                shape(15, 8, 5, 32, 4, 4, 64, 2, 2, 1, 1, 3, 3, 3, 3), shape(21, 5, 7, 32, 4, 4, 32, 2, 2, 1, 1, 2, 3, 1, 1),
                shape(2, 1, 1, 64, 3, 3, 64, 1, 1, 1, 1, 1, 1, 1, 1), shape(64, 1, 16, 64, 3, 3, 64, 1, 1, 1, 1, 1, 1, 2, 1), shape(1, 21, 200, 32, 2, 6, 32, 1, 2, 1, 1, 0, 3, 0, 1),
                // a few channels on one side and whole vectors of them on the other: taps in sixes and every remainder, several blocks and groups of pixels,
                // windows that overlap more often than a row is long, that touch, that leave gaps; columns dilated; nothing padded
                shape(5, 28, 28, 1, 4, 4, 64, 2, 2, 1, 1, 1, 1, 1, 1), shape(2, 20, 22, 3, 4, 4, 32, 2, 2, 1, 1, 1, 1, 1, 1), shape(2, 9, 12, 3, 7, 7, 64, 1, 1, 1, 1, 3, 3, 3, 3),
                shape(3, 8, 8, 1, 3, 3, 32, 1, 1, 1, 1, 1, 1, 1, 1), shape(1, 6, 5, 1, 7, 7, 96, 1, 1, 1, 1, 3, 3, 3, 3), shape(2, 9, 11, 2, 3, 3, 32, 2, 1, 2, 3, 1, 2, 3, 0),
                shape(2, 8, 11, 4, 2, 2, 64, 3, 3, 1, 1, 0, 0, 0, 0), shape(1, 3, 2, 3, 1, 5, 64, 1, 1, 1, 1, 0, 2, 0, 2), shape(4, 6, 6, 1, 1, 5, 32, 1, 1, 1, 1, 0, 1, 0, 1),
                shape(33, 3, 3, 2, 2, 2, 32, 1, 1, 1, 1, 0, 0, 0, 0),
                // few channels on both sides, in so many images that several are taken at once
                shape(33, 7, 7, 4, 3, 3, 8, 2, 2, 1, 1, 1, 1, 1, 1), shape(18, 9, 8, 3, 3, 3, 2, 2, 2, 1, 1, 1, 1, 1, 1),
                shape(9, 28, 28, 8, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1), shape(17, 6, 5, 5, 3, 2, 7, 2, 3, 2, 1, 1, 0, 2, 1),
                shape(41, 4, 4, 1, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1), shape(16, 14, 14, 6, 4, 4, 10, 2, 2, 1, 1, 1, 1, 1, 1),
                // stride wider than the window: input pixels that no window reads
                shape(2, 10, 10, 3, 2, 2, 5, 3, 4, 1, 1, 0, 0, 0, 0), shape(1, 28, 28, 1, 5, 5, 12, 1, 1, 1, 1, 2, 2, 2, 2));
    }

    private static ConvShape shape(int n, int h, int w, int c, int kh, int kw, int o, int strideH, int strideW, int dilationH, int dilationW,
                                   int top, int left, int bottom, int right) {
        int oh = Math.max(1, (h + top + bottom - (kh - 1) * dilationH - 1) / strideH + 1);
        int ow = Math.max(1, (w + left + right - (kw - 1) * dilationW - 1) / strideW + 1);
        return new ConvShape(n, h, w, c, kh, kw, o, oh, ow, strideH, strideW, dilationH, dilationW, top, left);
    }

    static ConvShape shape(RandomGenerator random) {
        boolean square = random.nextBoolean();
        int kh = Values.between(random, 1, 5), kw = square ? kh : Values.between(random, 1, 5);
        int strideH = Values.between(random, 1, 3), strideW = square ? strideH : Values.between(random, 1, 3);
        int dilation = random.nextInt(3) == 0 ? Values.between(random, 1, 3) : 1;
        return shape(Values.between(random, 1, 3), Values.between(random, 1, 11), Values.between(random, 1, 11), channels(random),
                kh, kw, channels(random), strideH, strideW, dilation, square ? dilation : 1,
                random.nextInt(4), random.nextInt(4), random.nextInt(-2, 4), random.nextInt(-2, 4));
    }

    /// Shapes with channels as networks have them, for what is chosen only where there are dozens: a few on one side or many on both, 2 or 3 taps a phase.
    static ConvShape wide(RandomGenerator random) {
        int strideH = Values.between(random, 1, 2), strideW = Values.between(random, 1, 2), kh = strideH * Values.between(random, 2, 3), kw = strideW * Values.between(random, 2, 3);
        int c = random.nextInt(4) == 0 ? Values.between(random, 1, 4) : 32 * Values.between(random, 1, 3), o = 32 * Values.between(random, 1, 3);
        return shape(Values.between(random, 6, 20), Values.between(random, 3, 9), Values.between(random, 3, 9), c, kh, kw, o, strideH, strideW, 1, 1,
                random.nextInt(kh), random.nextInt(kw), random.nextInt(kh), random.nextInt(kw));
    }

    private static int channels(RandomGenerator random) {
        return Values.between(random, 1, random.nextInt(4) == 0 ? 35 : 9);
    }
}
