package gannet.gan.penalty;

import static gannet.gan.penalty.Penalties.Trait.LIPSCHITZ;
import static gannet.gan.penalty.Penalties.Trait.PER_SAMPLE;
import static gannet.gan.penalty.Penalties.Trait.PROBABILITIES;

import gannet.gan.loss.GanLoss;
import gannet.kernel.Names;
import gannet.nn.Weights;
import gannet.tensor.Randoms;
import java.util.Arrays;
import java.util.List;

/// Every penalty by its name, with its paper's weight: the list that configurations and the command line choose from.
public final class Penalties {
    /// What a penalty says of itself once it is made ([Penalty]), for those who must know before; a test holds the two equal.
    enum Trait { PER_SAMPLE, LIPSCHITZ, PROBABILITIES }

    /// The penalty of a weight on a discriminator, with random numbers for what it draws.
    private interface Maker {
        Penalty of(double weight, Weights<?> discriminator, Randoms randoms);
    }

    private enum Kind {
        GRADIENT("gradient", 10, (w, _, randoms) -> new GradientPenalty(w, randoms), PER_SAMPLE, LIPSCHITZ),
        GRADIENT_ONE_SIDED("gradient-one-sided", 10, (w, _, randoms) -> new GradientPenalty(w, 1, true, randoms), PER_SAMPLE, LIPSCHITZ),
        R1("r1", 10, (w, _, _) -> new R1(w), PER_SAMPLE),
        R2("r2", 10, (w, _, _) -> new R2(w), PER_SAMPLE),
        ROTH("roth", 0.1, (w, d, _) -> JsRegulariser.of(d.kernels(), w), PER_SAMPLE, PROBABILITIES),
        DRAGAN("dragan", 10, (w, _, randoms) -> new Dragan(w, randoms), PER_SAMPLE),
        L2("l2", 1e-4, (w, d, _) -> new L2(w, d)),
        ORTHOGONAL("orthogonal", 1e-4, (w, d, _) -> new Orthogonal(w, d)),
        SPECTRAL("spectral", 0.01, SpectralPenalty::new),
        DRIFT("drift", 0.001, (w, _, _) -> new Drift(w));

        final String title;
        final double weight;
        final Maker maker;
        final List<Trait> traits;

        Kind(String title, double weight, Maker maker, Trait... traits) {
            this.title = title;
            this.weight = weight;
            this.maker = maker;
            this.traits = List.of(traits);
        }
    }

    private static final String ANNEAL = "anneal";
    private static final List<String> NAMES = Arrays.stream(Kind.values()).map(kind -> kind.title).toList();

    /// A penalty by name and its weight, and whether that is to be annealed, which is defined for Roth's only ([gannet.gan.remedy.Annealing]).
    public record Setting(String name, double weight, boolean annealed) {
        public Setting {
            Kind kind = kind(name);
            if (annealed && kind != Kind.ROTH) throw new IllegalArgumentException("penalty '" + name + "' has no annealing, only roth has; leave :" + ANNEAL + " out");
            if (!(weight > 0 && weight <= Float.MAX_VALUE))
                throw new IllegalArgumentException("penalty '" + name + "': expected a weight above 0 that a 32-bit float holds, not " + weight);
        }

        /// Of that weight throughout.
        public Setting(String name, double weight) {
            this(name, weight, false);
        }

        /// The penalty on `discriminator`, with `randoms` for what it draws.
        public Penalty of(Weights<?> discriminator, Randoms randoms) {
            return kind(name).maker.of(weight, discriminator, randoms);
        }

        /// See [Penalty#perSample].
        public boolean perSample() {
            return kind(name).traits.contains(PER_SAMPLE);
        }

        /// See [Penalty#lipschitz].
        public boolean lipschitz() {
            return kind(name).traits.contains(LIPSCHITZ);
        }

        /// See [Penalty#requireLoss].
        public void requireLoss(GanLoss loss) {
            if (kind(name).traits.contains(PROBABILITIES)) JsRegulariser.requireProbabilities(loss);
        }

        /// As it is typed.
        @Override public String toString() {
            return name + ":" + weight + (annealed ? ":" + ANNEAL : "");
        }
    }

    private Penalties() {}

    /// The names.
    public static List<String> names() {
        return NAMES;
    }

    /// What `NAME`, `NAME:WEIGHT` or, for Roth's, either with `:anneal` behind it asks for: `r1:10`, `gradient`, `l2:1e-4`, `roth:0.1:anneal`.
    ///
    /// @throws IllegalArgumentException if there is no such penalty (it says which is nearest, and which there are), or the weight is none
    public static Setting parse(String text) {
        boolean annealed = text.endsWith(":" + ANNEAL);
        String plain = annealed ? text.substring(0, text.length() - ANNEAL.length() - 1) : text;
        int colon = plain.indexOf(':');
        String name = colon < 0 ? plain : plain.substring(0, colon);
        Kind kind = kind(name);
        return new Setting(name, colon < 0 ? kind.weight : weight(name, plain.substring(colon + 1)), annealed);
    }

    private static double weight(String name, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            String example = name + ":" + kind(name).weight;
            throw new IllegalArgumentException("penalty '" + name + "': expected a number after the colon, as in " + example
                    + (kind(name) == Kind.ROTH ? " or " + example + ":" + ANNEAL : "") + ", not '" + text + "'", e);
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
