package gannet.examples.lab;

import static gannet.nn.ActivationLayer.RELU;
import static gannet.nn.ActivationLayer.TANH;
import static gannet.nn.ActivationLayer.leakyRelu;

import gannet.data.ImageSet;
import gannet.data.ImageSource;
import gannet.examples.Data;
import gannet.examples.Text;
import gannet.gan.Batch;
import gannet.gan.Conditions;
import gannet.gan.GanTrainer;
import gannet.gan.Objective;
import gannet.gan.Player;
import gannet.gan.Prior;
import gannet.gan.Procedure;
import gannet.gan.Source;
import gannet.gan.loss.ModifiedMinimax;
import gannet.io.FormatException;
import gannet.io.ImageGrid;
import gannet.io.Npy;
import gannet.kernel.Kernels;
import gannet.metric.ClassFigures;
import gannet.metric.Classifier;
import gannet.metric.Frechet;
import gannet.metric.GanTrain;
import gannet.metric.JudgedImages;
import gannet.nn.ConditionalLayer;
import gannet.nn.ConditionalSequential;
import gannet.nn.Images;
import gannet.nn.Layers;
import gannet.nn.Weights;
import gannet.optim.Adam;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import gannet.tensor.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// A GAN that is told the classes of its images draws the class that it is asked for, in its variety; the same networks, told the same class of every
/// image, draw all classes under any. A classifier trained here on real images reads what came out; [ClassFigures] says why its accuracy is not enough.
///
/// Networks: those of recipe `cgan` at half the width. Bars: accuracy within 3 points of real images', variety 0.7, novelty 0.8.
/// `--quick` ends after 600 steps, before G draws its best (with seed 1 it was 6 points behind at a variety of 0.74, after 2,500 steps ahead at 0.87), and is held
/// to 15 points and 0.6; novelty has one bar for all, since a copy is a copy at any length. The [GanTrain] score and the Fréchet distance have no bar: their worth is in what stands beside them, the score of as many real
/// images, the distance of images trained on (floor) and that of the untrained G (ceiling), at the same N.
record CganLab(Path folder) implements Lab {
    private static final int Z = 100, CLASS = 20, BATCH = 64, SHOWN = 8, SIZE = 28;
    /// Images of each class that are judged, and that GAN-train's classifier is trained on; and for how long that is.
    private static final int A_CLASS = 100, TAUGHT = 300, EPOCHS = 10;
    private static final String TOLD = "classes told", WITHHELD = "classes withheld";
    private static final double NOVELTY = 0.8;

    /// What is asked of the images: how far their accuracy may be behind real images', and the least variety of any class.
    private record Bars(double behind, double variety) {
        /// After so many steps.
        static Bars of(double steps) {
            return steps >= CganLab.steps(Scale.NORMAL) ? new Bars(0.03, 0.7) : new Bars(0.15, 0.6);
        }
    }

    @Override public About about() {
        return new About("cgan", "a conditional GAN draws the class that it is asked for, and draws it in its variety",
                "Mirza & Osindero 2014, section 4.1; Miyato & Koyama 2018",
                "", 15, 4, 5);
    }

    @Override public Lab on(Path folder) {
        return new CganLab(folder);
    }

    private static int steps(Scale scale) {
        return switch (scale) {
            case QUICK -> 600;
            case NORMAL -> 2500;
            case FULL -> 10_000;
        };
    }

    @Override public List<Arm> arms(Scale scale, boolean control) throws IOException {
        Data data = Data.load(folder == null ? null : folder.toString());
        ImageSet images = data.train();
        if (!images.labelled() || !data.heldOut().labelled() || images.height() != SIZE || images.width() != SIZE || images.channels() != 1)
            throw new FormatException(data.name(), "has no labelled grey images of 28×28, expected Fashion-MNIST's or MNIST's files");
        var judge = new Judge(data);
        return List.of(arm(TOLD, scale, control ? 0 : 1, judge), arm(WITHHELD, scale, 0, judge));
    }

