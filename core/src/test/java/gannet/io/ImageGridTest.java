package gannet.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageGridTest {
    private static final int GAP = 64;
    @TempDir Path folder;

    private BufferedImage written(ImageGrid grid, int n, int h, int w, int c, float... images) throws IOException {
        Path file = folder.resolve("x.png");
        grid.write(file, n, h, w, c, images);
        return ImageIO.read(file.toFile());
    }

    @Test void everyGreyLevelComesBack() throws IOException {
        var images = new float[256];
        for (int i = 0; i < 256; i++) images[i] = i / 127.5f - 1;
        BufferedImage png = written(new ImageGrid(1, 0, 1), 1, 16, 16, 1, images);
        assertEquals(1, png.getRaster().getNumBands(), "a grey PNG");
        for (int i = 0; i < 256; i++) assertEquals(i, png.getRaster().getSample(i % 16, i / 16, 0), "level " + i);
    }

    @Test void gapsScaleAndOrder() throws IOException {
        // Three images of 1×2, two columns, a gap of 1, scale 2: 9 across and 5 down.
        BufferedImage png = written(new ImageGrid(2, 1, 2), 3, 1, 2, 1, -1, 1, 0, -0.5f, 1, 1);
        assertEquals(9, png.getWidth());
        assertEquals(5, png.getHeight());
        int[][] expected = {
            {0, 0, 255, 255, GAP, 128, 128, 64, 64},
            {0, 0, 255, 255, GAP, 128, 128, 64, 64},
            {GAP, GAP, GAP, GAP, GAP, GAP, GAP, GAP, GAP},
            {255, 255, 255, 255, GAP, GAP, GAP, GAP, GAP},
            {255, 255, 255, 255, GAP, GAP, GAP, GAP, GAP},
        };
        for (int y = 0; y < 5; y++) for (int x = 0; x < 9; x++) assertEquals(expected[y][x], png.getRaster().getSample(x, y, 0), x + "," + y);
    }

    @Test void coloursAndClamping() throws IOException {
        BufferedImage png = written(new ImageGrid(1, 0, 1), 1, 1, 2, 3, -7, 0, 7, 1, -1, 0.2f);
        assertEquals(0xFF0080FF, png.getRGB(0, 0));
        assertEquals(0xFFFF0099, png.getRGB(1, 0));
    }

    @Test void whatIsNotFiniteIsMagenta() throws IOException {
        BufferedImage png = written(new ImageGrid(1, 0, 1), 1, 1, 4, 1, Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, 0);
        for (int x = 0; x < 3; x++) assertEquals(0xFFFF00FF, png.getRGB(x, 0));
        assertEquals(0xFF808080, png.getRGB(3, 0));
    }

    @Test void badSizesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> ImageGrid.DEFAULT.draw(1, 2, 2, 2, new float[8]));
        assertThrows(IllegalArgumentException.class, () -> ImageGrid.DEFAULT.draw(1, 2, 2, 1, new float[5]));
        assertThrows(IllegalArgumentException.class, () -> new ImageGrid(0, 0, 1));
    }
}
