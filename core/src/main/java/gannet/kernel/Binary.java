package gannet.kernel;

/// The elementwise functions of two arguments, `y[i] = f(a[i], b[i])`, a sealed family like [Unary].
public sealed interface Binary {
    /// The function itself, in double.
    double of(double a, double b);

    /// The functions without constants. The gradients of activations take the gradient `a` of the activation's result and the
    /// result `b` itself, so that nothing else need be kept.
    enum Function implements Binary {
        ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM,
        /// `b > 0 ? a : 0`
        RELU_GRADIENT,
        /// `a · (1 − b²)`
        TANH_GRADIENT,
        /// `a · b · (1 − b)`
        SIGMOID_GRADIENT;

        @Override public double of(double a, double b) {
            return switch (this) {
                case ADD -> a + b;
                case SUBTRACT -> a - b;
                case MULTIPLY -> a * b;
                case DIVIDE -> a / b;
                case MAXIMUM -> Math.max(a, b);
                case MINIMUM -> Math.min(a, b);
                case RELU_GRADIENT -> b > 0 ? a : 0;
                case TANH_GRADIENT -> a * (1 - b * b);
                case SIGMOID_GRADIENT -> a * b * (1 - b);
            };
        }
    }

    /// `b > 0 ? a : slope · a`
    record LeakyGradient(double slope) implements Binary {
        @Override public double of(double a, double b) {
            return b > 0 ? a : slope * a;
        }
    }
}
