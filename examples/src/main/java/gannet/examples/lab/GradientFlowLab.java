package gannet.examples.lab;

import static gannet.nn.ActivationLayer.TANH;

import gannet.examples.lab.Panel.Axis;
import gannet.gan.loss.GanLoss;
import gannet.gan.loss.Minimax;
import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.loss.Wasserstein;
import gannet.io.Npy;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.nn.Images;
import gannet.nn.Initialiser;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.tensor.Gradients;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;

/// G learns through D: the gradient of `L_G(D(G(z)))` by every weight of G, for three losses, against finite differences in double; and the same
/// gradient in 32-bit floats against the double one. In the failing arm D is cut off (`x · s + detach(x) · (1 − s)` at s = 0, which changes no value), as by a
/// stray `detach`: the loss still reads well, and G gets nothing.
final class GradientFlowLab implements Lab {
    private static final String THROUGH = "through-d", CUT = "cut";
    private static final List<GanLoss> LOSSES = List.of(new Minimax(), new ModifiedMinimax(), new Wasserstein());
    private static final int Z = 3, BATCH = 4;
    private static final double STEP = 1e-3, IN_DOUBLE = 1e-8, IN_FLOATS = 1e-4;

    @Override public About about() {
        return new About("gradient-flow", "G's gradient flows through D: it agrees with finite differences to 1e-8; cut off at D, G gets none",
                "Goodfellow et al. 2014, Algorithm 1", "", 0.1, 0.1, 5);
    }

    @Override public List<Arm> arms(Scale scale, boolean control) {
        List<Arm> arms = new ArrayList<>();
        for (String name : List.of(THROUGH, CUT)) {
            double share = name.equals(CUT) || control ? 0 : 1;
            SequencedMap<String, Object> settings = new LinkedHashMap<>();
            settings.put("batch", (long) BATCH);
            settings.put("step of differences", STEP);
            settings.put("gradient through D", share);
            arms.add(new Arm(name, settings, (kernels, seed) -> trial(kernels, seed, share)));
        }
        return arms;
    }

    /// A small DCGAN with batch norm and smooth activations: across a kink differences are worth nothing.
    private record Game(Network g, Network d, Tensor z) {
        static Game of(Kernels k, long seed) {
            var layers = new Layers(k, seed, Initialiser.normal(0, 0.6), Initialiser.normal(1, 0.2));
            Network g = Network.of("generator", layers.denseUnbiased(Z, 2 * 2 * 2), new Images.ToImage(2, 2, 2), layers.batchNorm(2), TANH,
                    layers.convTranspose(2, 1, 4, 2, 1), TANH);
            Network d = Network.of("discriminator", layers.conv(1, 2, 4, 2, 1), layers.batchNorm(2), TANH, new Images.Flatten(2, 2, 2), layers.dense(8, 1));
            var random = new Random(seed);
            double[] z = new double[BATCH * Z];
            for (int i = 0; i < z.length; i++) z[i] = (float) random.nextGaussian(); // the same numbers in floats and in doubles
            return new Game(g, d, Tensor.of(k, Shape.of(BATCH, Z), z));
        }

        Tensor loss(GanLoss loss, List<Tensor> weights, double share) {
            Tensor x = g.at(weights).apply(z);
            return loss.generator(null, d.apply(x.times(share).plus(x.detach().times(1 - share))));
        }

        /// `dL_G/dθ_G`, all weights one after the other.
        double[] gradient(GanLoss loss, double share) {
            Gradients gradients = Gradients.of(loss(loss, g.weights(), share), g.weights());
            return joined(g.weights().stream().map(gradients::get).toList());
        }
    }

    private static double[] joined(List<Tensor> tensors) {
        return tensors.stream().flatMapToDouble(t -> Arrays.stream(t.toArray())).toArray();
    }

    private static SequencedMap<String, Npy> trial(Kernels kernels, long seed, double share) {
        Game exact = Game.of(new ReferenceKernels(), seed), rounded = Game.of(kernels, seed);
        double[] weights = joined(exact.g.weights());
        // What is compared is the function: both networks must hold the same numbers.
        for (Tensor w : exact.g.weights()) w.assign(Tensor.of(w.kernels(), w.shape(), asFloats(w.toArray())));
        for (Tensor w : exact.d.weights()) w.assign(Tensor.of(w.kernels(), w.shape(), asFloats(w.toArray())));
        double[] autograd = new double[LOSSES.size() * weights.length], differences = autograd.clone(), floats = autograd.clone();
        for (int i = 0; i < LOSSES.size(); i++) {
            GanLoss loss = LOSSES.get(i);
            System.arraycopy(exact.gradient(loss, share), 0, autograd, i * weights.length, weights.length);
            System.arraycopy(rounded.gradient(loss, share), 0, floats, i * weights.length, weights.length);
            System.arraycopy(differences(exact, loss), 0, differences, i * weights.length, weights.length);
        }
        SequencedMap<String, Npy> saved = new LinkedHashMap<>();
        saved.put("autograd", halves(autograd));
        saved.put("differences", halves(differences));
        saved.put("floats", halves(floats));
        return saved;
    }

