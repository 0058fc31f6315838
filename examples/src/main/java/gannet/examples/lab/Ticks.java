package gannet.examples.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// An axis with its ends settled: where a value lies on it, and which values are marked.
record Ticks(double low, double high, boolean logarithmic, List<Double> values) {
    private static final int MOST = 7;
    private static final double ROOM = 0.04;
    /// Pixels between labels.
    private static final int GAP = 8;

    /// The axis as given, its open ends where the marks end, with a little room.
    static Ticks of(Panel.Axis axis, List<Mark> marks, boolean horizontal) {
        double low = Double.POSITIVE_INFINITY, high = Double.NEGATIVE_INFINITY;
        for (Mark mark : marks)
            for (double v : reach(mark, horizontal)) {
                if (!Double.isFinite(v) || axis.logarithmic() && v <= 0) continue;
                low = Math.min(low, v);
                high = Math.max(high, v);
            }
        if (low > high) low = high = 1; // nothing to draw
        if (axis.logarithmic()) return logarithmic(axis, low, high);
        if (low == high) {
            low -= Math.max(1e-9, Math.abs(low) / 2);
            high += Math.max(1e-9, Math.abs(high) / 2);
        }
        double room = horizontal ? 0 : ROOM * (high - low);
        low = Double.isNaN(axis.low()) ? low - room : axis.low();
        high = Double.isNaN(axis.high()) ? high + room : axis.high();
        return new Ticks(low, high, false, linear(low, high));
    }

    private static Ticks logarithmic(Panel.Axis axis, double low, double high) {
        double room = high / low < 3 ? 2 : Math.pow(high / low, ROOM);
        low = Double.isNaN(axis.low()) ? low / room : axis.low();
        high = Double.isNaN(axis.high()) ? high * room : axis.high();
        int first = (int) Math.ceil(Math.log10(low) - 1e-9), last = (int) Math.floor(Math.log10(high) + 1e-9);
        int every = Math.max(1, (last - first + MOST) / MOST);
        List<Double> ticks = new ArrayList<>();
        for (int e = Math.ceilDiv(first, every) * every; e <= last; e += every) ticks.add(Math.pow(10, e));
        if (ticks.size() < 2) ticks = linear(low, high);
        return new Ticks(low, high, true, ticks);
    }

    /// Multiples of 1, 2 or 5 times a power of ten.
    private static List<Double> linear(double low, double high) {
        double step = Math.pow(10, Math.floor(Math.log10((high - low) / MOST)));
        for (double factor : new double[] {2, 2.5, 2}) if ((high - low) / step > MOST) step *= factor;
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) ticks.add(i * step + 0.0); // no −0
        return ticks;
    }

    private static double[] reach(Mark mark, boolean horizontal) {
        return switch (mark) {
            case Mark.Line m -> horizontal ? m.x() : m.y();
            case Mark.Points m -> horizontal ? m.x() : m.y();
            case Mark.Rings m -> horizontal ? m.x() : m.y();
            case Mark.Surface m -> horizontal ? new double[] {m.left(), m.right()} : new double[] {m.bottom(), m.top()};
            case Mark.Bars m -> horizontal ? m.edges() : withZero(m.heights());
            case Mark.Spread m -> horizontal ? m.x() : all(m.curves());
        };
    }

    private static double[] withZero(double[] heights) {
        return Arrays.copyOf(heights, heights.length + 1);
    }

    private static double[] all(double[][] curves) {
        return Arrays.stream(curves).flatMapToDouble(Arrays::stream).toArray();
    }

    /// Whether the axis has a place for the value.
    boolean has(double value) {
        return !logarithmic || value > 0;
    }

    /// From 0 at the lower end to 1 at the higher one.
    double place(double value) {
        return logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    }

    /// Whether a tick of a horizontal axis `room` pixels long gets its label: all do or, where they would run into one another, every other one, so that 0
    /// does if it is there.
    boolean labelled(double tick, int room, int scale) {
        if (values.size() < 2) return true;
        int widest = 0;
        for (double value : values) widest = Math.max(widest, PixelFont.width(text(value), scale) + GAP);
        if (widest <= room * (place(values.get(1)) - place(values.get(0)))) return true;
        int zero = values.indexOf(0.0);
        return (values.indexOf(tick) - Math.max(zero, 0)) % 2 == 0;
    }

    /// A tick's label.
    String text(double tick) {
        double step = values.size() > 1 ? values.get(1) - values.get(0) : 1;
        if (!logarithmic && Math.abs(tick) < 1e-9 * step) return "0";
        return Table.number(Math.rint(tick * 1e12) == 0 ? tick : Double.parseDouble(Float.toString((float) tick)));
    }
}
