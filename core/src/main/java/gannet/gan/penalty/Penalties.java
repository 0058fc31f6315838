package gannet.gan.penalty;

import gannet.kernel.Names;
import gannet.nn.Weights;
import gannet.tensor.Randoms;
import java.util.Arrays;
import java.util.List;

/// Every penalty by its name, with its paper's weight: the list that configurations and the command line choose from.
public final class Penalties {
    private enum Kind {
        GRADIENT("gradient", 10), GRADIENT_ONE_SIDED("gradient-one-sided", 10), R1("r1", 10), R2("r2", 10), ROTH("roth", 0.1), DRAGAN("dragan", 10),
        L2("l2", 1e-4), ORTHOGONAL("orthogonal", 1e-4), SPECTRAL("spectral", 0.01), DRIFT("drift", 0.001);

        final String title;
        final double weight;

        Kind(String title, double weight) {
            this.title = title;
            this.weight = weight;
        }
    }

    private static final List<String> NAMES = Arrays.stream(Kind.values()).map(kind -> kind.title).toList();

    /// A penalty by name and its weight.
    public record Setting(String name, double weight) {
        public Setting {
            kind(name);
            if (!(weight > 0 && weight <= Float.MAX_VALUE))
                throw new IllegalArgumentException("penalty '" + name + "': expected a weight above 0 that a 32-bit float holds, not " + weight);
        }

        /// The penalty on `discriminator`, with `randoms` for what it draws.
        public Penalty of(Weights<?> discriminator, Randoms randoms) {
            return switch (kind(name)) {
                case GRADIENT -> new GradientPenalty(weight, randoms);
                case GRADIENT_ONE_SIDED -> new GradientPenalty(weight, 1, true, randoms);
                case R1 -> new R1(weight);
                case R2 -> new R2(weight);
                case ROTH -> JsRegulariser.of(discriminator.kernels(), weight);
                case DRAGAN -> new Dragan(weight, randoms);
                case L2 -> new L2(weight, discriminator);
                case ORTHOGONAL -> new Orthogonal(weight, discriminator);
                case SPECTRAL -> new SpectralPenalty(weight, discriminator, randoms);
                case DRIFT -> new Drift(weight);
            };
        }

        /// As it is typed.
        @Override public String toString() {
            return name + ":" + weight;
        }
    }

    private Penalties() {}

    /// The names.
    public static List<String> names() {
        return NAMES;
    }

    /// What `NAME` or `NAME:WEIGHT` asks for: `r1:10`, `gradient`, `l2:1e-4`.
    ///
    /// @throws IllegalArgumentException if there is no such penalty (it says which is nearest, and which there are), or the weight is none
    public static Setting parse(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        Kind kind = kind(name);
        return new Setting(name, colon < 0 ? kind.weight : weight(name, text.substring(colon + 1)));
    }

    private static double weight(String name, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("penalty '" + name + "': expected a number after the colon, as in " + name + ":" + kind(name).weight
                    + ", not '" + text + "'", e);
        }
    }

    private static Kind kind(String name) {
        int i = NAMES.indexOf(name);
        if (i < 0)
            throw new IllegalArgumentException("there is no penalty '" + name + "'; did you mean " + Names.nearest(name, NAMES)
                    + "? there are: " + String.join(", ", NAMES));
        return Kind.values()[i];
    }
}