    private static Arm arm(String name, Scale scale, int told, Judge judge) {
        var settings = new LinkedHashMap<String, Object>();
        settings.put("steps", steps(scale));
        settings.put("batch", BATCH);
        settings.put("z", Z);
        settings.put("rate", 2e-4);
        settings.put("loss", "modified-minimax");
        settings.put("labels times", told);
        return new Arm(name, settings, (kernels, seed) -> train(kernels, seed, steps(scale), told, judge));
    }

    /// `z[n,100]` under classes → `x[n,28,28,1]`.
    private static Weights<?> generator(Layers l, int classes) {
        return Weights.<ConditionalLayer>of("generator", ConditionalSequential.of(l.classFeatures(classes, CLASS),
                l.denseUnbiased(Z + CLASS, 7 * 7 * 64), new Images.ToImage(7, 7, 64), l.conditionalBatchNorm(classes, 64), RELU,
                l.convTransposeUnbiased(64, 32, 4, 2, 1), l.conditionalBatchNorm(classes, 32), RELU, l.convTranspose(32, 1, 4, 2, 1), TANH));
    }

    /// `x[n,28,28,1]` under classes → logits `[n,1]`.
    private static Weights<?> discriminator(Layers l, int classes) {
        return Weights.<ConditionalLayer>of("discriminator", ConditionalSequential.of(l.classChannel(classes, SIZE, SIZE), l.conv(2, 32, 4, 2, 1), leakyRelu(0.2),
                l.convUnbiased(32, 64, 4, 2, 1), l.batchNorm(64), leakyRelu(0.2), new Images.Flatten(7, 7, 64), l.dense(3136, 1)));
    }

    private static SequencedMap<String, Npy> train(Kernels kernels, long seed, int steps, int told, Judge judge) {
        var layers = Layers.dcgan(kernels, seed);
        Weights<?> g = generator(layers, judge.classes()), d = discriminator(layers, judge.classes());
        var randoms = new Randoms(kernels, seed);
        Source labelled = ImageSource.labelled(kernels, judge.data.train(), BATCH, seed), source = new Source() {
            @Override public Batch next(int n) {
                Batch batch = labelled.next(n);
                return new Batch(batch.x(), Tensor.unrecorded(() -> batch.condition().times(told)));
            }

            @Override public List<State> states() {
                return labelled.states();
            }
        };
        Conditions classes = Conditions.classes(randoms, judge.classes());
        var trainer = new GanTrainer(Player.of(g, Adam.DCGAN, 2e-4), Player.of(d, Adam.DCGAN, 2e-4), Objective.of(new ModifiedMinimax()), Prior.normal(randoms, Z),
                (n, real) -> real != null ? real.condition() : Tensor.unrecorded(() -> classes.next(n, null).times(told)), source, randoms, Procedure.of(BATCH));
        SequencedMap<String, Npy> arrays = new LinkedHashMap<>();
        arrays.put("untrained-features", features(judge.on(kernels).read(drawn(g, randoms, told, judge.classes(), A_CLASS)).features()));
        while (trainer.steps() < steps) trainer.step();
        arrays.put("steps", Saved.of(steps));
        judge.judge(arrays, kernels, drawn(g, randoms, told, judge.classes(), TAUGHT));
        return arrays;
    }

    /// `each` images of every class, class by class; the first of a class are the same however many are drawn.
    private static float[] drawn(Weights<?> g, Randoms randoms, int told, int classes, int each) {
        float[] x = new float[classes * each * SIZE * SIZE];
        var mark = randoms.mark();
        var workspace = new Workspace(g.kernels());
        for (int k = 0; k < classes; k++)
            try (var _ = workspace.open()) {
                Tensor condition = Tensor.full(g.kernels(), Shape.of(each), k * told);
                double[] images = g.given(condition).infer(randoms.normal("judged", Shape.of(each, Z))).toArray();
                for (int i = 0; i < images.length; i++) x[k * images.length + i] = (float) images[i];
            }
        randoms.rewind(mark);
        return x;
    }

    /// The first `most` of each class's `each` images.
    private static float[] first(float[] x, int classes, int each, int most) {
        int size = SIZE * SIZE;
        float[] first = new float[classes * most * size];
        for (int k = 0; k < classes; k++) System.arraycopy(x, k * each * size, first, k * most * size, most * size);
        return first;
    }

