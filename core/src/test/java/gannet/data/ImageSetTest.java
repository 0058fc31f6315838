package gannet.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.io.FormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageSetTest {
    private static Idx idx(String source, int classes, int... dimensions) throws IOException {
        return Idx.read(source, new ByteArrayInputStream(IdxTest.file(classes, dimensions)));
    }

    private static String refusal(Idx images, Idx labels, List<String> classes) {
        return assertThrows(FormatException.class, () -> ImageSet.of(images, labels, classes)).getMessage();
    }

    @Test void labelsMustMatch() throws IOException {
        Idx images = idx("i", 256, 6, 2, 2);
        assertEquals("l: has 5 labels, expected 6, one for each image of i", refusal(images, idx("l", 3, 5), List.of()));
        assertEquals("l: label 2 of image 2 is out of range, expected 0 to 1", refusal(images, idx("l", 3, 6), List.of("a", "b")));
        assertEquals("l: has dimensions [6, 1], expected one: a label an image", refusal(images, idx("l", 3, 6, 1), List.of()));
        assertEquals("l: has dimensions [6], expected images: [n,h,w], or [n,h,w,c] with 1 or 3 channels", refusal(idx("l", 3, 6),
                idx("l", 3, 6), List.of()));
        assertTrue(refusal(idx("i", 256, 2, 2, 2, 2), idx("l", 3, 2), List.of()).startsWith("i: has dimensions [2, 2, 2, 2], expected images"));
        assertThrows(IllegalArgumentException.class, () -> new ImageSet(2, 1, 1, 1, new byte[2], new int[] {0}, List.of()));
        assertThrows(IllegalArgumentException.class, () -> new ImageSet(2, 1, 1, 1, new byte[2], new int[] {0, -1}, List.of()));
        assertThrows(IllegalArgumentException.class, () -> new ImageSet(2, 1, 1, 1, new byte[3], new int[0], List.of()));
    }

    @Test void pixelsBecomeMinusOneToOne() throws IOException {
        ImageSet images = ImageSet.of(idx("i", 256, 1, 16, 16));
        float[] floats = images.floats();
        var doubles = new double[257];
        var some = new float[257];
        images.read(0, doubles, 1);
        images.read(0, some, 1);
        for (int i = 0; i < 256; i++) {
            assertEquals(i / 127.5 - 1, doubles[1 + i]);
            assertEquals((float) (i / 127.5 - 1), floats[i]);
            assertEquals(floats[i], some[1 + i]);
        }
        assertEquals(-1, doubles[1]);
        assertEquals(1, doubles[256]);
        assertThrows(IndexOutOfBoundsException.class, () -> images.read(1, doubles, 0));
    }

    @Test void partsKeepImagesAndLabelsTogether() throws IOException {
        ImageSet images = ImageSet.of(idx("i", 256, 10, 1, 1, 3), idx("l", 10, 10), List.of());
        assertEquals(3, images.channels());
        ImageSet.Split split = images.split(7);
        assertEquals(7, split.train().count());
        assertEquals(3, split.heldOut().count());
        assertArrayEquals(new byte[] {21, 22, 23, 24, 25, 26, 27, 28, 29}, split.heldOut().pixels());
        assertArrayEquals(new int[] {7, 8, 9}, split.heldOut().labels());
        ImageSet subset = images.subset(4, 0, 4);
        assertArrayEquals(new byte[] {12, 13, 14, 0, 1, 2, 12, 13, 14}, subset.pixels());
        assertArrayEquals(new int[] {4, 0, 4}, subset.labels());
        assertFalse(ImageSet.of(idx("i", 256, 10, 2, 2)).split(5).train().labelled());
        assertThrows(IllegalArgumentException.class, () -> images.split(10));
        assertThrows(IllegalArgumentException.class, () -> images.split(0));
        assertThrows(IndexOutOfBoundsException.class, () -> images.subset(10));
    }

    @Test void floatsComeBackAsTheSameImages() {
        byte[] every = new byte[256];
        for (int i = 0; i < 256; i++) every[i] = (byte) i;
        var images = new ImageSet(4, 8, 8, 1, every, new int[] {0, 1, 1, 0}, List.of("a", "b"));
        assertArrayEquals(every, images.like(images.floats(), images.labels()).pixels());
        ImageSet one = images.like(new float[64], new int[] {1});
        assertEquals(1, one.count());
        assertEquals(List.of("a", "b"), one.classes());
        assertThrows(IllegalArgumentException.class, () -> images.like(new float[65], new int[1]));
    }
}
