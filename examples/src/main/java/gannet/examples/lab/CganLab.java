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

/// A GAN that is told the classes of its images draws the class that it is asked for, in its variety; the same networks, told the same class of every
/// image, draw all classes under any. A classifier trained here on real images reads what came out; [ClassFigures] says why its accuracy is not enough.
///
/// Networks: those of recipe `cgan` at half the width.
record CganLab(Path folder) implements Lab {
    private static final int Z = 100, CLASS = 20, BATCH = 64, A_CLASS = 100, SHOWN = 8, SIZE = 28, REAL = 2000;
    private static final String TOLD = "classes told", WITHHELD = "classes withheld";
    /// Of the classifier's accuracy on real images; and the least variety of any class.
    private static final double ACCURACY = 0.75, VARIETY = 0.4;

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
        while (trainer.steps() < steps) trainer.step();
        return judge.judged(g, randoms, told);
    }

    /// The classifier, trained once and copied to every trial's kernels, and the real images that were not trained on.
    private static final class Judge {
        private final Data data;
        private double[][] states;

        Judge(Data data) {
            this.data = data;
        }

        int classes() {
            return data.train().classes().size();
        }

        private synchronized Classifier on(Kernels kernels) {
            ImageSet train = data.train();
            if (states == null) {
                Classifier trained = Classifier.trained(kernels, train, train.count() > 30_000 ? 3 : 10, 0);
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

        /// A hundred images of each class asked for, and the real ones, as judged; eight of each class to look at.
        SequencedMap<String, Npy> judged(Weights<?> g, Randoms randoms, int told) {
            Classifier classifier = on(g.kernels());
            int n = classes() * A_CLASS, size = SIZE * SIZE;
            float[] x = new float[n * size], shown = new float[classes() * SHOWN * size];
            int[] asked = new int[n];
            var workspace = new Workspace(g.kernels());
            for (int k = 0; k < classes(); k++) {
                double[] images;
                try (var _ = workspace.open()) {
                    Tensor condition = Tensor.full(g.kernels(), Shape.of(A_CLASS), k * told);
                    images = g.given(condition).infer(randoms.normal("judged", Shape.of(A_CLASS, Z))).toArray();
                }
                Arrays.fill(asked, k * A_CLASS, (k + 1) * A_CLASS, k);
                for (int i = 0; i < images.length; i++) x[k * images.length + i] = (float) images[i];
                System.arraycopy(x, k * A_CLASS * size, shown, k * SHOWN * size, SHOWN * size);
            }
            ImageSet real = data.heldOut().range(0, Math.min(REAL, data.heldOut().count()));
            var arrays = new LinkedHashMap<String, Npy>();
            put(arrays, "", JudgedImages.of(classifier, x, asked, data.train()));
            put(arrays, "real-", JudgedImages.of(classifier, real.floats(), real.labels(), data.train()));
            arrays.put("shown", new Npy(new int[] {classes() * SHOWN, SIZE, SIZE, 1}, shown));
            return arrays;
        }
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
        arrays.put(which + "features", new Npy(new int[] {n, Classifier.FEATURES}, judged.features()));
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
        ClassFigures of = ClassFigures.of(judged(saved, ""), judged(saved, "real-"));
        var figures = new LinkedHashMap<String, Double>();
        figures.put("read as asked", of.accuracy());
        figures.put("of real images", of.realAccuracy());
        figures.put("least variety", Arrays.stream(of.variety()).min().orElseThrow());
        figures.put("least novelty", Arrays.stream(of.novelty()).min().orElseThrow());
        figures.put("Fréchet distance", of.distance());
        return figures;
    }

    @Override public Verdict verdict(Outcome outcome) {
        double accuracy = outcome.median(TOLD, "read as asked") / outcome.median(TOLD, "of real images"), variety = outcome.median(TOLD, "least variety");
        double without = outcome.median(WITHHELD, "read as asked");
        boolean shown = accuracy >= ACCURACY && variety >= VARIETY && without <= 0.2;
        return new Verdict(shown, Text.percent(outcome.median(TOLD, "read as asked")) + " of the images are read as asked, " + Text.percent(accuracy)
                + " of what real ones are (needed: " + Text.percent(ACCURACY)
                + "), the least varied class has " + Text.fixed(variety, 2) + " of the real variety (needed: " + VARIETY + "); with classes withheld "
                + Text.percent(without) + " (needed: at most 20 %)");
    }

    @Override public void draw(Outcome outcome, Path to) throws IOException {
        for (String arm : outcome.figures().keySet()) {
            Npy shown = outcome.typical(arm, "read as asked").array("shown");
            new ImageGrid(SHOWN, 2, 2).write(to.resolve(arm.equals(TOLD) ? "cgan.png" : "cgan-withheld.png"), shown.shape()[0], SIZE, SIZE, 1, shown.values());
        }
    }
}
