package gannet.tensor;

/// A NaN or an infinity where a number should be; the message names the tensor, its operation and its layer.
public final class NonFiniteException extends ArithmeticException {
    private static final long serialVersionUID = 1;

    public NonFiniteException(String message) {
        super(message);
    }

    /// Throws if an element of `t`, the result of `what`, is not finite.
    static void require(String what, Tensor t) {
        double[] values = t.toArray();
        for (int i = 0; i < values.length; i++)
            if (!Double.isFinite(values[i]))
                throw new NonFiniteException(values[i] + " at element " + i + " of " + what + " " + t.shape()
                        + (t.origin().isEmpty() ? "" : " in layer " + t.origin()));
    }
}
