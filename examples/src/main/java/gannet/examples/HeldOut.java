package gannet.examples;

import static gannet.nn.Weights.freeze;

import gannet.data.ImageSet;
import gannet.gan.Batch;
import gannet.gan.Meter;
import gannet.gan.Source;
import gannet.metric.SlicedWasserstein;
import gannet.tensor.Functions;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import gannet.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;

/// What a run is measured by after each `--save-every` steps and at its end, on images that it doesn't train on; nothing that it computes changes by it.
///
/// D's accuracy (a critic's gap) on held-out images beside that on as many images trained on, both as D sees a batch in its turn: far apart, D knows its images by heart. And the
/// [SlicedWasserstein] distance of generated images, always from the same z, from held-out ones, which every recipe has and which takes no labels; with what the images trained on
/// have at the same number (floor) and the untrained generator (ceiling). It sees brightness and shape, hardly sharpness. Of InfoGAN, how much of its code Q reads in G's images.
final class HeldOut {
    private static final int JUDGED = 256, DRAWN = 500;
    private static final int SIZE = Recipe.HEIGHT * Recipe.WIDTH * Recipe.CHANNELS;

    private final Settings settings;
    private final Experiment experiment;
    private final Sampler sampler;
    private final int drawn, batch;
    private final float[] real;
    private final double floor;
    private final List<Batch> train, heldOut;
    private final Workspace workspace;
    private double ceiling = Double.NaN;

    HeldOut(Settings settings, Experiment experiment, Data data, Sampler sampler) {
        this.settings = settings;
        this.experiment = experiment;
        this.sampler = sampler;
        this.workspace = new Workspace(experiment.generator().kernels());
        int both = Math.min(data.train().count(), data.heldOut().count());
        drawn = Math.min(DRAWN, both);
        real = data.heldOut().range(0, drawn).floats();
        floor = SlicedWasserstein.of(data.train().range(0, drawn).floats(), real, SIZE);
        batch = Math.min(settings.batch() * settings.pack(), both) / settings.pack() * settings.pack();
        int count = batch == 0 ? 0 : Math.max(1, Math.min(JUDGED, both) / batch);
        train = batches(data.train(), count);
        heldOut = batches(data.heldOut(), count);
    }

    /// The first images in `count` batches, outside of any workspace.
    private List<Batch> batches(ImageSet images, int count) {
        var batches = new ArrayList<Batch>();
        if (count == 0) return batches;
        Source source = experiment.labels().source(experiment.generator().kernels(), images.range(0, count * batch), batch, 0);
        for (int i = 0; i < count; i++) batches.add(source.next(batch));
        return batches;
    }

    /// The figures of the step that the trainer has done.
    Figures figures() {
        float[] images = sampler.draw(drawn, settings.seed());
        if (Double.isNaN(ceiling)) ceiling = SlicedWasserstein.of(untrained(), real, SIZE);
        List<Meter> onTrain = looks(train), onHeldOut = looks(heldOut);
        return new Figures(experiment.trainer().steps(), batch * heldOut.size(), mean(onHeldOut, Meter::realAccuracy), mean(onTrain, Meter::realAccuracy),
                mean(onHeldOut, Meter::criticGap), mean(onTrain, Meter::criticGap), drawn, SlicedWasserstein.of(images, real, SIZE), floor, ceiling, information(images),
                Math.log(experiment.labels().count()));
    }

    private float[] untrained() {
        Recipe recipe = settings.recipe();
        var kernels = experiment.generator().kernels();
        var generator = recipe.generator(recipe.layers(kernels, settings.seed()), experiment.labels());
        return new Sampler(recipe, generator, kernels, experiment.labels(), settings.latent()).draw(drawn, settings.seed());
    }

    private List<Meter> looks(List<Batch> batches) {
        return batches.stream().map(experiment.trainer()::look).toList();
    }

    private static double mean(List<Meter> looks, ToDoubleFunction<Meter> figure) {
        return looks.stream().mapToDouble(figure).average().orElse(Double.NaN);
    }

    /// The lower bound `L_I = E log Q(c | x) + H(c)` of how much G's images tell of their categorical code, in nats; Chen et al. 2016, eq. 5. At most H(c), the
    /// logarithm of the number of its values; 0 or less where G doesn't heed it. NaN without codes.
    private double information(float[] images) {
        Labels labels = experiment.labels();
        if (labels.way() != Labels.Way.INFOGAN || batch == 0) return Double.NaN;
        int codes = labels.count(), size = Math.min(batch, drawn), parts = drawn / size;
        double surprise = 0;
        for (int part = 0; part < parts; part++) surprise += surprise(images, part * size, size, codes);
        return Math.log(codes) - surprise / parts;
    }

    /// Q's, at `count` images from number `from` on, of which number i shows code i modulo `codes`.
    private double surprise(float[] images, int from, int count, int codes) {
        double[] x = new double[count * SIZE], code = new double[count];
        for (int i = 0; i < x.length; i++) x[i] = images[from * SIZE + i];
        Arrays.setAll(code, i -> (from + i) % codes);
        var d = experiment.discriminator();
        try (var _ = workspace.open(); var _ = freeze(d)) {
            Tensor read = Tensor.unrecorded(() -> d.given((Tensor) null).apply(Tensor.temporary(d.kernels(), Shape.of(count, Recipe.HEIGHT, Recipe.WIDTH, Recipe.CHANNELS), x)));
            return Tensor.unrecorded(() -> Functions.crossEntropy(read.slice(1, 1, 1 + codes), Tensor.temporary(d.kernels(), Shape.of(count), code))).item();
        }
    }

    /// Of a step: `judged` images held out and as many trained on, `drawn` images generated. NaN is what this run doesn't have.
    record Figures(long step, int judged, double accuracy, double accuracyTrain, double gap, double gapTrain, int drawn, double distance, double floor, double ceiling,
                   double information, double entropy) {
        /// For a line of the log.
        SequencedMap<String, Object> json() {
            var json = new LinkedHashMap<String, Object>();
            json.put("images", judged);
            put(json, "d_accuracy", accuracy);
            put(json, "d_accuracy_train", accuracyTrain);
            put(json, "critic_gap", gap);
            put(json, "critic_gap_train", gapTrain);
            json.put("samples", drawn);
            put(json, "distance", distance);
            put(json, "distance_floor", floor);
            put(json, "distance_ceiling", ceiling);
            put(json, "code_information", information);
            if (!Double.isNaN(information)) put(json, "code_entropy", entropy);
            return json;
        }

        private static void put(SequencedMap<String, Object> json, String key, double value) {
            if (!Double.isNaN(value)) json.put(key, (float) value);
        }

        /// For people, at the end of a run.
        String text() {
            var text = new StringBuilder("held out: ");
            if (!Double.isNaN(accuracy))
                text.append("D right on " + Text.percent(accuracy) + " of " + judged + " images, on " + Text.percent(accuracyTrain) + " of as many trained on; ");
            if (!Double.isNaN(gap)) text.append("critic gap " + Text.fixed(gap, 3) + " (" + judged + " images), " + Text.fixed(gapTrain, 3) + " on as many trained on; ");
            text.append("distance of " + drawn + " samples " + Text.fixed(distance, 3) + " (of images trained on " + Text.fixed(floor, 3) + ", of the untrained generator "
                    + Text.fixed(ceiling, 3) + ")");
            if (!Double.isNaN(information)) text.append("; Q reads " + Text.fixed(information, 2) + " of the code's " + Text.fixed(entropy, 2) + " nats");
            return text.toString();
        }
    }
}
