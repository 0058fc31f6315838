package gannet.examples;

/// Numbers for people, without `String.format`, whose first use takes as long as several training steps.
public final class Text {
    private Text() {}

    /// `value` with that many digits after the point; a dash for NaN.
    public static String fixed(double value, int digits) {
        if (Double.isNaN(value)) return "–";
        double scale = Math.pow(10, digits);
        if (Math.abs(value) * scale >= 1e15) return Double.toString(value);
        long units = Math.round(Math.abs(value) * scale), whole = units / (long) scale;
        String fraction = Long.toString(units % (long) scale);
        return (value < 0 && units > 0 ? "-" : "") + whole + (digits == 0 ? "" : "." + "0".repeat(digits - fraction.length()) + fraction);
    }

    /// With a comma every three digits.
    public static String grouped(long value) {
        var out = new StringBuilder().append(value);
        for (int i = out.length() - 3; i > (value < 0 ? 1 : 0); i -= 3) out.insert(i, ',');
        return out.toString();
    }

    /// `1 step`, `2,000 steps`.
    public static String counted(long count, String noun) {
        return grouped(count) + " " + noun + (count == 1 ? "" : "s");
    }

    /// A share as a percentage.
    public static String percent(double share) {
        return Double.isNaN(share) ? "–" : Math.round(100 * share) + " %";
    }

    /// `45 s`, `2 min 05 s`, `3 h 20 min`.
    public static String duration(double seconds) {
        if (seconds < 10) return fixed(seconds, 1) + " s";
        long s = Math.round(seconds);
        if (s < 60) return s + " s";
        if (s < 3600) return s / 60 + " min " + padded(s % 60, 2) + " s";
        return s / 3600 + " h " + padded(s % 3600 / 60, 2) + " min";
    }

    /// With zeros before it, `width` digits.
    public static String padded(long value, int width) {
        String digits = Long.toString(value);
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }

    /// The seconds of `90s`, `10m` or `2h`.
    public static double seconds(String text) {
        double unit = switch (text.isEmpty() ? ' ' : text.charAt(text.length() - 1)) {
            case 's' -> 1;
            case 'm' -> 60;
            case 'h' -> 3600;
            default -> 0;
        };
        try {
            double number = Double.parseDouble(text.substring(0, Math.max(0, text.length() - 1)));
            if (unit > 0 && number > 0 && Double.isFinite(number * unit)) return number * unit;
        } catch (NumberFormatException _) {
            // as below: the text is no time
        }
        throw new UsageException("--time " + text + ": expected a time such as 90s, 10m or 2h");
    }

    /// A word as a shell takes it.
    public static String quoted(String word) {
        boolean plain = !word.isEmpty();
        for (char c : word.toCharArray()) plain &= Character.isLetterOrDigit(c) || "-_./:=+,@".indexOf(c) >= 0;
        return plain ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
