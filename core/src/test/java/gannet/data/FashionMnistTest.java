package gannet.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.io.FormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMnistTest {
    @TempDir Path folder;

    private void put(String name, int classes, int... dimensions) throws IOException {
        byte[] bytes = IdxTest.file(classes, dimensions);
        Files.write(folder.resolve(name), name.endsWith(".gz") ? IdxTest.zipped(bytes) : bytes);
    }

    private String refusal() {
        return assertThrows(FormatException.class, () -> FashionMnist.load(folder)).getMessage();
    }

    @Test void trainImagesAreTrainedOnAndT10kHeldOut() throws IOException {
        put("train-images-idx3-ubyte.gz", 256, 30, 4, 4);
        put("train-labels.idx1-ubyte", 10, 30);
        put("t10k-images.idx3-ubyte.gz", 256, 20, 4, 4);
        put("t10k-labels-idx1-ubyte", 10, 20);
        ImageSet.Split split = FashionMnist.load(folder);
        assertEquals(30, split.train().count());
        assertEquals(20, split.heldOut().count());
        assertEquals("Ankle boot", split.train().classes().get(split.train().labels()[19]));
    }

    @Test void mnistsOwnLabelsAreDigits() throws IOException {
        put("train-images-idx3-ubyte", 256, 12, 4, 4);
        byte[] labels = IdxTest.file(10, 12), start = {5, 0, 4, 1, 9, 2, 1, 3, 1, 4};
        System.arraycopy(start, 0, labels, labels.length - 12, start.length);
        Files.write(folder.resolve("train-labels-idx1-ubyte"), labels);
        ImageSet train = FashionMnist.load(folder).train();
        assertEquals(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"), train.classes());
        labels[labels.length - 12] = 9;
        Files.write(folder.resolve("train-labels-idx1-ubyte"), labels);
        assertEquals(FashionMnist.CLASSES, FashionMnist.load(folder).train().classes());
    }

    @Test void oneFileIsSplit() throws IOException {
        put("t10k-images-idx3-ubyte", 256, 50, 4, 4);
        ImageSet.Split split = FashionMnist.load(folder);
        assertEquals(45, split.train().count());
        assertEquals(5, split.heldOut().count());
        assertFalse(split.train().labelled());
    }

    @Test void whatIsMissingOrDoesNotMatchIsSaid() throws IOException {
        String missing = refusal();
        assertTrue(missing.contains("train-images-idx3-ubyte") && missing.contains("t10k-images-idx3-ubyte") && missing.contains("apt-get install"), missing);
        put("train-images-idx3-ubyte", 256, 30, 4, 4);
        put("t10k-images-idx3-ubyte", 256, 20, 4, 5);
        assertEquals(folder + ": train images are 4×4×1, t10k images 4×5×1: expected one size", refusal());
        put("t10k-images-idx3-ubyte", 256, 20, 4, 4);
        put("t10k-labels-idx1-ubyte", 10, 20);
        assertTrue(refusal().contains("has labels for the t10k images only"));
        put("train-labels-idx1-ubyte", 11, 30);
        assertTrue(refusal().endsWith("label 10 of image 10 is out of range, expected 0 to 9"));
        Path none = folder.resolve("none");
        assertTrue(assertThrows(FormatException.class, () -> FashionMnist.load(none)).getMessage().startsWith(none
                + ": no such folder; get the files"));
    }

    @Test void streamsAreReadAndNamed() throws IOException {
        ImageSet images = FashionMnist.read("embedded", new ByteArrayInputStream(IdxTest.zipped(IdxTest.file(256, 12, 4, 4))),
                new ByteArrayInputStream(IdxTest.file(10, 12)));
        assertEquals(12, images.count());
        assertTrue(images.labelled());
        assertTrue(assertThrows(FormatException.class, () -> FashionMnist.read("embedded", new ByteArrayInputStream(new byte[0]),
                new ByteArrayInputStream(new byte[0])))
                .getMessage().startsWith("embedded images: "));
    }
}
