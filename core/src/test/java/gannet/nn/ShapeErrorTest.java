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
    }

    @Test void withoutWeights() {
        refuses(new Images.Flatten(2, 3, 4), Shape.of(1, 3, 2, 4), "flatten", "needed: [n,2,3,4]");
        refuses(new Images.ToImage(2, 3, 4), Shape.of(1, 23), "to image", "needed: [n,24]");
        refuses(new Images.Upsample(2), Shape.of(1, 23), "upsample", "needed: [n,h,w,c]");
        refuses(new Images.PixelShuffle(2), Shape.of(1, 2, 2, 6), "pixel shuffle", "needed: [n,h,w,c·2²]");
    }
}
