package gannet.examples.lab;

import java.util.ArrayList;
import java.util.List;

/// One pair of axes with a title, and what is drawn on them in order; a [Picture] lays panels side by side.
///
/// ```java
/// var panel = Panel.of("D's gradient", Axis.of("D steps"), Axis.log("norm")).with(new Mark.Spread("minimax", steps, curves));
/// Picture.of(panel).write(folder.resolve("vanishing.png"));
/// ```
record Panel(String title, Axis x, Axis y, List<Mark> marks) {
    Panel {
        marks = List.copyOf(marks);
    }

    /// Nothing drawn yet.
    static Panel of(String title, Axis x, Axis y) {
        return new Panel(title, x, y, List.of());
    }

    /// A square that shows the plane from −`reach` to `reach`, for samples in two dimensions.
    static Panel plane(String title, double reach) {
        return of(title, Axis.of("").from(-reach, reach), Axis.of("").from(-reach, reach));
    }

    /// With one more mark, over those that are there.
    Panel with(Mark mark) {
        List<Mark> all = new ArrayList<>(marks);
        all.add(mark);
        return new Panel(title, x, y, all);
    }

    /// An axis: its label, the values at its ends (NaN: as far as the marks reach), and whether it is logarithmic.
    record Axis(String label, double low, double high, boolean logarithmic) {
        static Axis of(String label) {
            return new Axis(label, Double.NaN, Double.NaN, false);
        }

        static Axis log(String label) {
            return new Axis(label, Double.NaN, Double.NaN, true);
        }

        /// With ends of its own; NaN leaves one to the marks.
        Axis from(double low, double high) {
            return new Axis(label, low, high, logarithmic);
        }
    }
}
