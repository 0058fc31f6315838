package gannet.tensor;

import gannet.kernel.Philox;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Holds a function's gradients, of any order, to finite differences: along one random direction v the gradient must satisfy
/// `Σ ∂f/∂x · v = d/dh f(x + hv)`, and the check of order n calls itself on `g(x) = Σ ∂f/∂x · u` for the next order, as HIPS autograd's
/// `check_grads` does. For tensors of the double back end: floats are too coarse for differences.
public final class GradientCheck {
    private static final double STEP = 1e-3;

    private GradientCheck() {}

    /// The greatest error over the orders 1 to `order`, relative to the derivative (absolute where that is below 1), of `f`, which maps
    /// the inputs to one element. The directions are drawn from `seed`.
    public static double error(Function<List<Tensor>, Tensor> f, List<Tensor> inputs, int order, long seed) {
        List<Tensor> v = directions(inputs, seed, order);
        double analytic = 0;
        Gradients d = Gradients.of(f.apply(inputs), inputs);
        for (int i = 0; i < inputs.size(); i++) analytic += d.get(inputs.get(i)).times(v.get(i)).sum().item();
        double numeric = (8 * (at(f, inputs, v, STEP) - at(f, inputs, v, -STEP)) - at(f, inputs, v, 2 * STEP) + at(f, inputs, v, -2 * STEP)) / (12 * STEP);
        double error = Math.abs(analytic - numeric) / Math.max(1, Math.abs(numeric));
        if (order == 1 || !(error < 1)) return error;
        return Math.max(error, error(x -> directional(f, x, v), inputs, order - 1, seed));
    }

    /// `Σ ∂f/∂x · u`, recorded.
    private static Tensor directional(Function<List<Tensor>, Tensor> f, List<Tensor> x, List<Tensor> u) {
        Gradients d = Gradients.differentiable(f.apply(x), x);
        Tensor sum = null;
        for (int i = 0; i < x.size(); i++) {
            Tensor part = d.get(x.get(i)).times(u.get(i)).sum();
            sum = sum == null ? part : sum.plus(part);
        }
        return sum;
    }

    private static double at(Function<List<Tensor>, Tensor> f, List<Tensor> inputs, List<Tensor> v, double h) {
        List<Tensor> moved = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            double[] x = inputs.get(i).toArray(), direction = v.get(i).toArray();
            for (int j = 0; j < x.length; j++) x[j] += h * direction[j];
            moved.add(Tensor.of(inputs.get(i).kernels(), inputs.get(i).shape(), x));
        }
        return f.apply(moved).item();
    }

    /// Uniform in −1…1, one for each input.
    private static List<Tensor> directions(List<Tensor> inputs, long seed, int order) {
        List<Tensor> directions = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++)
            directions.add(Tensor.of(inputs.get(i).kernels(), inputs.get(i).shape(), uniform(inputs.get(i).shape().count(), -1, 1, seed, 1000 * order + i)));
        return directions;
    }

    /// `count` numbers uniform in `low…high`, drawn from `seed` for `use`.
    static double[] uniform(int count, double low, double high, long seed, int use) {
        double[] numbers = new double[count];
        int[] block = new int[4];
        for (int i = 0; i < count; i++) {
            if (i % 4 == 0) Philox.block(seed, i / 4, use, 0, 0, block, 0);
            numbers[i] = low + (high - low) * Philox.uniform(block[i % 4]);
        }
        return numbers;
    }
}
