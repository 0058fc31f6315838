package gannet.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.data.ImageSet;
import gannet.kernel.Kernels;
import gannet.kernel.ScalarBackEnd;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GanTrainTest {
    private static final ImageSet TRAIN = ClassifierTest.images(384, 1), TEST = ClassifierTest.images(90, 2);

    private final Kernels kernels = new ScalarBackEnd().open(1);

    private int[] read(ImageSet generated, int[] asked) {
        return GanTrain.read(kernels, generated.floats(), asked, TEST, 6, 0);
    }

    private static double right(int[] read) {
        int right = 0;
        for (int i = 0; i < read.length; i++) if (read[i] == TEST.labels()[i]) right++;
        return (double) right / read.length;
    }

    @Test void imagesLikeTheRealOnesTeachAsMuch() {
        double right = right(read(TRAIN, TRAIN.labels()));
        assertTrue(right > 0.9, "read right: " + right);
        assertArrayEquals(Classifier.trained(kernels, TRAIN, 6, 0).read(TEST.floats()).classes(), read(TRAIN, TRAIN.labels()), "real images as floats are the real images");
    }

    @Test void oneImageAClassTeachesLittle() {
        int[] repeated = new int[384];
        for (int i = 0; i < repeated.length; i++) repeated[i] = i % 3;
        ImageSet collapsed = TRAIN.subset(repeated);
        double right = right(read(collapsed, collapsed.labels()));
        assertTrue(right < 0.8, "read right: " + right);
    }

    @Test void otherClassesThanAskedTeachWrong() {
        double right = right(read(TRAIN, Arrays.stream(TRAIN.labels()).map(k -> (k + 1) % 3).toArray()));
        assertTrue(right < 0.1, "read right: " + right);
    }
}
