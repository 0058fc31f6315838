package gannet.nn;

import gannet.tensor.Tensor;

/// The head of a projection discriminator: from features `φ[n,f]` and classes `y[n]` the logit `s[n,1] = ψ(φ) + ⟨V_y, φ⟩`, V an embedding `[classes,f]`, ψ a
/// layer to one output; Miyato & Koyama 2018, eq. 3 and fig. 1d. Either may be a [SpectralNorm].
public record Projection(Layer psi, Layer embedding) implements ConditionalLayer {
    @Override public Tensor apply(Tensor features, Tensor classes) {
        return psi.apply(features).plus(match(features, Conditioning.rows("projection", embedding, features, classes)));
    }

    @Override public Tensor infer(Tensor features, Tensor classes) {
        return psi.infer(features).plus(match(features, Conditioning.rows("projection", embedding::infer, features, classes)));
    }

    /// `Σ_f φ · v`, `[n,1]`
    private static Tensor match(Tensor features, Tensor v) {
        Conditioning.requireFeatures("projection", features, v.shape().size(1));
        return features.times(v).sum(1, 2);
    }

    @Override public Projection with(Parts parts) {
        return new Projection(parts.part("psi", psi), parts.part("embedding", embedding));
    }
}