    /// The classes asked for, class by class.
    private static int[] asked(int classes, int each) {
        int[] asked = new int[classes * each];
        for (int i = 0; i < asked.length; i++) asked[i] = i / each;
        return asked;
    }

    /// The classifier, trained once and copied to every trial's kernels, and the real images: those trained on, and as many held out as are judged.
    private static final class Judge {
        private final Data data;
        private final ImageSet real;
        private double[][] states;
        private int[] taughtByReal;

        Judge(Data data) {
            this.data = data;
            this.real = data.heldOut().range(0, Math.min(classes() * A_CLASS, data.heldOut().count()));
        }

        int classes() {
            return data.train().classes().size();
        }

        private synchronized Classifier on(Kernels kernels) {
            ImageSet train = data.train();
            if (states == null) {
                Classifier trained = Classifier.trained(kernels, train, train.count() > 30_000 ? 3 : EPOCHS, 0);
                states = trained.states().stream().map(s -> {
                    double[] values = new double[s.shape().count()];
                    s.read(values);
                    return values;
                }).toArray(double[][]::new);
            }
            var copy = new Classifier(kernels, SIZE, SIZE, 1, classes(), 0);
            for (int i = 0; i < states.length; i++) copy.states().get(i).write(states[i]);
            return copy;
        }

        /// What a classifier reads in the held-out images that was trained on as many real images as GAN-train's is on generated ones.
        private synchronized int[] taughtByReal(Kernels kernels) {
            ImageSet train = trained(TAUGHT);
            if (taughtByReal == null) taughtByReal = GanTrain.read(kernels, train.floats(), train.labels(), data.heldOut(), EPOCHS, 0);
            return taughtByReal;
        }

        /// The first `each` images of every class trained on, or as many as there are.
        private ImageSet trained(int each) {
            int[] labels = data.train().labels(), taken = new int[classes()];
            return data.train().subset(IntStream.range(0, labels.length).filter(i -> taken[labels[i]]++ < each).toArray());
        }

        /// Puts to the arrays what the images drawn and the real ones are judged as, what they teach, and eight of each class to look at.
        void judge(SequencedMap<String, Npy> arrays, Kernels kernels, float[] drawn) {
            Classifier classifier = on(kernels);
            float[] x = first(drawn, classes(), TAUGHT, A_CLASS);
            put(arrays, "", JudgedImages.of(classifier, x, asked(classes(), A_CLASS), data.train()));
            put(arrays, "real-", JudgedImages.of(classifier, real.floats(), real.labels(), data.train()));
            arrays.put("trained-features", features(classifier.read(trained(A_CLASS).floats()).features()));
            putTaught(arrays, classes() * TAUGHT, data.heldOut().labels(), GanTrain.read(kernels, drawn, asked(classes(), TAUGHT), data.heldOut(), EPOCHS, 0), taughtByReal(kernels));
            arrays.put("shown", new Npy(new int[] {classes() * SHOWN, SIZE, SIZE, 1}, first(drawn, classes(), TAUGHT, SHOWN)));
        }
    }

    private static Npy features(float[] features) {
        return new Npy(new int[] {features.length / Classifier.FEATURES, Classifier.FEATURES}, features);
    }

    /// Of each real image its class, what a classifier taught by `n` generated images reads in it, and what one taught by real images does.
    static void putTaught(SequencedMap<String, Npy> arrays, int n, int[] labels, int[] byGenerated, int[] byReal) {
        float[] read = new float[3 * labels.length];
        for (int i = 0; i < labels.length; i++) {
            read[3 * i] = labels[i];
            read[3 * i + 1] = byGenerated[i];
            read[3 * i + 2] = byReal[i];
        }
        arrays.put("taught", new Npy(new int[] {labels.length, 3}, read));
        arrays.put("taught-by", Saved.of(n));
    }

