package gannet.kernel;

/// The elementwise functions of one argument, `y[i] = f(x[i])`, a sealed family: every back end switches over it without a
/// `default`, so a new function does not compile until all of them have it. [#of] is the definition.
public sealed interface Unary {
    /// The function itself, in double: what the reference back end computes and the others are held to.
    double of(double x);

    /// The functions without constants.
    enum Function implements Unary {
        NEGATE, ABS,
        /// −1, 0 or 1.
        SIGN,
        RECIPROCAL, SQUARE, SQRT, EXP, LOG, SIN, COS, TANH,
        /// `1 / (1 + e^−x)`
        SIGMOID,
        /// `log(1 + e^x)`, without overflow.
        SOFTPLUS,
        /// `max(x, 0)`
        RELU;

        @Override public double of(double x) {
            return switch (this) {
                case NEGATE -> -x;
                case ABS -> Math.abs(x);
                case SIGN -> Math.signum(x);
                case RECIPROCAL -> 1 / x;
                case SQUARE -> x * x;
                case SQRT -> Math.sqrt(x);
                case EXP -> Math.exp(x);
                case LOG -> Math.log(x);
                case SIN -> Math.sin(x);
                case COS -> Math.cos(x);
                case TANH -> Math.tanh(x);
                case SIGMOID -> 1 / (1 + Math.exp(-x));
                case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
                case RELU -> Math.max(x, 0);
            };
        }
    }

    /// `scale · x + shift`
    record Affine(double scale, double shift) implements Unary {
        @Override public double of(double x) {
            return scale * x + shift;
        }
    }

    /// Leaky ReLU: `x > 0 ? x : slope · x`; Maas et al. 2013.
    record Leaky(double slope) implements Unary {
        @Override public double of(double x) {
            return x > 0 ? x : slope * x;
        }
    }

    /// `min(max(x, low), high)`
    record Clamp(double low, double high) implements Unary {
        @Override public double of(double x) {
            return Math.min(Math.max(x, low), high);
        }
    }

    /// 1 where |x| is above `limit` or x is not a number, else 0: what a step's commit looks for.
    record Exceeds(double limit) implements Unary {
        @Override public double of(double x) {
            return Math.abs(x) <= limit ? 0 : 1;
        }
    }
}
