package gannet.io;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Lays images out as a grid, in rows of `columns`, `gap` pixels apart (after scaling), each pixel drawn as a square of `scale` by `scale`:
/// 28×28 is small on a screen.
///
/// Images are floats `[n,h,w,c]`, c = 1 (grey) or 3 (red, green, blue), with −1 black and 1 white: byte `round(127.5 · (x + 1))`, values
/// outside clamped. **NaN and the infinities are drawn in magenta**, so that a diverged network is seen and not taken for black.
public record ImageGrid(int columns, int gap, int scale) {
    /// Eight columns, two pixels apart, doubled.
    public static final ImageGrid DEFAULT = new ImageGrid(8, 2, 2);

    /// A dark grey that is no image's background.
    private static final int GAP_LEVEL = 64;
    private static final int[] NOT_FINITE = {255, 0, 255};

    public ImageGrid {
        if (columns < 1 || gap < 0 || scale < 1)
            throw new IllegalArgumentException("image grid of " + columns + " columns, gap " + gap + ", scale " + scale
                    + ": expected at least 1, 0 and 1");
    }

    /// The grid of `images[n,h,w,c]`: grey if c = 1 and all values are finite, else in colour.
    public BufferedImage draw(int n, int h, int w, int c, float[] images) {
        if (n < 1 || h < 1 || w < 1 || c != 1 && c != 3 || (long) n * h * w * c != images.length)
            throw new IllegalArgumentException("images [" + n + "," + h + "," + w + "," + c + "] from " + images.length
                    + " values: expected at least one image of 1 or 3 channels, and as many values as that makes");
        int across = Math.min(columns, n), down = (n + columns - 1) / columns;
        int width = pixels(across, w), height = pixels(down, h);
        boolean colour = c == 3 || !finite(images);
        var grid = new BufferedImage(width, height, colour ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_BYTE_GRAY);
        WritableRaster raster = grid.getRaster();
        int bands = raster.getNumBands();
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int band = 0; band < bands; band++) raster.setSample(x, y, band, GAP_LEVEL);
        for (int i = 0; i < n; i++) drawImage(raster, i, h, w, c, images);
        return grid;
    }

    private int pixels(int cells, int size) {
        return Math.toIntExact((long) cells * size * scale + (cells - 1L) * gap);
    }

    private static boolean finite(float[] values) {
        for (float value : values) if (!Float.isFinite(value)) return false;
        return true;
    }

    /// Image i of `images[n,h,w,c]`, to its cell.
    private void drawImage(WritableRaster raster, int i, int h, int w, int c, float[] images) {
        int left = i % columns * (w * scale + gap), top = i / columns * (h * scale + gap);
        for (int y = 0; y < h * scale; y++) {
            for (int x = 0; x < w * scale; x++) {
                int at = ((i * h + y / scale) * w + x / scale) * c;
                boolean finite = true;
                for (int channel = 0; channel < c; channel++) finite &= Float.isFinite(images[at + channel]);
                for (int band = 0; band < raster.getNumBands(); band++)
                    raster.setSample(left + x, top + y, band, finite ? level(images[at + Math.min(band, c - 1)]) : NOT_FINITE[band]);
            }
        }
    }

    private static int level(float value) {
        return Math.round(127.5f * (Math.clamp(value, -1, 1) + 1));
    }

    /// Writes [#draw] to `file` as PNG.
    public void write(Path file, int n, int h, int w, int c, float[] images) throws IOException {
        BufferedImage grid = draw(n, h, w, c, images);
        // To memory first: ImageIO's own stream would keep a second temporary file, and it hides why a write failed.
        var png = new ByteArrayOutputStream();
        try (var stream = new MemoryCacheImageOutputStream(png)) {
            if (!ImageIO.write(grid, "png", stream))
                throw new IOException("cannot write " + file + ": this Java has no PNG writer: install the java.desktop module");
        }
        AtomicFile.write(file, png.toByteArray());
    }
}
