package gannet.kernel;

/// The conditions of [Kernels#select]. A comparison with NaN is false.
public enum Comparison {
    GREATER, GREATER_EQUAL, EQUAL;

    public boolean of(double a, double b) {
        return switch (this) {
            case GREATER -> a > b;
            case GREATER_EQUAL -> a >= b;
            case EQUAL -> a == b;
        };
    }
}
