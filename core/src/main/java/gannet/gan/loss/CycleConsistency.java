package gannet.gan.loss;

import gannet.tensor.Tensor;

/// What holds two generators G: X → Y and F: Y → X together where no pairs are known; Zhu et al. 2017, §3.2 and §5.2. `weight` is λ, `identity` the
/// share of it that samples which are already in place are held with.
public record CycleConsistency(double weight, double identity) {
    public CycleConsistency {
        if (!(weight >= 0 && identity >= 0 && weight * identity < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException("cycle consistency: weight " + weight + " and share of identity " + identity + " must be at least 0");
    }

    /// λ = 10, identity ½λ.
    public CycleConsistency() {
        this(10, 0.5);
    }

    /// There and back: `λ·(E|F(G(x)) − x| + E|G(F(y)) − y|)`
    public Tensor cycle(Tensor x, Tensor backX, Tensor y, Tensor backY) {
        return Distances.absolute(backX, x).plus(Distances.absolute(backY, y)).times(weight);
    }

    /// G leaves Y as it is, F leaves X: `identity·λ·(E|F(x) − x| + E|G(y) − y|)`
    public Tensor identity(Tensor x, Tensor throughF, Tensor y, Tensor throughG) {
        return Distances.absolute(throughF, x).plus(Distances.absolute(throughG, y)).times(identity * weight);
    }
}
