package gannet.nn;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/// An input of the wrong shape is refused by a line that names the layer, both shapes and what would fit.
class ShapeErrorTest {
    private final Kernels kernels = new ReferenceKernels();
    private final Layers layers = Layers.fanIn(kernels, 1);
    private final Layer any = layers.dense(1, 1);

    /// The layer is the network's second, behind one that lets everything pass.
    private void refuses(Layer layer, Shape input, String... words) {
        Layer pass = x -> x;
        Network network = Network.of("net", pass, layer, any);
        for (var apply : List.<Layer>of(network, network::infer)) {
            var e = assertThrows(IllegalArgumentException.class, () -> apply.apply(Tensor.full(kernels, input, 1)));
            assertTrue(e.getMessage().startsWith("net.1: "), e.getMessage());
            assertTrue(e.getMessage().contains(input.toString()), e.getMessage());
            for (String word : words) assertTrue(e.getMessage().contains(word), "'" + e.getMessage() + "' should say: " + word);
        }
    }

    @Test void weighted() {
        refuses(layers.dense(4, 2), Shape.of(3, 5), "dense", "[4,2]", "needed: [n,4]");
        refuses(layers.dense(4, 2), Shape.of(3, 2, 2), "dense", "[4,2]", "needed: [n,4]");
        refuses(layers.conv(3, 8, 4, 2, 1), Shape.of(2, 8, 8, 1), "conv", "[4,4,3,8]", "needed: [n,h,w,3]");
        refuses(layers.conv(3, 8, 4, 2, 1), Shape.of(2, 24), "conv", "[4,4,3,8]", "needed: [n,h,w,3]");
        refuses(layers.conv(3, 8, 4, 2, 0), Shape.of(2, 3, 8, 3), "4×4 kernel", "larger than the padded input");
        refuses(layers.convTranspose(8, 3, 4, 2, 1), Shape.of(2, 4, 4, 3), "transposed conv", "[4,4,3,8]", "needed: [n,h,w,8]");
        refuses(layers.batchNorm(3), Shape.of(2, 4), "batch norm", "gamma [3]", "needed: [n,…,");
        refuses(layers.batchNorm(3), Shape.of(2, 1), "batch norm", "gamma [3]", "needed: [n,…,");
        refuses(layers.layerNorm(3), Shape.of(2, 4, 4, 1), "layer norm", "gamma [3]", "needed: [n,…,3]");
        refuses(layers.instanceNorm(3), Shape.of(2, 3), "instance norm", "needed: [n,h,w,3]");
        refuses(layers.instanceNorm(3), Shape.of(2, 4, 4, 1), "instance norm", "gamma [3]", "needed: [n,h,w,3]");
        refuses(layers.embedding(4, 2), Shape.of(2, 3), "[rows,width]", "[4,2]");
        refuses(layers.spectralNorm(layers.dense(4, 2)), Shape.of(3, 5), "dense", "[4,2]", "needed: [n,4]");
    }

    @Test void withoutWeights() {
        refuses(new Images.Flatten(2, 3, 4), Shape.of(1, 3, 2, 4), "flatten", "needed: [n,2,3,4]");
        refuses(new Images.ToImage(2, 3, 4), Shape.of(1, 23), "to image", "needed: [n,24]");
        refuses(new Images.Upsample(2), Shape.of(1, 23), "upsample", "needed: [n,h,w,c]");
        refuses(new MinibatchStddev(4), Shape.of(4), "minibatch stddev", "needed: [n,f] or [n,h,w,c]");
        refuses(new Maxout(3), Shape.of(2, 4), "maxout", "needed: [n,…,c·3]");
        refuses(new Images.PixelShuffle(2), Shape.of(1, 2, 2, 6), "pixel shuffle", "needed: [n,h,w,c·2²]");
    }

    /// As [#refuses], under a condition.
    private void refuses(ConditionalLayer layer, Shape input, Tensor condition, String... words) {
        Layer pass = x -> x;
        Weights<ConditionalLayer> network = Weights.of("net", ConditionalSequential.of(pass, layer, any));
        Layer given = network.given(condition);
        for (var apply : List.<Layer>of(given, given::infer)) {
            var e = assertThrows(IllegalArgumentException.class, () -> apply.apply(Tensor.full(kernels, input, 1)));
            assertTrue(e.getMessage().startsWith("net.1: "), e.getMessage());
            for (String word : words) assertTrue(e.getMessage().contains(word), "'" + e.getMessage() + "' should say: " + word);
        }
    }

    @Test void conditioned() {
        Tensor classes = Tensor.of(kernels, Shape.of(2), 0, 3);
        Shape flat = Shape.of(2, 5), image = Shape.of(2, 4, 4, 3);
        refuses(layers.conditionalBatchNorm(4, 3), Shape.of(2, 4, 4, 1), classes, "batch norm", "[2,4,4,1]", "needed: [n,…,");
        refuses(layers.conditionalBatchNorm(4, 3), Shape.of(3, 4, 4, 3), classes, "conditional batch norm", "[3,4,4,3] under classes [2]; needed: [3]");
        refuses(layers.projection(4, 6), flat, classes, "dense", "[2,5]", "needed: [n,6]");
        refuses(layers.projection(4, 5), flat, Tensor.full(kernels, Shape.of(2, 1), 0), "projection", "[2,5] under classes [2,1]; needed: [2]");
        refuses(layers.classFeatures(4, 3), image, classes, "class features", "[2,4,4,3]", "needed: [n,f]");
        refuses(layers.classChannel(4, 5, 5), image, classes, "class channel", "[2,4,4,3]", "needed: [n,5,5,c]");
        refuses(new Conditioning.Code(3), flat, Tensor.full(kernels, Shape.of(2, 2), 0), "code", "[2,5] under a condition [2,2]; needed: [2,3]");
        for (ConditionalLayer layer : List.of(layers.projection(4, 5), layers.classFeatures(4, 3), new Conditioning.Code(3), layers.conditionalBatchNorm(4, 5)))
            refuses(layer, flat, null, "needs a condition and was given none");
    }

    @Test void aClassOutOfRangeIsNamed() {
        for (double bad : new double[] {4, -1, 1.5, Double.NaN}) {
            Tensor classes = Tensor.of(kernels, Shape.of(2), 0, bad);
            for (ConditionalLayer layer : List.of(layers.projection(4, 5), layers.classFeatures(4, 3), layers.conditionalBatchNorm(4, 5),
                    new Projection(layers.dense(5, 1), layers.spectralNorm(layers.embedding(4, 5)))))
                refuses(layer, Shape.of(2, 5), classes, "embedding [4,", "indices[1] = " + bad, "classes are 0 to 3");
        }
    }
}
