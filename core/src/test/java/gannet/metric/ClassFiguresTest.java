package gannet.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.data.ImageSet;
import gannet.kernel.ScalarBackEnd;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClassFiguresTest {
    private static final ImageSet TRAIN = ClassifierTest.images(384, 1), TEST = ClassifierTest.images(90, 2);
    private static Classifier classifier;

    @BeforeAll static void train() {
        classifier = Classifier.trained(new ScalarBackEnd().open(1), TRAIN, 6, 0);
    }

    private static ClassFigures of(ImageSet images) {
        return ClassFigures.of(judged(images, images.labels()), judged(TEST, TEST.labels()));
    }

    private static JudgedImages judged(ImageSet images, int[] asked) {
        return JudgedImages.of(classifier, images.floats(), asked, TRAIN);
    }

    @Test void freshImagesOfTheSameKindAreAsGoodAsReal() {
        ClassFigures fresh = of(ClassifierTest.images(90, 3));
        assertTrue(fresh.accuracy() > 0.9, fresh.toString());
        for (int k = 0; k < 3; k++) {
            assertEquals(1, fresh.variety()[k], 0.2, "variety of class " + k);
            assertEquals(1, fresh.novelty()[k], 0.2, "novelty of class " + k);
        }
        assertEquals(0, of(TEST).distance(), 1e-6);
    }

    @Test void oneImageAClassHasNoVariety() {
        ClassFigures one = of(TRAIN.subset(0, 1, 2, 0, 1, 2, 0, 1, 2));
        for (int k = 0; k < 3; k++) {
            assertEquals(0, one.variety()[k], 1e-6);
            assertEquals(0, one.novelty()[k], 1e-6);
        }
        assertTrue(one.distance() > of(ClassifierTest.images(90, 3)).distance());
    }

    @Test void copiesHaveVarietyButNoNovelty() {
        ClassFigures copies = of(TRAIN.range(0, 90));
        for (int k = 0; k < 3; k++) {
            assertTrue(copies.variety()[k] > 0.8);
            assertEquals(0, copies.novelty()[k], 1e-6);
        }
    }

    @Test void otherClassesThanAskedAreNotAsAsked() {
        ImageSet images = ClassifierTest.images(90, 3);
        int[] others = Arrays.stream(images.labels()).map(k -> (k + 1) % 3).toArray();
        assertTrue(judged(images, others).accuracy() < 0.1);
        assertThrows(IllegalArgumentException.class, () -> ClassFigures.of(judged(images, new int[90]), judged(TEST, TEST.labels())), "none of classes 1 and 2");
        assertThrows(IllegalArgumentException.class, () -> new JudgedImages(new int[2], new int[2], new float[256], new double[1]));
    }
}