    private static double[] asFloats(double[] values) {
        for (int i = 0; i < values.length; i++) values[i] = (float) values[i];
        return values;
    }

    /// `(8(f(+h) − f(−h)) − f(+2h) + f(−2h)) / 12h` in each weight. The loss doesn't depend on what is cut.
    private static double[] differences(Game game, GanLoss loss) {
        List<Double> slopes = new ArrayList<>();
        for (Tensor w : game.g.weights()) {
            double[] at = w.toArray();
            for (int i = 0; i < at.length; i++) {
                double[] f = new double[5];
                for (int step = -2; step <= 2; step++) {
                    double[] moved = at.clone();
                    moved[i] += step * STEP;
                    List<Tensor> weights = new ArrayList<>(game.g.weights());
                    weights.set(game.g.weights().indexOf(w), Tensor.of(w.kernels(), w.shape(), moved));
                    f[step + 2] = game.loss(loss, weights, 1).item();
                }
                slopes.add((8 * (f[3] - f[1]) - f[4] + f[0]) / (12 * STEP));
            }
        }
        return slopes.stream().mapToDouble(d -> d).toArray();
    }

    /// Doubles as sums of two floats, `[n,2]`: files hold floats, in which 1e-8 would be lost.
    private static Npy halves(double[] values) {
        float[] halves = new float[2 * values.length];
        for (int i = 0; i < values.length; i++) {
            halves[2 * i] = (float) values[i];
            halves[2 * i + 1] = (float) (values[i] - halves[2 * i]);
        }
        return new Npy(new int[] {values.length, 2}, halves);
    }

    private static double[] whole(Saved saved, String name) throws IOException {
        float[] halves = saved.array(name).values();
        double[] values = new double[halves.length / 2];
        for (int i = 0; i < values.length; i++) values[i] = (double) halves[2 * i] + halves[2 * i + 1];
        return values;
    }

    @Override public SequencedMap<String, Double> figures(String arm, Saved saved) throws IOException {
        double[] autograd = whole(saved, "autograd"), differences = whole(saved, "differences"), floats = whole(saved, "floats");
        SequencedMap<String, Double> figures = new LinkedHashMap<>();
        figures.put("norm", Math.sqrt(Arrays.stream(autograd).map(g -> g * g).sum()));
        figures.put("norm by differences", Math.sqrt(Arrays.stream(differences).map(g -> g * g).sum()));
        figures.put("error", error(autograd, differences));
        figures.put("error in floats", error(floats, differences));
        return figures;
    }

    /// The greatest difference, relative to the greatest element.
    private static double error(double[] a, double[] right) {
        double off = 0, greatest = 0;
        for (int i = 0; i < a.length; i++) {
            off = Math.max(off, Math.abs(a[i] - right[i]));
            greatest = Math.max(greatest, Math.abs(right[i]));
        }
        return off / greatest;
    }

    /// A gradient is right in every seed or wrong: the worst one is judged.
    @Override public Verdict verdict(Outcome outcome) {
        double error = outcome.greatest(THROUGH, "error"), floats = outcome.greatest(THROUGH, "error in floats"), cut = outcome.greatest(CUT, "norm");
        boolean shown = error <= IN_DOUBLE && floats <= IN_FLOATS && cut == 0 && outcome.least(CUT, "norm by differences") > 0;
        return new Verdict(shown, "in the worst seed the gradient through D is off by " + Table.number(error) + " (bar: 1e-8), in floats by " + Table.number(floats)
                + " (bar: 1e-4); cut off, its norm is at most " + Table.number(cut));
    }

    @Override public void draw(Outcome outcome, Path folder) throws IOException {
        List<Panel> panels = new ArrayList<>();
        long seed = outcome.seeds().getFirst();
        for (String arm : outcome.figures().keySet()) {
            Saved saved = outcome.saved(arm, seed);
            double[] differences = whole(saved, "differences");
            double reach = 1.1 * Arrays.stream(differences).map(Math::abs).max().orElse(1);
            panels.add(Panel.of(arm, Axis.of("finite differences").from(-reach, reach), Axis.of("dL_G/dθ by gradient").from(-reach, reach))
                    .with(new Mark.Line("", new double[] {-reach, reach}, new double[] {-reach, reach}))
                    .with(new Mark.Points(arm, differences, whole(saved, "autograd"))));
        }
        Picture.squares(2, panels).write(folder.resolve("gradient-flow.png"));
    }
}
