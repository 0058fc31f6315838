package gannet.examples.lab;

import gannet.examples.Text;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;

/// Arms as rows, figures as columns: the median over the seeds, and the least and the greatest.
final class Table {
    private static final int DIGITS = 4;

    private Table() {}

    /// The names of all figures, in the order in which they first come.
    static SequencedSet<String> columns(Outcome outcome) {
        var columns = new LinkedHashSet<String>();
        for (List<SequencedMap<String, Double>> arm : outcome.figures().values())
            for (SequencedMap<String, Double> each : arm) columns.addAll(each.sequencedKeySet());
        return columns;
    }

    /// The whole table, a line feed behind every row.
    static String of(Outcome outcome) {
        var rows = new ArrayList<List<String>>();
        var head = new ArrayList<>(List.of("arm"));
        head.addAll(columns(outcome));
        rows.add(head);
        for (String arm : outcome.figures().keySet()) {
            var row = new ArrayList<>(List.of(arm));
            for (String figure : head.subList(1, head.size())) row.add(cell(outcome, arm, figure));
            rows.add(row);
        }
        var out = new StringBuilder();
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                int width = 0;
                for (List<String> each : rows) width = Math.max(width, each.get(i).length());
                line.append(row.get(i)).repeat(' ', width - row.get(i).length() + 2);
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }

    /// An arm without the figure has a dash.
    private static String cell(Outcome outcome, String arm, String figure) {
        for (SequencedMap<String, Double> each : outcome.figures().get(arm)) if (!each.containsKey(figure)) return "–";
        double[] values = outcome.values(arm, figure);
        double low = values[0], high = values[0];
        for (double v : values) {
            low = Math.min(low, v);
            high = Math.max(high, v);
        }
        String median = number(outcome.median(arm, figure));
        return number(low).equals(number(high)) ? median : median + " [" + number(low) + "…" + number(high) + "]";
    }

    /// Four significant digits; very small and very large numbers with an exponent; a dash for NaN.
    static String number(double value) {
        if (Double.isNaN(value)) return "–";
        if (Double.isInfinite(value)) return value > 0 ? "∞" : "-∞";
        if (value == 0) return "0";
        double magnitude = Math.abs(value);
        if (magnitude == Math.rint(magnitude) && magnitude < 1e6) return Long.toString((long) value);
        if (magnitude >= 1e-3 && magnitude < 1e5) {
            int whole = (int) Math.floor(Math.log10(magnitude)) + 1;
            return trimmed(Text.fixed(value, Math.max(0, DIGITS - Math.max(whole, 0))));
        }
        int exponent = (int) Math.floor(Math.log10(magnitude));
        double mantissa = Math.rint(value / Math.pow(10, exponent) * 10) / 10;
        if (Math.abs(mantissa) >= 10) {
            mantissa /= 10;
            exponent++;
        }
        return trimmed(Text.fixed(mantissa, 1)) + "e" + exponent;
    }

    private static String trimmed(String number) {
        if (number.indexOf('.') < 0) return number;
        int end = number.length();
        while (number.charAt(end - 1) == '0') end--;
        if (number.charAt(end - 1) == '.') end--;
        return number.substring(0, end);
    }
}
