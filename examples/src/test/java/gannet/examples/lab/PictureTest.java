package gannet.examples.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.examples.lab.Panel.Axis;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureTest {
    private static final double[] X = {1, 2, 3, 4}, Y = {1e-3, 1, Double.NaN, 1e5};

    @TempDir Path folder;

    private static Set<Integer> colours(BufferedImage image) {
        var colours = new HashSet<Integer>();
        for (int y = 0; y < image.getHeight(); y++) for (int x = 0; x < image.getWidth(); x++) colours.add(image.getRGB(x, y) & 0xFFFFFF);
        return colours;
    }

    /// Every kind of mark, on linear and logarithmic axes, with numbers that have no place there.
    @Test void drawsEveryMark() {
        double[] some = {0, -1, Double.POSITIVE_INFINITY, 2};
        List<Mark> marks = List.of(new Mark.Line("line", X, Y), new Mark.Spread("spread", X, new double[][] {Y, some}), new Mark.Points("points", X, some),
                new Mark.Rings("rings", X, Y), new Mark.Bars("bars", new double[] {0, 1, 2, 3, 4}, Y), new Mark.Surface("", 2, 2, Y, 0, 1, 0, 1, 0, 1));
        for (Mark mark : marks)
            for (Axis y : List.of(Axis.of("y"), Axis.log("y"), Axis.of("").from(-1, 1))) {
                var picture = new Picture(1, 200, 200, List.of(Panel.of("title", Axis.of("x"), y).with(mark)));
                assertTrue(mark.name().isEmpty() || colours(picture.draw()).contains(picture.colour(mark.name()).getRGB() & 0xFFFFFF), mark.name() + " is seen");
            }
    }

    @Test void writesPng() throws IOException {
        Picture picture = Picture.squares(2, List.of(Panel.plane("a", 1), Panel.plane("b", 1), Panel.plane("c", 1)));
        picture.write(folder.resolve("picture.png"));
        BufferedImage drawn = picture.draw(), read = ImageIO.read(folder.resolve("picture.png").toFile());
        assertEquals(drawn.getWidth() + " " + drawn.getHeight(), read.getWidth() + " " + read.getHeight());
        assertEquals(colours(drawn), colours(read));
    }

    @Test void nothingToDraw() {
        assertTrue(colours(Picture.of(Panel.of("", Axis.of("x"), Axis.log("y"))).draw()).size() > 1);
        assertTrue(colours(Picture.of(Panel.of("", Axis.of("x"), Axis.of("y")).with(new Mark.Line("flat", X, new double[4]))).draw()).size() > 1);
    }

    /// Names have one colour in all panels, and different ones.
    @Test void coloursGoByName() {
        Panel a = Panel.plane("a", 1).with(new Mark.Points("real", X, Y));
        Panel b = Panel.plane("b", 1).with(new Mark.Points("fake", X, Y)).with(new Mark.Rings("", X, Y));
        Picture picture = Picture.of(a, b);
        assertNotEquals(picture.colour("real"), picture.colour("fake"));
        assertEquals(picture.colour(""), picture.colour("not there"));
    }

    @Test void fontHasWhatIsWritten() {
        for (char c = ' '; c <= '~'; c++) assertTrue(PixelFont.has(c), "'" + c + "'");
        for (char c : "θψγσλεμ·−×±≤≥²→…∇∂‖∞½√κδαβρ–’".toCharArray()) assertTrue(PixelFont.has(c), "'" + c + "'");
        assertEquals(2 * 11, PixelFont.width("ab", 2));
    }

    @Test void median() {
        var spread = new Mark.Spread("", new double[] {0}, new double[][] {{4}, {1}, {Double.NaN}, {2}, {3}});
        assertArrayEquals(new double[] {1, 2.5, 4}, spread.at(0));
    }

    @Test void ticks() {
        Ticks linear = Ticks.of(Axis.of("").from(-1.2, 1.2), List.of(), true);
        assertEquals(List.of(-1.0, -0.5, 0.0, 0.5, 1.0), linear.values());
        assertEquals("-0.5", linear.text(-0.5));
        Ticks log = Ticks.of(Axis.log(""), List.of(new Mark.Line("", X, Y)), false);
        assertEquals(0.5, log.place(Math.sqrt(log.low() * log.high())), 1e-12);
        assertTrue(log.values().contains(1.0) && !log.has(0) && log.values().size() >= 4, log.toString());
    }
}
