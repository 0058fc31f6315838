package gannet.tensor;

import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import java.util.List;

/// `E log(1 + e^{sign·s})` over logits s of any shape, one element: −log σ(−sign·s) on average. Its derivative is `sign · σ(sign·s) / n`.
record LogisticLoss(Tensor logits, double sign) implements Operation {
    @Override public List<Tensor> inputs() {
        return List.of(logits);
    }

    @Override public Shape shape() {
        return Shape.of();
    }

    @Override public void forward(Kernels k, Storage y) {
        k.logisticLoss(sign, logits.data(), y);
    }

    @Override public void backward(Tensor y, Tensor dy, Gradients d) {
        d.of(logits, () -> (sign == 1 ? logits : logits.times(sign)).sigmoid().times(dy.times(sign / logits.shape().count())));
    }

    /// The same, operation by operation.
    Tensor spelledOut() {
        return logits.times(sign).softplus().mean();
    }
}
