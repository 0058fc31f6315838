package gannet.tensor;

import gannet.kernel.Binary;
import gannet.kernel.Comparison;
import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import gannet.kernel.Unary;
import java.util.List;

/// Element by element: functions of one argument, of two (broadcast), and a choice.
sealed interface Elementwise extends Operation {
    /// `y = f(x)`
    record Map(Unary f, Tensor x) implements Elementwise {
        @Override public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override public Shape shape() {
            return x.shape();
        }

        @Override public void forward(Kernels k, Storage y) {
            k.map(f, x.data(), y);
        }

        @Override public void backward(Tensor y, Tensor dy, Gradients d) {
            switch (f) {
                case Unary.Function g -> function(g, y, dy, d);
                case Unary.Affine(double scale, double _) -> d.of(x, () -> scale == 1 ? dy : dy.times(scale));
                case Unary.Leaky(double slope) -> d.of(x, () -> dy.zip(new Binary.LeakyGradient(slope), x));
                case Unary.Clamp c -> d.of(x, () -> dy.times(Tensor.unrecorded(() -> x.minus(x.map(c)).abs().map(new Unary.Exceeds(0)).negate().plus(1))));
                case Unary.Exceeds _ -> {} // a step: no gradient
            }
        }

        private void function(Unary.Function g, Tensor y, Tensor dy, Gradients d) {
            switch (g) {
                case NEGATE -> d.of(x, dy::negate);
                case ABS -> d.of(x, () -> dy.times(x.map(Unary.Function.SIGN))); // recorded: its own gradient is 0
                case SIGN -> {} // a step: no gradient
                case RECIPROCAL -> d.of(x, () -> dy.times(y.square()).negate());
                case SQUARE -> d.of(x, () -> dy.times(x).times(2));
                case SQRT -> d.of(x, () -> dy.dividedBy(y).times(0.5));
                case EXP -> d.of(x, () -> dy.times(y));
                case LOG -> d.of(x, () -> dy.dividedBy(x));
                case SIN -> d.of(x, () -> dy.times(x.cos()));
                case COS -> d.of(x, () -> dy.times(x.sin()).negate());
                case TANH -> d.of(x, () -> dy.zip(Binary.Function.TANH_GRADIENT, y));
                case SIGMOID -> d.of(x, () -> dy.zip(Binary.Function.SIGMOID_GRADIENT, y));
                case SOFTPLUS -> d.of(x, () -> dy.times(x.sigmoid()));
                case RELU -> d.of(x, () -> dy.zip(Binary.Function.RELU_GRADIENT, x));
            }
        }

        @Override public String name() {
            return "Map " + f;
        }
    }

    /// `y = f(a, b)`; each operand is of the result's shape, or repeated as [Kernels#zip] can.
    record Zip(Binary f, Tensor a, Tensor b, Shape shape) implements Elementwise {
        @Override public List<Tensor> inputs() {
            return List.of(a, b);
        }

        @Override public void forward(Kernels k, Storage y) {
            k.zip(f, a.data(), every(a.shape(), shape), b.data(), every(b.shape(), shape), y);
        }

        @Override public void backward(Tensor y, Tensor dy, Gradients d) {
            switch (f) {
                case Binary.Function g -> function(g, y, dy, d);
                case Binary.LeakyGradient _ -> d.of(a, () -> dy.zip(f, b));
            }
        }

