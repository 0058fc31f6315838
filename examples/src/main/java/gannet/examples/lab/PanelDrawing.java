package gannet.examples.lab;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/// Draws one panel of a picture: frame, ticks, marks, labels.
final class PanelDrawing {
    private static final Color INK = new Color(0x222222), GRID = new Color(0xE4E4E4);
    private static final int LEFT = 104, RIGHT = 16, TOP = 34, BOTTOM = 58, SCALE = 2, TICK = 6;

    private final Graphics2D g;
    private final Panel panel;
    private final Picture picture;
    private final int left, top, width, height;
    private final Ticks x, y;

    /// The panel's top left corner is at (x, y).
    PanelDrawing(Graphics2D g, Panel panel, Picture picture, int x, int y) {
        this.g = g;
        this.panel = panel;
        this.picture = picture;
        boolean bare = panel.y().label().isEmpty();
        left = x + LEFT - (bare ? 42 : 0);
        top = y + TOP;
        width = picture.width() - LEFT + (bare ? 42 : 0) - RIGHT;
        height = picture.height() - TOP - BOTTOM + (panel.x().label().isEmpty() ? 22 : 0);
        this.x = Ticks.of(panel.x(), panel.marks(), true);
        this.y = Ticks.of(panel.y(), panel.marks(), false);
    }

    void draw() {
        grid();
        Shape before = g.getClip();
        g.clip(new Rectangle2D.Double(left, top, width, height));
        for (Mark mark : panel.marks()) draw(mark, picture.colour(mark.name()));
        g.setClip(before);
        g.setColor(INK);
        g.setStroke(new BasicStroke(1.5f));
        g.draw(new Rectangle2D.Double(left, top, width, height));
        labels();
    }

    private double atX(double value) {
        return left + width * x.place(value);
    }

    private double atY(double value) {
        return top + height * (1 - y.place(value));
    }

    private void grid() {
        g.setStroke(new BasicStroke(1));
        g.setColor(GRID);
        for (double tick : x.values()) g.draw(new Rectangle2D.Double(atX(tick), top, 0, height));
        for (double tick : y.values()) g.draw(new Rectangle2D.Double(left, atY(tick), width, 0));
    }

    private void labels() {
        int baseline = top + height + TICK + 4, letter = PixelFont.HEIGHT * SCALE;
        for (double tick : x.values()) {
            g.fill(new Rectangle2D.Double(atX(tick) - 0.75, top + height, 1.5, TICK));
            if (!x.labelled(tick, width, SCALE)) continue;
            String text = x.text(tick);
            PixelFont.draw(g, text, (int) Math.round(atX(tick)) - PixelFont.width(text, SCALE) / 2, baseline, SCALE);
        }
        for (double tick : y.values()) {
            String text = y.text(tick);
            g.fill(new Rectangle2D.Double(left - TICK, atY(tick) - 0.75, TICK, 1.5));
            PixelFont.draw(g, text, left - TICK - 4 - PixelFont.width(text, SCALE), (int) Math.round(atY(tick)) - letter / 2 + 1, SCALE);
        }
        centred(panel.title(), left + width / 2, top - letter - 8);
        centred(panel.x().label(), left + width / 2, baseline + letter + 6);
        if (panel.y().label().isEmpty()) return;
        AffineTransform before = g.getTransform();
        g.rotate(-Math.PI / 2, left - LEFT + 10, top + height / 2.0);
        centred(panel.y().label(), left - LEFT + 10, top + height / 2 - letter / 2);
        g.setTransform(before);
    }

    private void centred(String text, int x, int y) {
        PixelFont.draw(g, text, x - PixelFont.width(text, SCALE) / 2, y, SCALE);
    }

