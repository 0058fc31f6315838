package gannet.benchmarks;

import gannet.kernel.ConvShape;
import java.util.Arrays;

/// Convolution layers in the names that the benchmarks give them.
final class Layer {
    private Layer() {}

    /// `64x14x14-128_k4s2p1`: channels in, image height and width, channels out, square kernel, stride, padding.
    static ConvShape shape(int batch, String layer) {
        int[] size = numbers(layer);
        int in = size[0], h = size[1], w = size[2], out = size[3], k = size[4], stride = size[5], padding = size[6];
        int oh = (h + 2 * padding - k) / stride + 1, ow = (w + 2 * padding - k) / stride + 1;
        return new ConvShape(batch, h, w, in, k, k, out, oh, ow, stride, stride, 1, 1, padding, padding);
    }

    /// Two operations for each of the direct form's multiply-adds: `2·n·oh·ow·kh·kw·c·o`.
    static double flop(ConvShape s) {
        return 2.0 * s.outputLength() * s.kh() * s.kw() * s.c();
    }

    /// The whole numbers in a name, in order.
    static int[] numbers(String name) {
        return Arrays.stream(name.split("[^0-9]+")).filter(each -> !each.isEmpty()).mapToInt(Integer::parseInt).toArray();
    }
}
