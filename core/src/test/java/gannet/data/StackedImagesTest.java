package gannet.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class StackedImagesTest {
    private final Kernels kernels = new ReferenceKernels();
    /// Image i is `[i, i]`.
    private final ImageSet images = new ImageSet(4, 2, 1, 1, new byte[] {0, 0, 1, 1, 2, 2, 3, 3}, new int[0], List.of());

    @Test void channelsAreImagesDrawnApart() {
        int n = 4000;
        Tensor x = new StackedImages(kernels, images, 5).next(n).x();
        assertEquals(Shape.of(n, 2, 1, 3), x.shape());
        double[] values = x.toArray();
        int[] triples = new int[64];
        for (int i = 0; i < n; i++) {
            int triple = 0;
            for (int c = 0; c < 3; c++) {
                assertEquals(values[i * 6 + c], values[i * 6 + 3 + c], "both pixels of a channel are one image's");
                triple = 4 * triple + (int) Math.round((values[i * 6 + c] + 1) * 127.5);
            }
            triples[triple]++;
        }
        for (int t = 0; t < 64; t++) assertTrue(triples[t] > 30 && triples[t] < 100, "triple " + t + " came " + triples[t] + " times of 62.5");
    }

    @Test void goesOnWhereItsStateSays() {
        var source = new StackedImages(kernels, images, 5);
        source.next(3);
        double[] drawn = new double[1];
        source.states().getFirst().read(drawn);
        assertEquals(3, drawn[0]);
        var other = new StackedImages(kernels, images, 5);
        other.states().getFirst().write(drawn);
        assertArrayEquals(source.next(2).x().toArray(), other.next(2).x().toArray());
        assertThrows(IllegalArgumentException.class, () -> other.states().getFirst().write(new double[] {-1}));
    }

    @Test void needsGreyImages() {
        var colour = new ImageSet(1, 1, 1, 3, new byte[3], new int[0], List.of());
        assertThrows(IllegalArgumentException.class, () -> new StackedImages(kernels, colour, 0));
    }
}
