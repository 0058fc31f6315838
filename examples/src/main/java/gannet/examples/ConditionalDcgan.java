package gannet.examples;

import static gannet.nn.ActivationLayer.RELU;
import static gannet.nn.ActivationLayer.TANH;
import static gannet.nn.ActivationLayer.leakyRelu;

import gannet.nn.Conditional;
import gannet.nn.ConditionalLayer;
import gannet.nn.ConditionalSequential;
import gannet.nn.Conditioning;
import gannet.nn.Heads;
import gannet.nn.Images;
import gannet.nn.Layer;
import gannet.nn.Layers;
import gannet.nn.Projection;
import gannet.nn.Sequential;
import gannet.nn.Weights;
import java.util.ArrayList;
import java.util.List;

/// The networks of [Recipe#DCGAN] with a class, or a code, put in.
///
/// G has both a learned vector beside z and conditional batch norm. The norm's scales and shifts start alike for all classes and move by no more than the
/// learning rate at each step, so with the norm alone G draws one thing for all classes through hundreds of steps; the vectors start apart. They are short
/// beside z's 100 numbers: with 50 numbers to a class G hears the class louder than z, and each class varied half as much as real images do.
final class ConditionalDcgan {
    private static final int FLAT = 7 * 7 * 128, WIDTH = 20;

    private ConditionalDcgan() {}

    /// `z[n,z]` under a condition → `x[n,28,28,1]`.
    static Weights<?> generator(Layers l, Labels labels) {
        int k = labels.count();
        boolean codes = labels.way() == Labels.Way.INFOGAN;
        var all = new ArrayList<>(codes ? List.<Conditional>of(new Conditioning.Code(Labels.codes()), l.denseUnbiased(62 + Labels.codes(), FLAT))
                : List.<Conditional>of(l.classFeatures(k, WIDTH), l.denseUnbiased(100 + WIDTH, FLAT)));
        all.addAll(List.of(new Images.ToImage(7, 7, 128), codes ? l.batchNorm(128) : l.conditionalBatchNorm(k, 128), RELU,
                l.convTransposeUnbiased(128, 64, 4, 2, 1), codes ? l.batchNorm(64) : l.conditionalBatchNorm(k, 64), RELU,
                l.convTranspose(64, 1, 4, 2, 1), TANH));
        return Weights.<ConditionalLayer>of("generator", ConditionalSequential.of(all.toArray(Conditional[]::new)));
    }

    /// `x[n,28,28,1]` under a condition → `[n,1]`, or `[n,1+k]` with the class's logits, or Q's outputs, behind D's.
    static Weights<?> discriminator(Layers l, Design design, Labels labels) {
        Norm norm = design.norm();
        int k = labels.count(), last = design.last(128), flat = 7 * 7 * last;
        var all = new ArrayList<Conditional>();
        if (labels.way() == Labels.Way.CONCAT) all.addAll(List.of(l.classChannel(k, 28, 28), norm.of(l, l.conv(2, 64, 4, 2, 1))));
        else all.add(norm.of(l, l.conv(1, 64, 4, 2, 1)));
        all.add(leakyRelu(0.2));
        all.addAll(norm.inner(l, 128, () -> l.conv(64, 128, 4, 2, 1), () -> l.convUnbiased(64, 128, 4, 2, 1)));
        all.add(leakyRelu(0.2));
        all.addAll(design.beforeLast());
        all.add(new Images.Flatten(7, 7, last));
        all.add(switch (labels.way()) {
            case NONE, CONCAT -> norm.of(l, l.dense(flat, 1));
            case PROJECTION -> norm == Norm.SPECTRAL ? new Projection(norm.of(l, l.dense(flat, 1)), norm.of(l, l.embedding(k, flat))) : l.projection(k, flat);
            case ACGAN -> norm.of(l, l.dense(flat, 1 + k));
            case INFOGAN -> Heads.of(norm.of(l, l.dense(flat, 1)), q(l, norm, flat));
        });
        return Weights.<ConditionalLayer>of("discriminator", ConditionalSequential.of(all.toArray(Conditional[]::new)));
    }

    /// Q's own layers; Chen et al. 2016, appendix C.1.
    private static Layer q(Layers l, Norm norm, int flat) {
        List<Layer> q = new ArrayList<>(norm.inner(l, 128, () -> l.dense(flat, 128), () -> l.denseUnbiased(flat, 128)));
        q.addAll(List.of(leakyRelu(0.1), norm.of(l, l.dense(128, Labels.codes()))));
        return Sequential.of(q.toArray(Layer[]::new));
    }
}
