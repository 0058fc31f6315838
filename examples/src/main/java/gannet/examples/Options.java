package gannet.examples;

import gannet.kernel.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.ListIterator;
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

    /// An option `--name PLACEHOLDER`; `standard` is its default, of the kind's Java type (Boolean, String, Long, Double), or null: none. `bare` is the
    /// value of an option that is typed without one, or null: a value must be typed.
    public record Option(String name, Kind kind, String placeholder, Object standard, Object bare, String help) {}

    /// Is there or not.
    public static Option flag(String name, String help) {
        return new Option(name, Kind.FLAG, "", false, true, help);
    }

    public static Option text(String name, String placeholder, String standard, String help) {
        return new Option(name, Kind.TEXT, placeholder, standard, null, help);
    }

    /// A text that may be left out: `--name` alone stands for `--name bare`.
    public static Option optional(String name, String placeholder, String bare, String help) {
        return new Option(name, Kind.TEXT, "[" + placeholder + "]", null, bare, help);
    }

    public static Option whole(String name, String placeholder, Long standard, String help) {
        return new Option(name, Kind.WHOLE, placeholder, standard, null, help);
    }

    public static Option number(String name, String placeholder, Double standard, String help) {
        return new Option(name, Kind.NUMBER, placeholder, standard, null, help);
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
        ListIterator<String> rest = arguments.listIterator();
        while (rest.hasNext()) {
            String word = rest.next();
            if (word.equals("--help") || word.equals("-h")) given.help = true;
            else if (isOption(word)) {
                int equals = word.indexOf('=');
                Option option = find(equals < 0 ? word : word.substring(0, equals));
                given.values.computeIfAbsent(option.name, _ -> new ArrayList<>()).add(typed(option, equals < 0 ? null : word.substring(equals + 1), rest));
            } else given.words.add(word);
        }
        return given;
    }

    private static boolean isOption(String word) {
        return word.startsWith("-") && word.length() > 1;
    }

    /// The value after the equals sign or, if that is null, in the next word.
    private static Object typed(Option option, String joined, ListIterator<String> rest) {
        if (option.kind == Kind.FLAG && joined != null) throw new UsageException("option --" + option.name + " takes no value");
        if (option.kind == Kind.FLAG) return true;
        if (joined != null) return value(option, joined);
        if (rest.hasNext()) {
            String next = rest.next();
            if (option.bare == null || !isOption(next)) return value(option, next);
            rest.previous();
        }
        if (option.bare == null) throw new UsageException("option --" + option.name + " needs a value: --" + option.name + " " + option.placeholder);
        return option.bare;
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
        return Names.nearest(word, names);
    }
}
