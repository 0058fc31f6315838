package gannet.kernel;

/// What a fused kernel applies to its result before the one write to memory: those functions whose gradient can be told from
/// the result alone.
public sealed interface Activation {
    /// `y = f(x)`
    Unary function();

    /// `dx = g(dy, y)`
    Binary gradient();

    enum Function implements Activation {
        RELU(Unary.Function.RELU, Binary.Function.RELU_GRADIENT),
        TANH(Unary.Function.TANH, Binary.Function.TANH_GRADIENT),
        SIGMOID(Unary.Function.SIGMOID, Binary.Function.SIGMOID_GRADIENT);

        private final Unary function;
        private final Binary gradient;

        Function(Unary function, Binary gradient) {
            this.function = function;
            this.gradient = gradient;
        }

        @Override public Unary function() {
            return function;
        }

        @Override public Binary gradient() {
            return gradient;
        }
    }

    /// Leaky ReLU with a positive slope (else the sign of the input could not be told from the result).
    record Leaky(double slope) implements Activation {
        public Leaky {
            if (!(slope > 0)) throw new IllegalArgumentException("leaky relu needs a slope above 0, not " + slope);
        }

        @Override public Unary function() {
            return new Unary.Leaky(slope);
        }

        @Override public Binary gradient() {
            return new Binary.LeakyGradient(slope);
        }
    }
}
