package gannet.nn;

import gannet.tensor.Tensor;

/// A function of an input and a condition, with weights: what a conditional network's record implements. Owned by [Weights#of].
public interface ConditionalLayer extends Part<ConditionalLayer>, Conditional {
    /// Applies it as training does.
    Tensor apply(Tensor x, Tensor condition);

    /// Applies it as sampling does.
    Tensor infer(Tensor x, Tensor condition);

    @Override default Layer given(Tensor condition) {
        return new Layer() {
            @Override public Tensor apply(Tensor x) {
                return ConditionalLayer.this.apply(x, condition);
            }

            @Override public Tensor infer(Tensor x) {
                return ConditionalLayer.this.infer(x, condition);
            }
        };
    }
}
