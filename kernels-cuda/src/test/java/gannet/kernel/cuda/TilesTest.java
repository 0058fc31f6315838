package gannet.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.Activation;
import gannet.kernel.BackEnds;
import gannet.kernel.ConvShape;
import gannet.kernel.Kernels;
import gannet.kernel.MatrixShape;
import gannet.kernel.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// The tiles of products and convolutions: which are chosen, that the choice changes no bit, and what each [Precision] is off by. That they agree
/// with the reference at all is the conformance suite's business.
class TilesTest {
    private static final long SEED = 20;
    private static final List<CudaKernels> OPENED = new ArrayList<>();

    /// A call with two operands and a result; `depth` terms are added up for an element.
    private record Case(String name, int left, int right, int result, int depth, Call call) {
        interface Call {
            void on(Kernels k, Storage left, Storage right, Storage result);
        }

        double[] run(Kernels k, DoubleUnaryOperator each) {
            Storage to = k.allocate(result);
            call.on(k, drawn(k, left, 1, each), drawn(k, right, 2, each), to);
            double[] values = new double[result];
            k.read(to, values);
            return values;
        }

        private static Storage drawn(Kernels k, int length, int which, DoubleUnaryOperator each) {
            var random = new Random(SEED + which);
            Storage storage = k.allocate(length);
            k.write(random.doubles(length, -1, 1).map(x -> each.applyAsDouble((float) x)).toArray(), storage);
            return storage;
        }
    }

    /// Kernels on the card as if it had that many multiprocessors.
    private static CudaKernels kernels(Precision precision, int multiprocessors) {
        TestDevice.kernels();
        Card card = Card.at(0);
        var kernels = new CudaKernels(new Card(card.ordinal(), card.name(), card.capability(), multiprocessors, card.bytes()), precision, Graphs.FALSE);
        OPENED.add(kernels);
        return kernels;
    }

    @AfterAll static void close() {
        OPENED.forEach(CudaKernels::close);
        OPENED.clear();
    }

    private static Case product(MatrixShape s) {
        int times = s.batch();
        return new Case("matmul " + s, times * s.m() * s.k(), times * s.k() * s.n(), times * s.m() * s.n(), s.k(), (k, a, b, c) -> k.matmul(s, a, b, c));
    }

    /// Aligned products and convolutions of whole large tiles and of cut ones, in one part and in several.
    private static List<Case> cases() {
        var cases = new ArrayList<Case>();
        for (boolean[] transposed : new boolean[][]{{false, false}, {false, true}, {true, false}}) {
            cases.add(product(new MatrixShape(1, 128, 4, 128, transposed[0], transposed[1]))); // so short that errors hardly cancel
            cases.add(product(new MatrixShape(1, 128, 64, 128, transposed[0], transposed[1])));
            cases.add(product(new MatrixShape(2, 140, 36, 132, transposed[0], transposed[1])));
            cases.add(product(new MatrixShape(1, 120, 1200, 116, transposed[0], transposed[1])));
        }
        for (ConvShape s : List.of(new ConvShape(4, 12, 12, 32, 4, 4, 128, 6, 6, 2, 2, 1, 1, 1, 1),
                new ConvShape(3, 9, 8, 124, 3, 3, 36, 9, 8, 1, 1, 1, 1, 1, 1), new ConvShape(2, 11, 10, 68, 3, 2, 84, 4, 5, 3, 2, 2, 1, 2, 0))) {
            int filter = s.kh() * s.kw(), x = s.inputLength(), w = s.weightLength(), y = s.outputLength();
            cases.add(new Case("conv " + s, x, w, y, filter * s.c(), (k, image, weights, result) -> k.conv(s, image, weights, result)));
            cases.add(new Case("convInput " + s, y, w, x, filter * s.o(), (k, result, weights, image) -> k.convInput(s, result, weights, image)));
            cases.add(new Case("convWeight " + s, x, y, w, s.n() * s.oh() * s.ow(), (k, image, result, weights) -> k.convWeight(s, image, result, weights)));
        }
        return cases;
    }

    @Test void bitsDoNotDependOnTheCard() {
        for (Precision precision : Precision.values()) {
            Kernels small = kernels(precision, 1), large = kernels(precision, 1000);
            for (Case each : cases())
                assertArrayEquals(each.run(small, x -> x), each.run(large, x -> x), 0, () -> precision + ": " + each.name() + ", seed " + SEED);
        }
    }