    private void draw(Mark mark, Color colour) {
        g.setColor(colour);
        g.setStroke(new BasicStroke(2.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        switch (mark) {
            case Mark.Line m -> g.draw(line(m.x(), m.y()));
            case Mark.Spread m -> spread(m, colour);
            case Mark.Points m -> points(m, colour);
            case Mark.Rings m -> rings(m, colour);
            case Mark.Bars m -> bars(m, colour);
            case Mark.Surface m -> surface(m);
        }
    }

    private boolean drawable(double a, double b) {
        return Double.isFinite(a) && Double.isFinite(b) && x.has(a) && y.has(b);
    }

    private Path2D line(double[] xs, double[] ys) {
        var path = new Path2D.Double();
        boolean down = false;
        for (int i = 0; i < xs.length; i++) {
            boolean here = drawable(xs[i], ys[i]);
            if (here && down) path.lineTo(bounded(atX(xs[i])), bounded(atY(ys[i])));
            else if (here) path.moveTo(bounded(atX(xs[i])), bounded(atY(ys[i])));
            down = here;
        }
        return path;
    }

    /// Far outside of the panel is as good as farther, which the rasteriser takes long for.
    private static double bounded(double pixel) {
        return Math.clamp(pixel, -1e4, 1e5);
    }

    private void spread(Mark.Spread m, Color colour) {
        int n = m.x().length;
        double[] low = new double[n], middle = new double[n], high = new double[n];
        for (int i = 0; i < n; i++) {
            double[] at = m.at(i);
            low[i] = at[0];
            middle[i] = at[1];
            high[i] = at[2];
        }
        g.setColor(translucent(colour, 50));
        for (int i = 1; i < n; i++) {
            if (!drawable(m.x()[i - 1], low[i - 1]) || !drawable(m.x()[i], low[i])) continue; // where the least is, so is the greatest
            var piece = new Path2D.Double();
            piece.moveTo(atX(m.x()[i - 1]), bounded(atY(low[i - 1])));
            piece.lineTo(atX(m.x()[i]), bounded(atY(low[i])));
            piece.lineTo(atX(m.x()[i]), bounded(atY(high[i])));
            piece.lineTo(atX(m.x()[i - 1]), bounded(atY(high[i - 1])));
            piece.closePath();
            g.fill(piece);
        }
        g.setColor(colour);
        g.draw(line(m.x(), middle));
    }

    private void points(Mark.Points m, Color colour) {
        double radius = m.x().length > 500 ? 2 : 3.5;
        g.setColor(translucent(colour, m.x().length > 500 ? 90 : 150));
        for (int i = 0; i < m.x().length; i++)
            if (drawable(m.x()[i], m.y()[i])) g.fill(new Ellipse2D.Double(atX(m.x()[i]) - radius, atY(m.y()[i]) - radius, 2 * radius, 2 * radius));
    }

    /// Each in a white one, to be seen on any ground.
    private void rings(Mark.Rings m, Color colour) {
        for (int i = 0; i < m.x().length; i++) {
            if (!drawable(m.x()[i], m.y()[i])) continue;
            var ring = new Ellipse2D.Double(atX(m.x()[i]) - 7, atY(m.y()[i]) - 7, 14, 14);
            g.setColor(Color.WHITE);
            g.setStroke(new BasicStroke(5));
            g.draw(ring);
            g.setColor(colour);
            g.setStroke(new BasicStroke(2.2f));
            g.draw(ring);
        }
    }

    private void bars(Mark.Bars m, Color colour) {
        for (int i = 0; i < m.heights().length; i++) {
            if (!drawable(m.edges()[i], m.heights()[i])) continue;
            double from = atX(m.edges()[i]), to = atX(m.edges()[i + 1]), high = atY(m.heights()[i]), low = y.logarithmic() ? top + height : atY(0);
            var bar = new Rectangle2D.Double(from, Math.min(high, low), to - from, Math.abs(low - high));
            g.setColor(translucent(colour, 110));
            g.fill(bar);
            g.setColor(colour);
            g.setStroke(new BasicStroke(1));
            g.draw(bar);
        }
    }

    private void surface(Mark.Surface m) {
        double cellX = (m.right() - m.left()) / m.columns(), cellY = (m.top() - m.bottom()) / m.rows();
        for (int row = 0; row < m.rows(); row++)
            for (int column = 0; column < m.columns(); column++) {
                double value = m.values()[row * m.columns() + column];
                g.setColor(shade((value - m.low()) / (m.high() - m.low())));
                double from = atX(m.left() + column * cellX), to = atX(m.left() + (column + 1) * cellX);
                double high = atY(m.bottom() + (row + 1) * cellY), low = atY(m.bottom() + row * cellY);
                int px = (int) Math.floor(from), py = (int) Math.floor(high);
                g.fillRect(px, py, (int) Math.ceil(to) - px, (int) Math.ceil(low) - py);
            }
    }

    /// Blue at 0, white in the middle, red at 1; magenta for NaN.
    private static Color shade(double share) {
        if (Double.isNaN(share)) return Color.MAGENTA;
        double s = 2 * Math.clamp(share, 0, 1) - 1;
        int[] end = s < 0 ? new int[] {0x21, 0x66, 0xAC} : new int[] {0xB2, 0x18, 0x2B};
        double part = Math.abs(s);
        return new Color(mixed(end[0], part), mixed(end[1], part), mixed(end[2], part));
    }

    private static int mixed(int level, double part) {
        return (int) Math.round(250 + part * (level - 250));
    }

    private static Color translucent(Color c, int alpha) {
        return new Color(c.getRed(), c.getGreen(), c.getBlue(), alpha);
    }
}
