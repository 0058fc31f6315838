package gannet.tensor;

import gannet.kernel.Activation;
import gannet.kernel.Binary;
import gannet.kernel.Comparison;
import gannet.kernel.ConvShape;
import gannet.kernel.Kernels;
import gannet.kernel.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Every operation with inputs to try it on. It feeds the gradient checks of order 1 and 2, the comparison of back ends and the benchmarks; a test
/// fails if a permitted operation, or a function of [Unary] or [Binary], is not in it. Adding an operation means adding a line here.
public final class Catalogue {
    /// Where the inputs of an entry lie, away from kinks and poles.
    public enum Domain { SIGNED, POSITIVE }

    /// An operation, or one of its functions: what it is called, what it is, the shapes of its inputs and how to apply it. A `step` function is
    /// flat almost everywhere and has no gradient.
    public record Entry(String name, Object of, Domain domain, boolean step, List<Shape> inputs, Function<List<Tensor>, Tensor> operation) {
        /// Inputs of magnitude 0.3 to 1.5 drawn from `seed`.
        public List<Tensor> inputs(Kernels kernels, long seed) {
            List<Tensor> tensors = new ArrayList<>();
            for (Shape shape : inputs) {
                double[] x = GradientCheck.uniform(shape.count(), domain == Domain.SIGNED ? -1.2 : 0, 1.2, seed, tensors.size());
                for (int i = 0; i < x.length; i++) x[i] += x[i] < 0 ? -0.3 : 0.3;
                tensors.add(Tensor.of(kernels, shape, x));
            }
            return tensors;
        }
    }

    private static final Shape MATRIX = Shape.of(3, 5), ROW = Shape.of(5), COLUMN = Shape.of(3, 1), SCALAR = Shape.of();

    private Catalogue() {}

    /// All of them.
    public static List<Entry> entries() {
        List<Entry> all = new ArrayList<>();
        elementwise(all);
        reductionsAndMovement(all);
        products(all);
        convolutions(all);
        return all;
    }

    private static Entry entry(String name, Object of, Function<List<Tensor>, Tensor> operation, Shape... inputs) {
        return new Entry(name, of, Domain.SIGNED, false, List.of(inputs), operation);
    }

    private static void elementwise(List<Entry> all) {
        List<Unary> unary = new ArrayList<>(List.of(Unary.Function.values()));
        unary.addAll(List.of(new Unary.Affine(-1.7, 0.4), new Unary.Leaky(0.2), new Unary.Clamp(-0.95, 0.85), new Unary.Exceeds(0.7)));
        for (Unary f : unary) {
            boolean positive = f == Unary.Function.LOG || f == Unary.Function.SQRT, step = f == Unary.Function.SIGN || f instanceof Unary.Exceeds;
            all.add(new Entry("Map " + f, f, positive ? Domain.POSITIVE : Domain.SIGNED, step, List.of(MATRIX), x -> x.get(0).map(f)));
        }
        List<Binary> binary = new ArrayList<>(List.of(Binary.Function.values()));
        binary.add(new Binary.LeakyGradient(0.2));
        for (Binary f : binary)
            for (Shape b : List.of(MATRIX, ROW, COLUMN, SCALAR))
                all.add(entry("Zip " + f + " " + MATRIX + " " + b, f, x -> x.get(0).zip(f, x.get(1)), MATRIX, b));
        for (Comparison c : Comparison.values())
            all.add(entry("Select " + c, Elementwise.Select.class, x -> Tensor.select(c, x.get(0), x.get(1), x.get(2), x.get(3)), MATRIX, MATRIX, MATRIX, MATRIX));
        all.add(entry("Map", Elementwise.Map.class, x -> x.get(0).exp(), Shape.of(2, 3, 4)));
        all.add(entry("Zip", Elementwise.Zip.class, x -> x.get(0).times(x.get(1)), Shape.of(2, 3, 4), Shape.of(2, 1, 4)));
    }

    private static void reductionsAndMovement(List<Entry> all) {
        Shape cube = Shape.of(2, 3, 4);
        all.add(entry("Sum", Reduction.Sum.class, x -> x.get(0).sum(), cube));
        all.add(entry("Sum of an axis", Reduction.Sum.class, x -> x.get(0).sum(1, 2), cube));
        all.add(entry("Broadcast", Reduction.Broadcast.class, x -> x.get(0).broadcastTo(Shape.of(2, 3, 4)), Shape.of(2, 1, 4)));
        all.add(entry("Broadcast of a number", Reduction.Broadcast.class, x -> x.get(0).broadcastTo(Shape.of(2, 3)), SCALAR));
        all.add(entry("Max", Reduction.Max.class, x -> x.get(0).max(1), cube));
        all.add(entry("Reshape", Movement.Reshape.class, x -> x.get(0).reshape(4, -1), cube));
        all.add(entry("Move permute", Movement.Move.class, x -> x.get(0).permute(2, 0, 1), cube));
        all.add(entry("Move slice", Movement.Move.class, x -> x.get(0).slice(1, 1, 3), cube));
        all.add(entry("Move pad", Movement.Move.class, x -> x.get(0).pad(1, 1, 2), cube));
        all.add(entry("Move flip", Movement.Move.class, x -> x.get(0).flip(2), cube));
        all.add(entry("Gather", Indexing.Gather.class, x -> Indexing.gather(x.get(0), rows(x)), Shape.of(3, 4)));
        all.add(entry("ScatterAdd", Indexing.ScatterAdd.class, x -> new Indexing.ScatterAdd(x.get(0), rows(x), Shape.of(3, 2)).apply(), Shape.of(4, 2)));
    }

