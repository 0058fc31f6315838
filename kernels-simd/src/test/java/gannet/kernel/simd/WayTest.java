package gannet.kernel.simd;

import static gannet.kernel.simd.Way.FEW_CHANNELS;
import static gannet.kernel.simd.Way.OVERLAP_ADD;
import static gannet.kernel.simd.Way.PLANAR;
import static gannet.kernel.simd.Way.PRODUCT;
import static gannet.kernel.simd.Way.TILES;
import static gannet.kernel.simd.Way.WINOGRAD;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gannet.kernel.ConvShape;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which shapes go which way on vectors of 512 bits (panels of 32 channels); that each way is right is the conformance suite's.
class WayTest {
    private static ConvShape shape(int n, int size, int c, int k, int o, int stride, int padding) {
        int out = (size + 2 * padding - k) / stride + 1;
        return new ConvShape(n, size, size, c, k, k, o, out, out, stride, stride, 1, 1, padding, padding);
    }

    private static void ways(Way forward, Way input, Way weight, ConvShape s) {
        assertEquals(forward, Way.conv(s), () -> "conv " + s);
        assertEquals(input, Way.convInput(s), () -> "convInput " + s);
        assertEquals(weight, Way.convWeight(s), () -> "convWeight " + s);
    }

    private static void ways(Way all, ConvShape s) {
        ways(all, all, all, s);
    }

    @BeforeEach void needsWideVectors() {
        Assumptions.assumeTrue(MicroKernel.COLUMNS == 32, "the shapes are chosen for vectors of 512 bits, here are " + Width.SPECIES.vectorBitSize());
    }

    @Test void layersOfGans() {
        ways(WINOGRAD, shape(64, 14, 64, 4, 128, 2, 1));
        ways(WINOGRAD, shape(64, 32, 64, 4, 128, 2, 1));
        ways(WINOGRAD, shape(64, 16, 128, 4, 256, 2, 1));
        ways(WINOGRAD, shape(64, 8, 256, 4, 512, 2, 1));
        ways(WINOGRAD, shape(64, 32, 64, 3, 64, 1, 1));
        ways(FEW_CHANNELS, shape(64, 28, 1, 4, 64, 2, 1));
        ways(FEW_CHANNELS, shape(64, 64, 3, 4, 64, 2, 1));
        ways(PRODUCT, shape(64, 4, 512, 4, 100, 1, 0));
        ways(PLANAR, shape(64, 28, 3, 3, 2, 2, 1));
        ways(PLANAR, shape(64, 28, 8, 3, 3, 1, 1));
    }

    @Test void whatWinogradCannotDo() {
        ways(TILES, shape(64, 32, 64, 5, 64, 1, 2));
        ways(TILES, shape(64, 32, 64, 3, 64, 2, 1));
        ways(PRODUCT, shape(64, 32, 64, 1, 64, 1, 0));
        ways(TILES, new ConvShape(64, 32, 32, 64, 3, 3, 64, 32, 32, 1, 1, 2, 2, 2, 2)); // dilated
        ways(TILES, OVERLAP_ADD, TILES, new ConvShape(64, 32, 32, 64, 4, 4, 64, 14, 14, 2, 2, 1, 1, 0, 0)); // last rows unread
        ways(TILES, new ConvShape(64, 32, 32, 64, 3, 3, 64, 35, 35, 1, 1, 1, 1, 3, 3)); // windows of padding only
        assertEquals(TILES, Way.convWeight(new ConvShape(64, 1, 16, 64, 3, 3, 64, 2, 16, 1, 1, 1, 1, 1, 1))); // the kernel's first row reads padding only
    }

    @Test void shortSumsAndFewTilesAreNotWinograds() {
        ways(WINOGRAD, TILES, WINOGRAD, shape(64, 16, 32, 4, 32, 2, 1)); // dy has 32 channels, x 32 in each of four phases
        ways(TILES, shape(1, 8, 64, 4, 64, 2, 1)); // transforming the weights takes longer than using them
    }

    @Test void smallImagesAreAddedUp() {
        assertEquals(OVERLAP_ADD, Way.convInput(new ConvShape(64, 3, 3, 512, 3, 3, 48, 1, 1, 1, 1, 1, 1, 1, 1)));
    }
}
