package gannet.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.data.ImageSet;
import gannet.kernel.Kernels;
import gannet.kernel.ScalarBackEnd;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClassifierTest {
    private final Kernels kernels = new ScalarBackEnd().open(1);

    /// Images of 8×8 in three classes: a bright column, a bright row, or neither, on noise.
    static ImageSet images(int count, int seed) {
        var random = new Random(seed);
        byte[] pixels = new byte[count * 64];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % 3;
            int at = random.nextInt(8);
            for (int p = 0; p < 64; p++) {
                boolean bright = labels[i] == 0 && p % 8 == at || labels[i] == 1 && p / 8 == at;
                pixels[i * 64 + p] = (byte) (bright ? 200 + random.nextInt(56) : random.nextInt(60));
            }
        }
        return new ImageSet(count, 8, 8, 1, pixels, labels, List.of("column", "row", "noise"));
    }

    @Test void learnsToReadWhatItHasNotSeen() {
        ImageSet train = images(384, 1), test = images(90, 2);
        var classifier = Classifier.trained(kernels, train, 6, 0);
        var reading = classifier.read(test.floats());
        assertTrue(reading.accuracy(test.labels()) > 0.9, "accuracy " + reading.accuracy(test.labels()));
        assertEquals(90 * Classifier.FEATURES, reading.features().length);
        assertTrue(new Classifier(kernels, 8, 8, 1, 3, 0).read(test.floats()).accuracy(test.labels()) < 0.7, "untrained it can't");
        assertArrayEquals(reading.features(), Classifier.trained(kernels, train, 6, 0).read(test.floats()).features(), "the same seed, the same bits");
    }

    @Test void anImageIsReadAloneAsInAChunk() {
        ImageSet test = images(270, 4);
        var classifier = new Classifier(kernels, 8, 8, 1, 3, 0);
        var all = classifier.read(test.floats());
        var last = classifier.read(test.range(269, 270).floats());
        assertEquals(all.classes()[269], last.classes()[0]);
        for (int k = 0; k < Classifier.FEATURES; k++) assertEquals(all.features()[269 * Classifier.FEATURES + k], last.features()[k], 1e-5f);
    }

    @Test void refusesWhatItCannotRead() {
        ImageSet bare = new ImageSet(1, 8, 8, 1, new byte[64], new int[0], List.of());
        assertThrows(IllegalArgumentException.class, () -> Classifier.trained(kernels, bare, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Classifier(kernels, 6, 8, 1, 3, 0));
        assertThrows(IllegalArgumentException.class, () -> new Classifier(kernels, 8, 8, 1, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Classifier(kernels, 8, 8, 1, 3, 0).read(new float[65]));
    }
}
