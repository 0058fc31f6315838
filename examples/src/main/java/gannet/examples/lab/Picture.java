package gannet.examples.lab;

import gannet.io.AtomicFile;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Panels in rows of `columns`, each `width` by `height` pixels, with one legend under all of them, as PNG.
record Picture(int columns, int width, int height, List<Panel> panels) {
    /// Okabe & Ito 2008, which colour-blind people can tell apart too, without its yellow, too pale for lines.
    private static final Color[] COLOURS = {new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73), new Color(0xCC79A7), new Color(0xE69F00),
        new Color(0x56B4E9), new Color(0x333333), new Color(0x8C564B), new Color(0x7B3FBF)};
    private static final Color UNNAMED = new Color(0x8A8A8A), INK = new Color(0x222222);
    private static final int MARGIN = 12, SCALE = 2, LEGEND_ROW = 26;

    Picture {
        panels = List.copyOf(panels);
        if (columns < 1 || panels.isEmpty()) throw new IllegalArgumentException("a picture of " + panels.size() + " panels in rows of " + columns);
    }

    /// Panels side by side, of a size that reads well.
    static Picture of(Panel... panels) {
        return of(panels.length, List.of(panels));
    }

    /// Panels in rows of `columns`: a single one is wide.
    static Picture of(int columns, List<Panel> panels) {
        return new Picture(columns, panels.size() == 1 ? 900 : columns <= 2 ? 620 : 440, panels.size() == 1 ? 560 : columns <= 2 ? 460 : 440, panels);
    }

    /// Panels of squares, for samples in the plane.
    static Picture squares(int columns, List<Panel> panels) {
        return new Picture(columns, 360, 380, panels);
    }

    /// Draws it to `file`.
    void write(Path file) throws IOException {
        // To memory first: ImageIO's own stream would keep a second temporary file, and it hides why a write failed.
        var png = new ByteArrayOutputStream();
        try (var stream = new MemoryCacheImageOutputStream(png)) {
            if (!ImageIO.write(draw(), "png", stream))
                throw new IOException("cannot write " + file + ": this Java has no PNG writer: install the java.desktop module");
        }
        AtomicFile.write(file, png.toByteArray());
    }

    /// Draws it.
    BufferedImage draw() {
        int across = Math.min(columns, panels.size()), down = (panels.size() + columns - 1) / columns;
        int whole = across * width + 2 * MARGIN;
        List<List<String>> legend = legend(whole);
        var image = new BufferedImage(whole, down * height + 2 * MARGIN + legend.size() * LEGEND_ROW, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        try {
            g.setColor(Color.WHITE);
            g.fillRect(0, 0, image.getWidth(), image.getHeight());
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            for (int i = 0; i < panels.size(); i++)
                new PanelDrawing(g, panels.get(i), this, MARGIN + i % columns * width, MARGIN + i / columns * height).draw();
            for (int row = 0; row < legend.size(); row++) drawLegend(g, legend.get(row), MARGIN + down * height + row * LEGEND_ROW, whole);
        } finally {
            g.dispose();
        }
        return image;
    }

    /// The names of all marks, in the order in which they first come.
    private List<String> names() {
        var names = new ArrayList<String>();
        for (Panel panel : panels)
            for (Mark mark : panel.marks())
                if (!(mark instanceof Mark.Surface) && !mark.name().isEmpty() && !names.contains(mark.name())) names.add(mark.name());
        return names;
    }

    /// The colour of all marks of a name.
    Color colour(String name) {
        int at = names().indexOf(name);
        return at < 0 ? UNNAMED : COLOURS[at % COLOURS.length];
    }

    /// The legend's names, in rows that fit.
    private List<List<String>> legend(int room) {
        var rows = new ArrayList<List<String>>();
        int used = room;
        for (String name : names()) {
            if (used + entry(name) > room) {
                rows.add(new ArrayList<>());
                used = 2 * MARGIN;
            }
            rows.getLast().add(name);
            used += entry(name);
        }
        return rows;
    }

    private static int entry(String name) {
        return 44 + PixelFont.width(name, SCALE) + 18;
    }

    private void drawLegend(Graphics2D g, List<String> names, int top, int room) {
        int used = 0;
        for (String name : names) used += entry(name);
        int x = (room - used) / 2;
        for (String name : names) {
            g.setColor(colour(name));
            g.fillRect(x + 4, top + 8, 32, 5);
            g.setColor(INK);
            PixelFont.draw(g, name, x + 44, top + 3, SCALE);
            x += entry(name);
        }
    }
}
