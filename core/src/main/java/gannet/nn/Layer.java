package gannet.nn;

import gannet.tensor.Tensor;

/// A function of one tensor, with or without weights: a record of its weights, a lambda, or a method reference such as `Tensor::relu`. What changes from step
/// to step must be a tensor, not a number in a field: where a device repeats a step by itself ([gannet.kernel.Repeated]), `apply` is not called again. Networks
/// with several inputs are built from layers by a record of their own that implements [ConditionalLayer].
@FunctionalInterface
public interface Layer extends Part<Layer>, Conditional {
    /// Applies it as training does: batch norm uses the batch's statistics, dropout drops.
    Tensor apply(Tensor x);

    /// Applies it as sampling does: batch norm uses the running statistics, dropout passes everything.
    default Tensor infer(Tensor x) {
        return apply(x);
    }

    @Override default Layer with(Parts parts) {
        return this;
    }

    @Override default Layer given(Tensor condition) {
        return this;
    }
}
