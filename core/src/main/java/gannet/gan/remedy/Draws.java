package gannet.gan.remedy;

import gannet.kernel.Comparison;
import gannet.kernel.Kernels;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;

/// Small tables and draws of whole numbers, made where the kernels run.
final class Draws {
    /// Up to here 32-bit floats count exactly; indices must stay below.
    static final int MOST = 1 << 24;

    private Draws() {}

    /// `u` in (0, 1), of any shape of which the last axis is 1 → whole numbers 0 … count − 1, all alike likely: how many of the thresholds i/count
    /// it passes.
    static Tensor whole(Tensor u, int count) {
        if (count == 1) return u.times(0);
        double[] thresholds = new double[count - 1];
        for (int i = 0; i < thresholds.length; i++) thresholds[i] = (i + 1.0) / count;
        int last = u.shape().rank() - 1;
        return u.minus(Tensor.temporary(u.kernels(), Shape.of(count - 1), thresholds)).sign().relu().sum(last, last + 1);
    }

    /// first, first + by, first + 2·by …, in a shape.
    static Tensor counting(Kernels k, double first, double by, Shape shape) {
        double[] numbers = new double[shape.count()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = first + by * i;
        return Tensor.temporary(k, shape, numbers);
    }

    /// 1 where `low ≤ x ≤ high`, else 0; all three whole numbers.
    static Tensor within(Tensor x, double low, double high) {
        Kernels k = x.kernels();
        Tensor zero = Tensor.constant(k, 0), one = Tensor.constant(k, 1);
        Tensor notBelow = Tensor.select(Comparison.GREATER_EQUAL, x, Tensor.constant(k, low), one, zero);
        return Tensor.select(Comparison.GREATER, x, Tensor.constant(k, high), zero, notBelow);
    }
}
