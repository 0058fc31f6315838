package gannet.gan.loss;

import gannet.tensor.Tensor;
import java.util.function.Supplier;

/// Least squares: D minimises `½E(s_real − b)² + ½E(s_fake − a)²`, G minimises `½E(s_fake − c)²`; Mao et al. 2017, eq. 2. With no arguments a = 0 and
/// b = c = 1 (its eq. 9); `new LeastSquares(-1, 1, 0)` is the choice of its eq. 8, under which G minimises Pearson's χ². Outputs are values to
/// regress, not logits: the two sides part half-way between a and b.
public record LeastSquares(double a, double b, double c) implements GanLoss {
    public LeastSquares {
        if (!(Double.isFinite(a) && Double.isFinite(b) && Double.isFinite(c) && a < b))
            throw new IllegalArgumentException("least squares: fakes' target " + a + ", real samples' " + b + ", the generator's " + c
                    + "; needed: finite ones, the first below the second");
    }

    public LeastSquares() {
        this(0, 1, 1);
    }

    @Override public Tensor discriminator(Tensor real, Tensor fake) {
        return real.plus(-b).square().mean().plus(fake.plus(-a).square().mean()).times(0.5);
    }

    @Override public Tensor generator(Supplier<Tensor> real, Tensor fake) {
        return fake.plus(-c).square().mean().times(0.5);
    }

    @Override public Threshold threshold() {
        return new Threshold.At((a + b) / 2);
    }

    @Override public String name() {
        return "lsgan";
    }
}
