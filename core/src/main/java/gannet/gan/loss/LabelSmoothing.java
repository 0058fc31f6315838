package gannet.gan.loss;

import gannet.tensor.Tensor;
import java.util.function.Supplier;

/// One-sided label smoothing: D's target on real samples is `target` instead of 1, on fakes it stays 0, and G's loss is the inner one's; Salimans et
/// al. 2016, §3.4, whose target is 0.9 and who advise against smoothing fakes: there D's optimum would lose its hold where p_data is small. As
/// `−t log σ(s) − (1 − t) log(1 − σ(s)) = softplus(−s) + (1 − t)·s`, it adds `(1 − t)·E s_real` to D's loss.
///
/// Defined for the logistic losses [Minimax] and [ModifiedMinimax]; for least squares give [LeastSquares] another target.
public record LabelSmoothing(GanLoss loss, double target) implements GanLoss {
    public LabelSmoothing {
        if (!(loss instanceof Minimax || loss instanceof ModifiedMinimax))
            throw new IllegalArgumentException("label smoothing of loss '" + loss.name()
                    + "': it is defined for 'minimax' and 'modified-minimax', whose real samples have the label 1");
        if (!(target > 0.5 && target <= 1))
            throw new IllegalArgumentException("label smoothing: the real target " + target + " must be above 0.5 and at most 1; the paper's is 0.9");
    }

    /// Real target 0.9.
    public LabelSmoothing(GanLoss loss) {
        this(loss, 0.9);
    }

    @Override public Tensor discriminator(Tensor real, Tensor fake) {
        return loss.discriminator(real, fake).plus(real.mean().times(1 - target));
    }

    @Override public Tensor generator(Supplier<Tensor> real, Tensor fake) {
        return loss.generator(real, fake);
    }

    @Override public Threshold threshold() {
        return loss.threshold();
    }

    /// What σ comes to is then the probability of the label, `target` at most.
    @Override public boolean probabilistic() {
        return loss.probabilistic();
    }

    @Override public String name() {
        return loss.name() + "-smoothed";
    }
}
