package gannet.gan;

import gannet.tensor.Tensor;

/// A mini-batch `x[n,…]`, real or fake, and the condition that its samples belong to, row for row: classes `[n]`, codes `[n,k]`; null for none.
public record Batch(Tensor x, Tensor condition) {
    /// Without a condition.
    public static Batch of(Tensor x) {
        return new Batch(x, null);
    }
}
