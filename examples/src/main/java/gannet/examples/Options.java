package gannet.examples;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The options of one command, declared once: what they are called, what kind of value they take, and their defaults. From the declarations come
/// the parser (`--key value` and `--key=value`), the usage text, and the keys of `config.json`.
///
/// ```java
/// var options = new Options("bench [options]", "Measures the kernels.", List.of(Options.text("only", "REGEX", null, "cases whose names match"),
///         Options.whole("threads", "N", 2L, "worker threads"), Options.flag("json", "one JSON line")));
/// var given = options.parse(arguments);
/// if (given.help()) { out.print(options.usage()); return 0; }
/// long threads = given.whole("threads");
/// ```
public record Options(String synopsis, String summary, List<Option> declared) {
    /// What an option's value is: nothing, any text, a whole number, or any finite number.
    public enum Kind { FLAG, TEXT, WHOLE, NUMBER }

    /// An option `--name PLACEHOLDER`; `standard` is its default, of the kind's Java type (Boolean, String, Long, Double), or null: none.
    public record Option(String name, Kind kind, String placeholder, Object standard, String help) {}

    /// Is there or not.
    public static Option flag(String name, String help) {
        return new Option(name, Kind.FLAG, "", false, help);
    }

    public static Option text(String name, String placeholder, String standard, String help) {
        return new Option(name, Kind.TEXT, placeholder, standard, help);
    }

    public static Option whole(String name, String placeholder, Long standard, String help) {
        return new Option(name, Kind.WHOLE, placeholder, standard, help);
    }

    public static Option number(String name, String placeholder, Double standard, String help) {
        return new Option(name, Kind.NUMBER, placeholder, standard, help);
    }

    /// What was typed: words that are no options, and the values of options by name, in the order in which they were typed.
    public static final class Given {
        private final Options options;
        private final List<String> words = new ArrayList<>();
        private final Map<String, List<Object>> values = new LinkedHashMap<>();
        private boolean help;

        private Given(Options options) {
            this.options = options;
        }

        /// Whether `--help` was asked for, which every command has.
        public boolean help() {
            return help;
        }

        /// The words that are no options: a recipe, a run.
        public List<String> words() {
            return words;
        }

        /// Whether the option was typed.
        public boolean has(String name) {
            options.require(name);
            return values.containsKey(name);
        }

        /// The option's last value, else its default, which may be null.
        public Object value(String name) {
            return has(name) ? values.get(name).getLast() : options.require(name).standard();
        }

        /// All values of an option that may be typed several times.
        public List<String> texts(String name) {
            var texts = new ArrayList<String>();
            if (has(name)) for (Object value : values.get(name)) texts.add((String) value);
            return texts;
        }

        public boolean flag(String name) {
            return (Boolean) value(name);
        }

        /// May be null.
        public String text(String name) {
            return (String) value(name);
        }

        /// For an option that has a default or was typed.
        public long whole(String name) {
            return (Long) value(name);
        }

        /// For an option that has a default or was typed.
        public double number(String name) {
            return (Double) value(name);
        }
    }

    /// The options and words in `arguments`.
    ///
    /// @throws UsageException for an option that there is not (the nearest one is named), or a value that is missing or not of its kind
    public Given parse(List<String> arguments) {
        var given = new Given(this);
        var rest = arguments.iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            if (word.equals("--help") || word.equals("-h")) given.help = true;
            else if (word.startsWith("-") && word.length() > 1) {
                int equals = word.indexOf('=');
                Option option = find(equals < 0 ? word : word.substring(0, equals));
                Object value;
                if (option.kind == Kind.FLAG) {
                    if (equals >= 0) throw new UsageException("option --" + option.name + " takes no value");
                    value = true;
                } else if (equals >= 0) value = value(option, word.substring(equals + 1));
                else if (rest.hasNext()) value = value(option, rest.next());
                else throw new UsageException("option --" + option.name + " needs a value: --" + option.name + " " + option.placeholder);
                given.values.computeIfAbsent(option.name, _ -> new ArrayList<>()).add(value);
            } else given.words.add(word);
        }
        return given;
    }

    private Option find(String typed) {
        String name = typed.startsWith("--") ? typed.substring(2) : typed.substring(1);
        if (typed.startsWith("--")) for (Option option : declared) if (option.name.equals(name)) return option;
        var names = new ArrayList<>(declared.stream().map(Option::name).toList());
        names.add("help");
        throw new UsageException("there is no option " + typed + "; did you mean --" + nearest(name, names) + "?");
    }

    /// The declaration of an option that the program itself names.
    private Option require(String name) {
        for (Option option : declared) if (option.name.equals(name)) return option;
        throw new IllegalArgumentException("option '" + name + "' is not declared for '" + synopsis + "'");
    }

    /// The value that `text` gives to `option`, of the kind's Java type.
    public static Object value(Option option, String text) {
        String typed = "--" + option.name + " " + text;
        try {
            return switch (option.kind) {
                case FLAG -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new UsageException(typed + ": expected true or false");
                };
                case TEXT -> {
                    if (text.isEmpty()) throw new UsageException("--" + option.name + " needs a value: " + option.placeholder);
                    yield text;
                }
                case WHOLE -> Long.parseLong(text);
                case NUMBER -> {
                    double value = Double.parseDouble(text);
                    if (!Double.isFinite(value)) throw new UsageException(typed + ": expected a finite number");
                    yield value;
                }
            };
        } catch (NumberFormatException _) {
            throw new UsageException(typed + ": expected a " + (option.kind == Kind.WHOLE ? "whole " : "") + "number");
        }
    }

    /// What `--help` prints.
    public String usage() {
        var out = new StringBuilder("usage: gannet ").append(synopsis).append('\n');
        if (!summary.isEmpty()) out.append('\n').append(summary).append('\n');
        int width = "help".length();
        for (Option option : declared) width = Math.max(width, left(option).length());
        out.append("\noptions:\n");
        for (Option option : declared) {
            boolean quiet = option.kind == Kind.FLAG || option.standard == null;
            line(out, left(option), width, option.help + (quiet ? "" : " (" + option.standard + ")"));
        }
        line(out, "help", width, "this text");
        return out.toString();
    }

    private static String left(Option option) {
        return option.placeholder.isEmpty() ? option.name : option.name + " " + option.placeholder;
    }

    private static void line(StringBuilder out, String left, int width, String right) {
        out.append("  --").append(left).repeat(' ', width - left.length() + 2).append(right).append('\n');
    }

    /// The one of `names` that takes the fewest changes to come to from `word`.
    public static String nearest(String word, List<String> names) {
        String best = "";
        int least = Integer.MAX_VALUE;
        for (String name : names) {
            int distance = distance(word, name);
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return best;
    }

    /// The number of letters to insert, delete or replace; Levenshtein 1966.
    private static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) above[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++)
                row[j] = Math.min(Math.min(row[j - 1], above[j]) + 1, above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
            above = row;
        }
        return above[b.length()];
    }
}
