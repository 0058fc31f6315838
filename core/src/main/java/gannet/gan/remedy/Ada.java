package gannet.gan.remedy;

import gannet.gan.Callback;
import gannet.gan.Judgement;
import gannet.gan.loss.GanLoss;
import gannet.gan.loss.Threshold;
import gannet.kernel.Comparison;
import gannet.kernel.Kernels;
import gannet.nn.Layer;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.List;

/// Adaptive discriminator augmentation: each transformation is applied to each image with probability p, and p follows how far D overfits, measured by
/// `r = E sign(s_real)`; Karras et al. 2020, "Training generative adversarial networks with limited data", §3. After every four batches that D saw,
/// `p ← p + sign(r − 0.6) · images / 500,000`, kept within 0…1: from 0, p can reach 1 in 500,000 images. It is both the layer for
/// `Objective.seenThrough` and the callback that moves p.
///
/// The transformations are those of [DiffAugment], brightness, saturation, contrast, translation and cutout, all under one p; the paper's own set has
/// flips, turns and scalings beside them, but no cutout in the set that it recommends.
public final class Ada implements Layer, Callback {
    private static final double TARGET = 0.6, IMAGES = 500_000;
    private static final int BATCHES = 4;

    private final Randoms randoms;
    private final List<Augmentation> transformations;
    private final State.OfTensor probability, signs, images, batches;

    /// All transformations, at first with probability 0.
    public Ada(Randoms randoms) {
        this(randoms, List.of(Augmentation.values()));
    }

    /// Some of the transformations.
    public Ada(Randoms randoms, List<Augmentation> transformations) {
        this.randoms = randoms;
        this.transformations = List.copyOf(transformations);
        this.probability = state("probability");
        this.signs = state("signs");
        this.images = state("images");
        this.batches = state("batches");
    }

    private State.OfTensor state(String name) {
        return new State.OfTensor("ada." + name, Tensor.of(randoms.kernels(), Shape.of(), 0));
    }

    @Override public Tensor apply(Tensor x) {
        Augmentation.requireImages("ADA", x);
        Tensor y = x;
        for (Augmentation a : transformations) y = a.apply(y, randoms, chosen(x.shape().perSample()));
        return y;
    }

    /// 1 with probability p, else 0.
    private Tensor chosen(Shape shape) {
        Kernels k = randoms.kernels();
        return Tensor.unrecorded(() -> Tensor.select(Comparison.GREATER, probability.tensor(), randoms.uniform("augment or not", shape), Tensor.constant(k, 1),
                Tensor.constant(k, 0)));
    }

    @Override public void requireLoss(GanLoss loss) {
        requireSigns(loss);
    }

    /// Throws for a loss under which the sign of D's output doesn't say what D takes a sample for.
    public static void requireSigns(GanLoss loss) {
        if (!loss.threshold().equals(new Threshold.At(0)))
            throw new IllegalArgumentException("ada goes by the sign of D's outputs, which says nothing under loss '" + loss.name()
                    + "'; choose DiffAugment (color,translation,cutout), or loss minimax, modified-minimax or hinge");
    }

    @Override public void judged(Judgement judgement) {
        add(signs, Tensor.unrecorded(() -> judgement.real().sign().sum()));
        add(images, Tensor.constant(randoms.kernels(), judgement.real().shape().count()));
        add(batches, Tensor.constant(randoms.kernels(), 1));
    }

    private static void add(State.OfTensor sum, Tensor more) {
        sum.tensor().assign(Tensor.unrecorded(() -> sum.tensor().plus(more)));
    }

    @Override public void stepped() {
        Tensor.unrecorded(() -> {
            Tensor p = probability.tensor(), overfit = signs.tensor().minus(images.tensor().times(TARGET)).sign();
            Tensor moved = p.plus(overfit.times(images.tensor()).times(1 / IMAGES)).clamp(0, 1);
            Tensor seen = batches.tensor().plus(0), due = Tensor.constant(randoms.kernels(), BATCHES), zero = Tensor.constant(randoms.kernels(), 0);
            p.assign(Tensor.select(Comparison.GREATER_EQUAL, seen, due, moved, p));
            for (State.OfTensor sum : List.of(signs, images, batches)) sum.tensor().assign(Tensor.select(Comparison.GREATER_EQUAL, seen, due, zero, sum.tensor()));
            return p;
        });
    }

    /// p now, one element.
    public Tensor probability() {
        return probability.tensor();
    }

    @Override public List<State> states() {
        return List.of(probability, signs, images, batches);
    }
}