    private static Tensor rows(List<Tensor> x) {
        return Tensor.of(x.get(0).kernels(), Shape.of(4), 2, 0, 2, 1);
    }

    private static void products(List<Entry> all) {
        for (boolean ta : new boolean[] {false, true})
            for (boolean tb : new boolean[] {false, true})
                all.add(entry("MatMul" + (ta ? " aᵀ" : "") + (tb ? " bᵀ" : ""), Product.MatMul.class, x -> Product.matmul(x.get(0), x.get(1), ta, tb),
                        ta ? Shape.of(3, 2) : Shape.of(2, 3), tb ? Shape.of(4, 3) : Shape.of(3, 4)));
        all.add(entry("MatMul batch", Product.MatMul.class, x -> x.get(0).matmul(x.get(1)), Shape.of(2, 3, 4), Shape.of(2, 4, 2)));
        for (Activation act : activations()) {
            all.add(entry("Linear " + act, Product.Linear.class, x -> Product.linear(x.get(0), x.get(1), x.get(2), act), Shape.of(3, 4), Shape.of(4, 2), Shape.of(2)));
            all.add(entry("BatchNormalisation " + act, BatchNormalisation.class, x -> BatchNormalisation.of(x.get(0), x.get(1), x.get(2), 1e-5, act).apply(),
                    Shape.of(4, 2, 3), Shape.of(3), Shape.of(3)));
        }
        for (double sign : new double[] {1, -1, 0.5})
            all.add(entry("LogisticLoss " + sign, LogisticLoss.class, x -> new LogisticLoss(x.get(0), sign).apply(), Shape.of(4, 2)));
        all.add(entry("Linear without bias", Product.Linear.class, x -> Product.linear(x.get(0), x.get(1), null, null), Shape.of(3, 4), Shape.of(4, 2)));
    }

    /// Each activation, and none.
    private static List<Activation> activations() {
        var all = new ArrayList<Activation>(List.of(Activation.Function.values()));
        all.add(new Activation.Leaky(0.2));
        all.add(null);
        return all;
    }

    /// A strided, a dilated and an asymmetrically padded convolution, none square.
    private static List<ConvShape> shapes() {
        return List.of(new ConvShape(2, 5, 4, 2, 3, 2, 3, 3, 2, 2, 2, 1, 1, 1, 0), new ConvShape(1, 6, 5, 1, 2, 3, 2, 4, 3, 1, 1, 2, 1, 0, 1),
                new ConvShape(2, 4, 4, 2, 4, 4, 2, 2, 2, 2, 2, 1, 1, 1, 1));
    }

    private static void convolutions(List<Entry> all) {
        for (ConvShape s : shapes()) {
            Shape x = Shape.of(s.n(), s.h(), s.w(), s.c()), w = Shape.of(s.kh(), s.kw(), s.c(), s.o()), y = Shape.of(s.n(), s.oh(), s.ow(), s.o());
            all.add(entry("Conv " + s, Convolution.Conv.class, t -> new Convolution.Conv(t.get(0), t.get(1), s).apply(), x, w));
            all.add(entry("ConvInput " + s, Convolution.ConvInput.class, t -> new Convolution.ConvInput(t.get(0), t.get(1), s).apply(), y, w));
            all.add(entry("ConvWeight " + s, Convolution.ConvWeight.class, t -> new Convolution.ConvWeight(t.get(0), t.get(1), s).apply(), x, y));
            for (Activation act : activations()) {
                all.add(entry("BiasedConv " + act + s, Convolution.BiasedConv.class,
                        t -> new Convolution.BiasedConv(t.get(0), t.get(1), t.get(2), act, s).apply(), x, w, Shape.of(s.o())));
                all.add(entry("BiasedConvInput " + act + s, Convolution.BiasedConvInput.class,
                        t -> new Convolution.BiasedConvInput(t.get(0), t.get(1), t.get(2), act, s).apply(), y, w, Shape.of(s.c())));
            }
        }
    }
}
