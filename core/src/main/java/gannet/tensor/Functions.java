package gannet.tensor;

import gannet.kernel.Activation;
import gannet.kernel.ConvShape;
import java.util.List;

/// The operations that layers are made of, with their shapes checked.
public final class Functions {
    private Functions() {}

    /// `x[m,k] · w[k,n] + bias[n] → y[m,n]`, then `act`; `bias` and `act` may be null.
    public static Tensor linear(Tensor x, Tensor w, Tensor bias, Activation act) {
        return Product.linear(x, w, bias, act);
    }

    /// `[m,k] · [k,n] → [m,n]` or a batch of such, with either operand stored transposed.
    public static Tensor matmul(Tensor a, Tensor b, boolean transposeA, boolean transposeB) {
        return Product.matmul(a, b, transposeA, transposeB);
    }

    /// `x[n,h,w,c], w[kh,kw,c,o] → y[n,oh,ow,o]`, plus `bias[o]`, then `act`; `bias` and `act` may be null.
    public static Tensor conv(ConvShape s, Tensor x, Tensor w, Tensor bias, Activation act) {
        require("conv", x, Shape.of(s.n(), s.h(), s.w(), s.c()), w, s, bias, s.o());
        return new Convolution.BiasedConv(x, w, bias, act, s).apply();
    }

    /// Transposed convolution: `y[n,oh,ow,o], w[kh,kw,c,o] → x[n,h,w,c]`, plus `bias[c]`, then `act`; `bias` and `act` may be null.
    public static Tensor convInput(ConvShape s, Tensor y, Tensor w, Tensor bias, Activation act) {
        require("transposed conv", y, Shape.of(s.n(), s.oh(), s.ow(), s.o()), w, s, bias, s.c());
        return new Convolution.BiasedConvInput(y, w, bias, act, s).apply();
    }

    private static void require(String name, Tensor image, Shape needed, Tensor w, ConvShape s, Tensor bias, int channels) {
        Shape weight = Shape.of(s.kh(), s.kw(), s.c(), s.o());
        if (!image.shape().equals(needed) || !w.shape().equals(weight) || bias != null && !bias.shape().equals(Shape.of(channels)))
            throw new IllegalArgumentException(Scope.place() + name + ": input " + image.shape() + ", weights " + w.shape() + (bias == null ? "" : ", bias " + bias.shape())
                    + "; needed: " + needed + ", " + weight + (bias == null ? "" : ", [" + channels + "]"));
    }

    /// A batch-normed tensor and the statistics of the batch, constants `[c]`: mean and biased variance.
    public record Normalised(Tensor y, Tensor mean, Tensor variance) {}

    /// Batch norm of `x[…,c]` with the batch's own statistics, then `act` (may be null); Ioffe & Szegedy 2015, Algorithm 1.
    public static Normalised batchNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon, Activation act) {
        var op = BatchNormalisation.of(x, gamma, beta, epsilon, act);
        return new Normalised(op.apply(), op.mean(), op.variance());
    }

    /// `E log(1 + e^{sign·s})` over logits s, one element: what D pays for calling a fake real (`sign` 1), or a real sample fake (−1).
    public static Tensor logisticLoss(double sign, Tensor logits) {
        return new LogisticLoss(logits, sign).apply();
    }

    /// `table[rows,width], indices[n] → [n,width]`
    public static Tensor gather(Tensor table, Tensor indices) {
        return Indexing.gather(table, indices);
    }

    /// The tensors one after the other along an axis.
    public static Tensor concat(int axis, Tensor... parts) {
        return Movement.concat(axis, List.of(parts));
    }

    /// `log Σⱼ exp z[…,j]`, `[…,1]`. The greatest element is taken out first, as a constant: it cancels from every derivative.
    public static Tensor logSumExp(Tensor z) {
        Tensor greatest = Tensor.unrecorded(() -> z.max(z.shape().rank() - 1));
        return z.minus(greatest).exp().sum(z.shape().rank() - 1, z.shape().rank()).log().plus(greatest);
    }

    /// The mean surprise `−E log softmax(z)[class]` at logits `z[n,k]` and `classes[n]`, whole numbers from 0; one element.
    public static Tensor crossEntropy(Tensor z, Tensor classes) {
        if (z.shape().rank() != 2 || !classes.shape().equals(Shape.of(z.shape().size(0))))
            throw new IllegalArgumentException(Scope.place() + "cross-entropy: logits " + z.shape() + " and classes " + classes.shape() + "; needed: [n,k] and [n]");
        int k = z.shape().size(1);
        double[] identity = new double[k * k];
        for (int i = 0; i < k; i++) identity[i * (k + 1)] = 1;
        return crossEntropyOneHot(z, Tensor.unrecorded(() -> gather(Tensor.temporary(z.kernels(), Shape.of(k, k), identity), classes)));
    }

    /// As [#crossEntropy], of targets `[n,k]` whose rows are one-hot, or probabilities.
    public static Tensor crossEntropyOneHot(Tensor z, Tensor targets) {
        if (z.shape().rank() != 2 || !targets.shape().equals(z.shape()))
            throw new IllegalArgumentException(Scope.place() + "cross-entropy: logits " + z.shape() + " and targets " + targets.shape() + "; needed: [n,k] twice");
        return logSumExp(z).minus(z.times(targets).sum(1, 2)).mean();
    }
}
