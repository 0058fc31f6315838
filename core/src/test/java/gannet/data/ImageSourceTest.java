package gannet.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gannet.gan.Batch;
import gannet.kernel.BackEnds;
import gannet.kernel.Kernels;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageSourceTest {
    private final Kernels kernels = BackEnds.open("reference", 1).kernels();
    private final ImageSet images = new ImageSet(5, 2, 1, 1, new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, new int[0], List.of());

    @Test void givesBatchesOfImages() {
        var source = ImageSource.of(kernels, images, 2, 7);
        var expected = new double[4];
        new Batches(images, 2, 7).next(expected);
        Tensor x = source.next(2).x();
        assertEquals(Shape.of(2, 2, 1, 1), x.shape());
        assertArrayEquals(expected, x.toArray());
        assertThrows(IllegalArgumentException.class, () -> source.next(3));
    }

    @Test void goesOnWhereItsStateSays() {
        var source = ImageSource.of(kernels, images, 2, 7);
        for (int i = 0; i < 3; i++) source.next(2); // into the second epoch
        var position = new double[2];
        source.states().getFirst().read(position);
        assertArrayEquals(new double[] {1, 2}, position);
        var other = ImageSource.of(kernels, images, 2, 7);
        other.states().getFirst().write(position);
        for (int i = 0; i < 4; i++) assertArrayEquals(source.next(2).x().toArray(), other.next(2).x().toArray(), "batch " + i);
    }

    /// Fetching ahead changes neither the batches nor where a checkpoint says that they stand.
    @Test void batchesFetchedAheadAreTheSame() {
        var labelled = new ImageSet(5, 2, 1, 1, new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, new int[] {0, 1, 0, 1, 0}, List.of("a", "b"));
        Kernels asynchronous = (Kernels) Proxy.newProxyInstance(Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (_, method, arguments) ->
                method.getName().equals("asynchronous") ? Boolean.TRUE : method.invoke(kernels, arguments));
        ImageSource plain = ImageSource.labelled(kernels, labelled, 2, 7), ahead = ImageSource.labelled(asynchronous, labelled, 2, 7);
        for (int i = 0; i < 7; i++) {
            Batch expected = plain.next(2), got = ahead.next(2);
            assertArrayEquals(expected.x().toArray(), got.x().toArray(), "batch " + i);
            assertArrayEquals(expected.condition().toArray(), got.condition().toArray(), "labels of batch " + i);
            if (i % 3 != 1) ahead.ahead(2);
            double[] position = new double[2], positionAhead = new double[2];
            plain.states().getFirst().read(position);
            ahead.states().getFirst().read(positionAhead);
            assertArrayEquals(position, positionAhead, "after batch " + i);
            if (i == 4) ahead.states().getFirst().write(positionAhead); // resumed, with a batch fetched that is forgotten
        }
    }
}