    static void put(SequencedMap<String, Npy> arrays, String which, JudgedImages judged) {
        int n = judged.asked().length;
        float[] labels = new float[2 * n], nearest = new float[n];
        for (int i = 0; i < n; i++) {
            labels[2 * i] = judged.asked()[i];
            labels[2 * i + 1] = judged.read()[i];
            nearest[i] = (float) judged.nearest()[i];
        }
        arrays.put(which + "labels", new Npy(new int[] {n, 2}, labels));
        arrays.put(which + "features", features(judged.features()));
        arrays.put(which + "nearest", new Npy(new int[] {n}, nearest));
    }

    private static JudgedImages judged(Saved saved, String which) throws IOException {
        float[] labels = saved.array(which + "labels").values(), nearest = saved.array(which + "nearest").values();
        int[] asked = new int[nearest.length], read = new int[nearest.length];
        double[] distances = new double[nearest.length];
        for (int i = 0; i < nearest.length; i++) {
            asked[i] = (int) labels[2 * i];
            read[i] = (int) labels[2 * i + 1];
            distances[i] = nearest[i];
        }
        return new JudgedImages(asked, read, saved.array(which + "features").values(), distances);
    }

    @Override public SequencedMap<String, Double> figures(String arm, Saved saved) throws IOException {
        JudgedImages judged = judged(saved, ""), real = judged(saved, "real-");
        ClassFigures of = ClassFigures.of(judged, real);
        var figures = new LinkedHashMap<String, Double>();
        figures.put("steps", saved.curve("steps")[0]);
        figures.put("read as asked", of.accuracy());
        figures.put("of real images", of.realAccuracy());
        figures.put("least variety", Arrays.stream(of.variety()).min().orElseThrow());
        figures.put("least novelty", Arrays.stream(of.novelty()).min().orElseThrow());
        String taught = "GAN-train N " + (int) saved.curve("taught-by")[0];
        figures.put(taught, taught(saved, 1));
        figures.put(taught + " of real", taught(saved, 2));
        int n = judged.asked().length, m = real.asked().length;
        String distance = "Fréchet N " + (n == m ? "" + n : n + " v. " + m);
        figures.put(distance, of.distance());
        figures.put(distance + " floor", distance(saved, "trained-features", real));
        figures.put(distance + " ceiling", distance(saved, "untrained-features", real));
        return figures;
    }

    private static double distance(Saved saved, String which, JudgedImages real) throws IOException {
        return Frechet.distance(saved.array(which).values(), real.features(), Classifier.FEATURES);
    }

    /// The share of real images whose class is what `column` of those who read them says.
    private static double taught(Saved saved, int column) throws IOException {
        float[] read = saved.array("taught").values();
        int right = 0;
        for (int i = 0; i < read.length; i += 3) if (read[i] == read[i + column]) right++;
        return right / (read.length / 3.0);
    }

    @Override public Verdict verdict(Outcome outcome) {
        Bars bars = Bars.of(outcome.median(TOLD, "steps"));
        double told = outcome.median(TOLD, "read as asked"), real = outcome.median(TOLD, "of real images"), without = outcome.median(WITHHELD, "read as asked");
        double variety = outcome.median(TOLD, "least variety"), novelty = outcome.median(TOLD, "least novelty");
        boolean shown = told >= real - bars.behind && variety >= bars.variety && novelty >= NOVELTY && without <= 0.2;
        return new Verdict(shown, Text.percent(told) + " of the images are read as asked, of real ones " + Text.percent(real) + " (needed: at most " + Math.round(100 * bars.behind)
                + " points less); the least varied class has " + Text.fixed(variety, 2) + " of the real variety (needed: " + bars.variety + "); the class nearest to images trained on lies "
                + Text.fixed(novelty, 2) + " times as far from them as real ones (needed: " + NOVELTY + "); with classes withheld " + Text.percent(without) + " (needed: at most 20 %)");
    }

    @Override public void draw(Outcome outcome, Path to) throws IOException {
        for (String arm : outcome.figures().keySet()) {
            Npy shown = outcome.typical(arm, "read as asked").array("shown");
            new ImageGrid(SHOWN, 2, 2).write(to.resolve(arm.equals(TOLD) ? "cgan.png" : "cgan-withheld.png"), shown.shape()[0], SIZE, SIZE, 1, shown.values());
        }
    }
}
