package gannet.kernel;

import java.util.List;

/// How far element i of an operand may be from the reference's results `want`, one array an operand.
interface Tolerance {
    /// Half a unit in the last place of 1 in float: the relative error of one rounding.
    double EPSILON = 0x1p-24;
    /// Below the smallest normal float a device may flush to zero.
    double TINY = 0x1p-126;
    Tolerance EXACT = (_, _, _) -> 0;

    double at(double[][] want, int operand, int i);

    static Tolerance relative(double relative) {
        return (want, operand, i) -> relative * Math.abs(want[operand][i]) + TINY;
    }

    /// For sums of `length` products: the errors grow like the root of the length and are measured by the same sums of absolute values,
    /// made by `plain`; `relative` is for what is done to the sum afterwards.
    static Tolerance sums(int length, double relative, List<Operand> operands, Call.Run plain) {
        double factor = (4 + 2 * Math.sqrt(length)) * EPSILON;
        return new Tolerance() {
            private double[][] magnitude;

            @Override public double at(double[][] want, int operand, int i) {
                if (magnitude == null)
                    magnitude = Oracle.run(new ReferenceKernels(), operands.stream().map(Operand::magnitude).toList(), plain, "magnitudes");
                return factor * magnitude[operand][i] + relative * Math.abs(want[operand][i]) + TINY;
            }
        };
    }
}
