package gannet.kernel;

/// One storage of a [Call]: the values that it holds before (NaN for an output, to prove that all of it is overwritten), and whether the
/// kernel writes to it.
record Operand(double[] values, boolean written) {
    static Operand in(double... values) {
        return new Operand(values, false);
    }

    static Operand out(int length) {
        var values = new double[length];
        java.util.Arrays.fill(values, Double.NaN);
        return new Operand(values, true);
    }

    static Operand inOut(double... values) {
        return new Operand(values, true);
    }

    /// The same with absolute values: what a sum's rounding errors are measured by.
    Operand magnitude() {
        var absolute = new double[values.length];
        for (int i = 0; i < absolute.length; i++) absolute[i] = Math.abs(values[i]);
        return new Operand(absolute, written);
    }
}
