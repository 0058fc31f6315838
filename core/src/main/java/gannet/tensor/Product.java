package gannet.tensor;

import gannet.kernel.Activation;
import gannet.kernel.Kernels;
import gannet.kernel.MatrixShape;
import gannet.kernel.Storage;
import java.util.List;

/// Matrix products. With transpose flags the family is closed: each gradient is again one product.
sealed interface Product extends Operation {
    /// `[m,k] · [k,n] → [m,n]`, a batch of them, either operand stored transposed.
    record MatMul(Tensor a, Tensor b, MatrixShape s, Shape shape) implements Product {
        @Override public List<Tensor> inputs() {
            return List.of(a, b);
        }

        @Override public void forward(Kernels k, Storage y) {
            k.matmul(s, a.data(), b.data(), y);
        }

        @Override public void backward(Tensor y, Tensor dy, Gradients d) {
            boolean ta = s.transposeA(), tb = s.transposeB();
            d.of(a, () -> ta ? matmul(b, dy, tb, true) : matmul(dy, b, false, !tb));
            d.of(b, () -> tb ? matmul(dy, a, true, ta) : matmul(a, dy, !ta, false));
        }
    }

    /// `x[m,k] · w[k,n] + bias[n] → y[m,n]` through an activation: one kernel. Either of `bias` and `act` may be null.
    record Linear(Tensor x, Tensor w, Tensor bias, Activation act) implements Product {
        @Override public List<Tensor> inputs() {
            return bias == null ? List.of(x, w) : List.of(x, w, bias);
        }

        @Override public Shape shape() {
            return Shape.of(x.shape().size(0), w.shape().size(1));
        }

        @Override public void forward(Kernels k, Storage y) {
            k.linear(MatrixShape.of(x.shape().size(0), w.shape().size(0), w.shape().size(1)), x.data(), w.data(),
                    bias == null ? null : bias.data(), act, y);
        }

        @Override public void backward(Tensor y, Tensor dy, Gradients d) {
            Tensor g = act == null ? dy : dy.zip(act.gradient(), y);
            d.of(x, () -> matmul(g, w, false, true));
            d.of(w, () -> matmul(x, g, true, false));
            if (bias != null) d.of(bias, () -> g);
        }

        /// The same, operation by operation.
        Tensor spelledOut() {
            Tensor y = x.matmul(w);
            if (bias != null) y = y.plus(bias);
            return act == null ? y : y.map(act.function());
        }
    }

    static Tensor matmul(Tensor a, Tensor b, boolean transposeA, boolean transposeB) {
        Shape l = a.shape(), r = b.shape();
        if (l.rank() == r.rank() && (l.rank() == 2 || l.rank() == 3) && (l.rank() == 2 || l.size(0) == r.size(0))) {
            int m = l.size(transposeA ? -1 : -2), k = l.size(transposeA ? -2 : -1), n = r.size(transposeB ? -2 : -1);
            if (r.size(transposeB ? -1 : -2) == k) {
                var s = new MatrixShape(l.rank() == 3 ? l.size(0) : 1, m, k, n, transposeA, transposeB);
                return new MatMul(a, b, s, l.rank() == 3 ? Shape.of(s.batch(), m, n) : Shape.of(m, n)).apply();
            }
        }
        throw new IllegalArgumentException("matmul: " + l + (transposeA ? "ᵀ" : "") + " · " + r + (transposeB ? "ᵀ" : "")
                + " don't fit; needed: [m,k] · [k,n] or [b,m,k] · [b,k,n]");
    }

    static Tensor linear(Tensor x, Tensor w, Tensor bias, Activation act) {
        if (x.shape().rank() != 2 || w.shape().rank() != 2 || x.shape().size(1) != w.shape().size(0))
            throw new IllegalArgumentException(Scope.place() + "dense: input " + x.shape() + " doesn't fit weights " + w.shape() + "; needed: "
                    + (w.shape().rank() == 2 ? "[n," + w.shape().size(0) + "]" : "[m,k] and [k,n]"));
        if (bias != null && !bias.shape().equals(Shape.of(w.shape().size(1))))
            throw new IllegalArgumentException(Scope.place() + "dense: bias " + bias.shape() + " doesn't fit weights " + w.shape() + "; needed: [" + w.shape().size(1) + "]");
        return new Linear(x, w, bias, act).apply();
    }
}
