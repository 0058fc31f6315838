package gannet.examples;

import gannet.data.ImageSet;
import gannet.data.ImageSource;
import gannet.gan.Conditions;
import gannet.gan.Objective;
import gannet.gan.Source;
import gannet.gan.loss.Acgan;
import gannet.gan.loss.InfoGan;
import gannet.io.FormatException;
import gannet.io.Json;
import gannet.kernel.Kernels;
import gannet.tensor.Functions;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/// What the networks of a run are told besides z and images: nothing, the classes of labelled images, or codes that G is to show and Q to read. `names`
/// are those of the classes, or of the values of the categorical code.
record Labels(Way way, List<String> names) {
    /// How they are told. A class is told to G in one way, D is told it in three.
    enum Way {
        /// Not at all.
        NONE,
        /// D has a learned channel of the class beside the image; Mirza & Osindero 2014.
        CONCAT,
        /// D's logit has a term ⟨V_y, φ(x)⟩; Miyato & Koyama 2018.
        PROJECTION,
        /// D names the class; Odena et al. 2017.
        ACGAN,
        /// A categorical code of ten values and two continuous ones beside z, which Q on D's body reads; Chen et al. 2016, §7.2.
        INFOGAN;

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final Labels NONE = new Labels(Way.NONE, List.of());
    /// The values of [Settings]' key `condition`.
    static final List<String> CONDITIONS = List.of(Way.CONCAT.id(), Way.PROJECTION.id(), Way.ACGAN.id());

    private static final String WAY = "condition", NAMES = "classes";
    /// InfoGAN's codes; the continuous ones are uniform in −1…1.
    private static final InfoGan CODES = new InfoGan(List.of(10), 2);

    Labels {
        names = List.copyOf(names);
    }

    /// What `recipe` is told of images like these, by `condition` where it can be told in several ways.
    static Labels of(Recipe recipe, String condition, Data data) throws FormatException {
        if (recipe.way() == Way.NONE) return NONE;
        if (recipe.way() == Way.INFOGAN) return new Labels(Way.INFOGAN, IntStream.range(0, CODES.categories().getFirst()).mapToObj(k -> "code " + k).toList());
        ImageSet images = data.train();
        if (!images.labelled())
            throw new FormatException(data.name(), "has no labels, which recipe '" + recipe.id() + "' is told: add the label files beside the images"
                    + " (train-labels-idx1-ubyte), or train a recipe without classes, such as " + Recipe.DCGAN.id() + " or " + Recipe.INFOGAN.id());
        var named = new Labels(Way.valueOf(condition.toUpperCase(Locale.ROOT)), classes(images));
        if (named.names.size() < 2) throw new FormatException(data.name(), "has images of one class only, recipe '" + recipe.id() + "' needs at least 2");
        return named;
    }

    private static List<String> classes(ImageSet images) {
        if (!images.classes().isEmpty()) return images.classes();
        return IntStream.rangeClosed(0, Arrays.stream(images.labels()).max().orElseThrow()).mapToObj(Integer::toString).toList();
    }

    boolean any() {
        return way != Way.NONE;
    }

    /// The number of classes.
    int count() {
        return names.size();
    }

    /// How many numbers InfoGAN's code is made of.
    static int codes() {
        return CODES.width();
    }

    /// Real batches with what D is told of them.
    Source source(Kernels kernels, ImageSet images, int batch, long seed) {
        return switch (way) {
            case NONE, INFOGAN -> ImageSource.of(kernels, images, batch, seed);
            case PROJECTION, CONCAT, ACGAN -> ImageSource.labelled(kernels, images, batch, seed);
        };
    }

    /// What fakes are made under.
    Conditions conditions(Randoms randoms) {
        return switch (way) {
            case NONE -> Conditions.NONE;
            case PROJECTION, CONCAT, ACGAN -> Conditions.classes(randoms, count());
            case INFOGAN -> Conditions.codes(randoms, CODES.categories(), CODES.continuous());
        };
    }

    /// With the task that D's further outputs have.
    Objective with(Objective objective) {
        return switch (way) {
            case NONE, PROJECTION, CONCAT -> objective;
            case ACGAN -> objective.with(new Acgan(count()));
            case INFOGAN -> objective.with(CODES);
        };
    }

    /// The condition for `n` samples of class `k`; InfoGAN's continuous codes are drawn for each. Null if there are no classes.
    Tensor condition(Randoms randoms, int k, int n) {
        Kernels kernels = randoms.kernels();
        return switch (way) {
            case NONE -> null;
            case PROJECTION, CONCAT, ACGAN -> Tensor.full(kernels, Shape.of(n), k);
            case INFOGAN -> {
                double[] category = new double[n * count()];
                for (int i = 0; i < n; i++) category[i * count() + k] = 1;
                Tensor continuous = randoms.uniform("sample codes", Shape.of(n, CODES.continuous())).times(2).plus(-1);
                yield Functions.concat(1, Tensor.temporary(kernels, Shape.of(n, count()), category), continuous);
            }
        };
    }

    /// The class that `typed` names: by its number, its name, a word of it, or the beginning of no other one's.
    int number(String typed) {
        if (!typed.isEmpty() && typed.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int number = typed.length() > 6 ? Integer.MAX_VALUE : Integer.parseInt(typed);
            if (number >= count()) throw new UsageException("--class " + typed + ": expected 0 to " + (count() - 1) + ", the classes " + list());
            return number;
        }
        String word = typed.toLowerCase(Locale.ROOT);
        var found = new ArrayList<Integer>();
        for (int k = 0; k < count(); k++) {
            String name = names.get(k).toLowerCase(Locale.ROOT);
            if (name.equals(word)) return k;
            if (name.startsWith(word) || List.of(name.split("[/ ]")).contains(word)) found.add(k);
        }
        if (found.size() == 1) return found.getFirst();
        if (found.size() > 1)
            throw new UsageException("--class " + typed + " may be " + String.join(" or ", found.stream().map(k -> "'" + names.get(k) + "'").toList())
                    + "; give the name or its number");
        throw new UsageException("there is no class '" + typed + "'; did you mean '" + nearest(word) + "'? there are: " + list());
    }

    private String nearest(String word) {
        String lower = Options.nearest(word, names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList());
        return names.stream().filter(name -> name.toLowerCase(Locale.ROOT).equals(lower)).findFirst().orElseThrow();
    }

    private String list() {
        return String.join(", ", IntStream.range(0, count()).mapToObj(k -> k + " " + names.get(k)).toList());
    }

    /// For the file of a generator, so that it can be sampled without the data.
    Map<String, String> metadata() {
        return any() ? Map.of(WAY, way.id(), NAMES, Json.line(names)) : Map.of();
    }

    /// What [#metadata] said.
    static Labels of(String file, Recipe recipe, Map<String, String> metadata) throws FormatException {
        if (recipe.way() == Way.NONE) return NONE;
        var names = new ArrayList<String>();
        if (metadata.containsKey(NAMES) && Json.parse(file, metadata.get(NAMES)) instanceof List<?> list)
            for (Object name : list) if (name instanceof String text) names.add(text);
        for (Way way : Way.values())
            if (way != Way.NONE && way.id().equals(metadata.get(WAY)) && names.size() >= 2) return new Labels(way, names);
        throw new FormatException(file, "doesn't say in its metadata what classes recipe '" + recipe.id()
                + "' was told, and how: expected '" + WAY + "' and a list '" + NAMES + "'");
    }
}