    /// The card with one multiprocessor takes large tiles, the other one middle ones: what [#bitsDoNotDependOnTheCard] rests on.
    @Test void aSmallCardTakesLargeTiles() {
        assertEquals(Tile.LARGE, Tiling.of(1, 128, 64, 128, true, true, 1).tile());
        assertEquals(Tile.MIDDLE, Tiling.of(1, 128, 64, 128, true, true, 1000).tile());
        assertEquals(Tile.LARGE, Tiling.of(1, 4096, 4096, 4096, true, true, 132).tile());
        assertEquals(Tile.SCALAR, Tiling.of(1, 4096, 4096, 4096, false, true, 132).tile());
        assertEquals(Tile.TALL, Tiling.of(1, 12544, 1024, 3, false, true, 132).tile());
        assertEquals(Tile.WIDE, Tiling.of(1, 16, 1024, 64, true, true, 132).tile());
        assertEquals(Tile.MIDDLE, Tiling.of(1, 16, 1024, 64, true, false, 132).tile());
    }

    @Test void longSumsOfSmallResultsComeInParts() {
        assertEquals(new Tiling(Tile.MIDDLE, 2, 49, 128), Tiling.of(1, 64, 6272, 100, true, true, 132));
        assertEquals(1, Tiling.of(1, 64, 511, 100, true, true, 132).parts());
        assertEquals(1, Tiling.of(1, 4096, 4096, 4096, true, true, 132).parts());
        var random = new Random(SEED);
        for (int i = 0; i < 1000; i++) {
            int products = random.nextInt(1, 5), m = random.nextInt(1, 300), k = random.nextInt(1, 1 << random.nextInt(1, 20)), n = random.nextInt(1, 300);
            Tiling small = Tiling.of(products, m, k, n, true, true, 1), large = Tiling.of(products, m, k, n, false, true, 1000);
            String shape = products + " of " + m + " × " + k + " × " + n;
            assertEquals(List.of(small.parts(), small.chunk()), List.of(large.parts(), large.chunk()), shape);
            long before = (long) (small.parts() - 1) * small.chunk();
            assertTrue(before < k && k <= before + small.chunk() && small.chunk() % 16 == 0, shape + ": " + small);
        }
    }

    /// A product of two factors is off by at most 2⁻¹⁰ of itself in tf32, by 3 · 2⁻²² in two of them; the rounding of sums comes on top.
    @Test void productsAreAsPreciseAsTheyAreSaidToBe() {
        Kernels reference = BackEnds.open("reference", 1).kernels();
        for (Precision precision : Precision.values()) {
            double ofProduct = switch (precision) {
                case FP32 -> 0;
                case TF32 -> 0x1p-10;
                case TF32X3 -> 3 * 0x1p-22;
            };
            Kernels kernels = kernels(precision, 1);
            for (Case each : cases()) {
                double[] got = each.run(kernels, x -> x), want = each.run(reference, x -> x), magnitude = each.run(reference, Math::abs);
                double worst = 0;
                for (int i = 0; i < got.length; i++) worst = Math.max(worst, Math.abs(got[i] - want[i]) / (magnitude[i] + 0x1p-126));
                double most = ofProduct + (4 + 2 * Math.sqrt(each.depth())) * 0x1p-24;
                assertTrue(worst <= most, precision + ": " + each.name() + ", seed " + SEED + ": off by " + worst + " of the magnitudes, more than " + most);
                if (precision == Precision.TF32) assertTrue(worst > 0x1p-15, each.name() + " did not go by tensor cores: off by " + worst + " only");
            }
        }
    }

    /// What a tile's kernel leaves to the second pass: curved activations, biases of parts, and biases that several columns share.
    @Test void theSecondPassFinishes() {
        Kernels reference = BackEnds.open("reference", 1).kernels(), kernels = kernels(Precision.FP32, 1);
        var activations = new ArrayList<Activation>(List.of(Activation.Function.values()));
        activations.add(new Activation.Leaky(0.2));
        activations.add(null);
        var image = new ConvShape(5, 4, 4, 12, 4, 4, 20, 1, 1, 1, 1, 1, 1, 0, 0); // as a product: a bias for every twelfth column
        var parts = new ConvShape(2, 6, 6, 20, 3, 3, 64, 6, 6, 1, 1, 1, 1, 1, 1);
        for (Activation act : activations)
            for (ConvShape s : List.of(image, parts)) {
                var both = new Case("convInputBias " + s + " " + act, s.outputLength(), s.weightLength(), s.inputLength(), 0, (k, y, w, x) -> {
                    Storage bias = k.allocate(s.c());
                    k.write(new Random(SEED).doubles(s.c(), -1, 1).map(b -> (float) b).toArray(), bias);
                    k.convInputBias(s, y, w, bias, act, x);
                });
                assertArrayEquals(both.run(reference, x -> x), both.run(kernels, x -> x), 1e-5, both.name() + ", seed " + SEED);
            }
    }
}