        private void function(Binary.Function g, Tensor y, Tensor dy, Gradients d) {
            switch (g) {
                case ADD -> {
                    d.of(a, () -> dy);
                    d.of(b, () -> dy);
                }
                case SUBTRACT -> {
                    d.of(a, () -> dy);
                    d.of(b, dy::negate);
                }
                case MULTIPLY -> {
                    d.of(a, () -> dy.times(b));
                    d.of(b, () -> dy.times(a));
                }
                case DIVIDE -> {
                    d.of(a, () -> dy.dividedBy(b));
                    d.of(b, () -> dy.times(y).dividedBy(b).negate());
                }
                case MAXIMUM -> {
                    d.of(a, () -> dy.times(share(Comparison.GREATER, a, b)));
                    d.of(b, () -> dy.times(share(Comparison.GREATER, b, a)));
                }
                case MINIMUM -> {
                    d.of(a, () -> dy.times(share(Comparison.GREATER, b, a)));
                    d.of(b, () -> dy.times(share(Comparison.GREATER, a, b)));
                }
                case RELU_GRADIENT -> d.of(a, () -> dy.zip(f, b));
                case TANH_GRADIENT -> {
                    d.of(a, () -> dy.zip(f, b));
                    d.of(b, () -> dy.times(a).times(b).times(-2));
                }
                case SIGMOID_GRADIENT -> {
                    d.of(a, () -> dy.zip(f, b));
                    d.of(b, () -> dy.times(a).times(b.times(-2).plus(1)));
                }
            }
        }

        /// 1 where `l c r`, ½ where they are equal, else 0.
        private Tensor share(Comparison c, Tensor l, Tensor r) {
            return Tensor.unrecorded(() -> {
                Tensor left = l.broadcastTo(shape), right = r.broadcastTo(shape);
                Tensor zero = Tensor.constant(l.kernels(), 0), half = Tensor.constant(l.kernels(), 0.5), one = Tensor.constant(l.kernels(), 1);
                return Tensor.select(c, left, right, one, Tensor.select(Comparison.EQUAL, left, right, half, zero.broadcastTo(shape)));
            });
        }

        @Override public String name() {
            return "Zip " + f;
        }
    }

    /// `y = l c r ? a : b`; the comparison has no gradient.
    record Select(Comparison c, Tensor l, Tensor r, Tensor a, Tensor b, Shape shape) implements Elementwise {
        @Override public List<Tensor> inputs() {
            return List.of(a, b, l, r);
        }

        @Override public void forward(Kernels k, Storage y) {
            k.select(c, l.data(), r.data(), a.data(), b.data(), y);
        }

        @Override public void backward(Tensor y, Tensor dy, Gradients d) {
            d.of(a, () -> new Select(c, l, r, dy, Tensor.constant(dy.kernels(), 0), shape).apply());
            d.of(b, () -> new Select(c, l, r, Tensor.constant(dy.kernels(), 0), dy, shape).apply());
        }
    }

    static Tensor zip(Binary f, Tensor a, Tensor b) {
        Shape shape = Shape.broadcast(f, a.shape(), b.shape());
        if (every(a.shape(), shape) == 0) a = a.broadcastTo(shape);
        if (every(b.shape(), shape) == 0) b = b.broadcastTo(shape);
        return new Zip(f, a, b, shape).apply();
    }

    static Tensor select(Comparison c, Tensor l, Tensor r, Tensor a, Tensor b) {
        Shape shape = null;
        for (Tensor t : List.of(l, r, a, b))
            if (shape == null || t.shape().count() > shape.count() || t.shape().count() == 1 && t.shape().rank() > shape.rank() && shape.count() == 1) shape = t.shape();
        for (Tensor t : List.of(l, r, a, b))
            if (t.shape().count() != 1 && !t.shape().equals(shape))
                throw new IllegalArgumentException("select: operands " + l.shape() + ", " + r.shape() + ", " + a.shape() + ", " + b.shape()
                        + "; each must be " + shape + " or of one element");
        return new Select(c, l, r, a, b, shape).apply();
    }

    /// For how many results in a row [Kernels#zip] holds an element of an `operand` broadcast to `result`; 0 if it can't express the
    /// pattern, because the axes that aren't repeated are not neighbours.
    private static int every(Shape operand, Shape result) {
        if (operand.count() == result.count()) return 1;
        int every = 1, axis = -1;
        for (; -axis <= result.rank() && size(operand, axis) == 1; axis--) every *= result.size(axis);
        for (; -axis <= result.rank() && size(operand, axis) == result.size(axis); axis--);
        for (; -axis <= result.rank(); axis--)
            if (size(operand, axis) != 1) return 0;
        return every;
    }

    private static int size(Shape shape, int axis) {
        return -axis <= shape.rank() ? shape.size(axis) : 1;
    }
}
