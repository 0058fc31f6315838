package gannet.gan.loss;

import gannet.tensor.Functions;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Mutual information between the code c that a fake was made from and the fake: D and G both minimise `−λ L_I(c; G(z,c))`, `L_I = E log Q(c | x)`
/// but for constants; Chen et al. 2016, eq. 6, with λ = 1. Q sits on D's body: its outputs are D's beyond the first. Real batches have no code.
///
/// The condition `c[n,k]` holds a one-hot block for each categorical code, then the continuous codes. Q gives logits for each categorical
/// code and the mean of each continuous one, whose Gaussian has variance 1 as in the authors' code for digits: `[n,1+k]` outputs for `k` columns.
public record InfoGan(List<Integer> categories, int continuous, double weight) implements Auxiliary {
    public InfoGan {
        categories = List.copyOf(categories);
        for (int each : categories)
            if (each < 2) throw new IllegalArgumentException("a categorical code of " + each + " values: it needs at least 2");
        if (continuous < 0 || categories.isEmpty() && continuous == 0)
            throw new IllegalArgumentException("codes: " + categories.size() + " categorical and " + continuous
                    + " continuous ones; needed: at least one in all");
        if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException("mutual information: its weight " + weight + " must be at least 0");
    }

    /// With λ = 1.
    public InfoGan(List<Integer> categories, int continuous) {
        this(categories, continuous, 1);
    }

    /// The columns of a code.
    public int width() {
        int width = continuous;
        for (int each : categories) width += each;
        return width;
    }

    @Override public Tensor discriminator(Tensor real, Tensor realCondition, Tensor fake, Tensor fakeCondition) {
        return surprise(fake, fakeCondition);
    }

    @Override public Tensor generator(Tensor fake, Tensor fakeCondition) {
        return surprise(fake, fakeCondition);
    }

    /// `−λ E log Q(c | x)` without the Gaussians' ½ log 2π.
    private Tensor surprise(Tensor output, Tensor code) {
        int n = output.shape().size(0), width = width();
        if (code == null || !code.shape().equals(Shape.of(n, width)))
            throw new IllegalArgumentException("mutual information: the fakes' condition is " + (code == null ? "missing" : code.shape())
                    + "; needed: codes [" + n + "," + width + "]");
        if (output.shape().rank() != 2 || output.shape().size(1) != 1 + width)
            throw new IllegalArgumentException("mutual information: the discriminator gives " + output.shape() + "; needed: [n," + (1 + width)
                    + "], a logit and Q's " + width + " outputs");
        List<Tensor> terms = new ArrayList<>();
        int at = 0;
        for (int each : categories) {
            terms.add(Functions.crossEntropyOneHot(output.slice(1, 1 + at, 1 + at + each), code.slice(1, at, at + each)));
            at += each;
        }
        if (continuous > 0) terms.add(output.slice(1, 1 + at, 1 + width).minus(code.slice(1, at, width)).square().sum().times(0.5 / n));
        Tensor sum = terms.getFirst();
        for (Tensor term : terms.subList(1, terms.size())) sum = sum.plus(term);
        return sum.times(weight);
    }
}
