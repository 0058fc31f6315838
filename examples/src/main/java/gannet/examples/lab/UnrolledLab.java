package gannet.examples.lab;

import static gannet.nn.ActivationLayer.RELU;
import static gannet.nn.ActivationLayer.TANH;

import gannet.examples.Text;
import gannet.examples.lab.ModesGame.Drawn;
import gannet.examples.lab.Panel.Axis;
import gannet.gan.GanTrainer;
import gannet.gan.Objective;
import gannet.gan.Player;
import gannet.gan.Prior;
import gannet.gan.Procedure;
import gannet.gan.Unrolled;
import gannet.gan.loss.Minimax;
import gannet.io.Npy;
import gannet.kernel.Kernels;
import gannet.metric.Mixture;
import gannet.metric.ModeCoverage;
import gannet.nn.ActivationLayer;
import gannet.nn.Initialiser;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.nn.Orthogonal;
import gannet.optim.Adam;
import gannet.tensor.Randoms;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// A generator that rotates through the modes, as fast as D learns that the last one is fake; and one that sees what D would learn in K more steps, and
/// stays with all of them: Metz et al. 2017, §3.1 and Figure 2.
final class UnrolledLab implements Lab {
    /// Eight modes on a circle, in the paper and the notebook.
    static final Mixture TARGET = Mixture.ring(8, 2, 0.02);
    /// Looked at each so many steps, on so many samples of the same z; at the end on more.
    static final int EVERY = 100, SHOWN = 500, SAMPLES = 2500;
    private static final int[] AHEAD = {0, 5, 10};
    private static final int PANELS = 6;
    /// A mode is held while it has a quarter of its share of the samples, and covered at the end by 20 of 2,500 within 3σ.
    private static final double QUARTER = 0.25, SWITCH = 0.5, FEWER = 10;
    private static final int LEAST = 20;
    private static final String SWITCHES = "switches", HELD = "modes held", COVERED = "modes at the end", HIGH = "high quality";

    /// @param notebook whether networks and settings are those of the authors' notebook: tanh, D of two hidden layers, orthogonal weights of gain 1.4;
    ///     else smaller ones that hop and settle in a third of its steps: ReLU, D of one hidden layer that sees x/4, gain 0.8
    record Sizes(boolean notebook, int steps, int batch, int z, int width, double rateG, double rateD) {
        static Sizes of(Scale scale) {
            return switch (scale) {
                case FULL -> new Sizes(true, 25_000, 512, 256, 128, 1e-3, 1e-4);
                case NORMAL -> new Sizes(false, 8_000, 128, 64, 64, 1e-3, 1e-3);
                case QUICK -> new Sizes(false, 6_000, 128, 64, 64, 1e-3, 1e-3);
            };
        }
    }

    @Override public About about() {
        return new About("unrolled", "a plain GAN rotates through the modes; unrolling D by 5 or 10 steps holds all eight",
                "Metz et al. 2017, section 3.1 and figure 2; settings of the authors' notebook with --full", "", 2.2, 1.7, 5);
    }

    @Override public List<Arm> arms(Scale scale, boolean control) {
        List<Arm> arms = new ArrayList<>();
        Sizes sizes = Sizes.of(scale);
        for (int k : AHEAD) {
            int ahead = control ? 0 : k;
            SequencedMap<String, Object> settings = new LinkedHashMap<>();
            settings.put("data", "ring of radius 2, deviation 0.02");
            settings.put("loss", new Minimax().name());
            settings.put("networks", sizes.notebook ? "the notebook's" : "smaller");
            settings.put("steps", (long) sizes.steps);
            settings.put("batch", (long) sizes.batch);
            settings.put("z", (long) sizes.z);
            settings.put("width", (long) sizes.width);
            settings.put("rate of G", sizes.rateG);
            settings.put("rate of D", sizes.rateD);
            settings.put("beta1", Adam.DCGAN.beta1());
            settings.put("unroll", (long) ahead);
            arms.add(new Arm("K = " + k, settings, (kernels, seed) -> train(kernels, seed, sizes, ahead)));
        }
        return arms;
    }

    static SequencedMap<String, Npy> train(Kernels kernels, long seed, Sizes s, int ahead) {
        ActivationLayer act = s.notebook ? TANH : RELU;
        var l = new Layers(kernels, seed, new Orthogonal(s.notebook ? 1.4 : 0.8), Initialiser.constant(1));
        Network g = Network.of("generator", l.dense(s.z, s.width), act, l.dense(s.width, s.width), act, l.dense(s.width, 2));
        Network d = s.notebook ? Network.of("discriminator", l.dense(2, s.width), act, l.dense(s.width, s.width), act, l.dense(s.width, 1))
                : Network.of("discriminator", x -> x.times(0.25), l.dense(2, s.width), act, l.dense(s.width, 1));
        var randoms = new Randoms(kernels, 2 * seed);
        var held = new Randoms(kernels, 2 * seed + 1); // training never sees these
        var trainer = new GanTrainer(Player.of(g, Adam.DCGAN, s.rateG), Player.of(d, Adam.DCGAN, s.rateD), Objective.of(new Minimax()),
                Prior.normal(randoms, s.z), new Drawn(TARGET, randoms), randoms, Procedure.of(s.batch).with(new Unrolled(ahead)));
        int snapshots = s.steps / EVERY;
        float[] history = new float[snapshots * SHOWN * 2];
        for (int i = 0; i < snapshots; i++) {
            while (trainer.steps() < (i + 1L) * EVERY) trainer.step();
            System.arraycopy(ModesGame.samples(g, held, SHOWN), 0, history, i * SHOWN * 2, SHOWN * 2);
        }
        SequencedMap<String, Npy> saved = new LinkedHashMap<>();
        saved.put("samples", new Npy(new int[] {SAMPLES, 2}, ModesGame.samples(g, held, SAMPLES)));
        saved.put("history", new Npy(new int[] {snapshots, SHOWN, 2}, history));
        return saved;
    }

    /// The samples at one time.
    private static float[] at(Npy history, int time) {
        int length = history.values().length / history.shape()[0];
        return Arrays.copyOfRange(history.values(), time * length, (time + 1) * length);
    }

    /// `[times][modes]`: how many samples are nearest to each mode.
    private static int[][] histograms(Npy history) {
        int[][] histograms = new int[history.shape()[0]][];
        for (int t = 0; t < histograms.length; t++) histograms[t] = ModeCoverage.of(TARGET, at(history, t)).nearest();
        return histograms;
    }

    @Override public SequencedMap<String, Double> figures(String arm, Saved saved) throws IOException {
        Npy history = saved.array("history");
        int[][] histograms = histograms(history);
        int switches = 0, held = 0;
        for (int t = 1; t < histograms.length; t++) if (ModeCoverage.totalVariation(histograms[t - 1], histograms[t]) > SWITCH) switches++;
        for (int mode = 0; mode < TARGET.modes(); mode++) {
            boolean always = true;
            for (int t = histograms.length / 2; t < histograms.length; t++)
                always &= histograms[t][mode] >= QUARTER * history.shape()[1] / TARGET.modes();
            if (always) held++;
        }
        ModeCoverage end = ModeCoverage.of(TARGET, saved.array("samples").values());
        SequencedMap<String, Double> figures = new LinkedHashMap<>();
        figures.put(SWITCHES, (double) switches);
        figures.put("of", histograms.length - 1.0);
        figures.put(HELD, (double) held);
        figures.put(COVERED, (double) end.modes(LEAST));
        figures.put(HIGH, end.highQuality());
        return figures;
    }

    @Override public Verdict verdict(Outcome outcome) {
        String plain = arm(0);
        double before = outcome.median(plain, SWITCHES);
        boolean shown = before >= FEWER && outcome.median(plain, HELD) < TARGET.modes();
        var why = new StringBuilder(plain + " switches " + Text.fixed(before, 1) + " times of " + Text.fixed(outcome.median(plain, "of"), 0) + " and holds "
                + Text.fixed(outcome.median(plain, HELD), 1) + " modes");
        for (int k : AHEAD) {
            if (k == 0) continue;
            double switches = outcome.median(arm(k), SWITCHES), held = outcome.median(arm(k), HELD), covered = outcome.median(arm(k), COVERED);
            shown &= switches <= before / FEWER && held >= TARGET.modes() && covered >= TARGET.modes();
            why.append("; ").append(arm(k)).append(' ').append(Text.fixed(switches, 1)).append(" times, holds ").append(Text.fixed(held, 1)).append(" and ends with ")
                    .append(Text.fixed(covered, 1));
        }
        return new Verdict(shown, why + " (bar: at least 10 switches without, a tenth with; all 8 held through the second half and covered at the end)");
    }

    private static String arm(int k) {
        return "K = " + k;
    }

    @Override public void draw(Outcome outcome, Path folder) throws IOException {
        List<Panel> row = new ArrayList<>(), bands = new ArrayList<>();
        double[] x = Arrays.stream(TARGET.centres()).mapToDouble(c -> c[0]).toArray();
        double[] y = Arrays.stream(TARGET.centres()).mapToDouble(c -> c[1]).toArray();
        for (String arm : outcome.figures().keySet()) {
            Npy history = outcome.typical(arm, SWITCHES).array("history");
            int times = history.shape()[0], panels = Math.min(PANELS, times);
            for (int i = 1; i <= panels; i++) {
                int time = i * times / panels - 1;
                Panel panel = Panel.plane(arm + ", step " + Text.grouped((time + 1L) * EVERY), 3);
                row.add(panel.with(new Mark.Rings("modes", x, y)).with(Mark.Points.of(arm, at(history, time))));
            }
            bands.add(band(arm, histograms(history)));
        }
        new Picture(row.size() / outcome.figures().size(), 240, 260, row).write(folder.resolve("unrolled.png"));
        Picture.of(1, bands).write(folder.resolve("unrolled-modes.png"));
    }

    /// Which modes the samples are at, over time: red, more than its share; blue, none.
    private static Panel band(String arm, int[][] histograms) {
        int modes = TARGET.modes(), times = histograms.length;
        double[] values = new double[modes * times];
        for (int mode = 0; mode < modes; mode++)
            for (int t = 0; t < times; t++) values[mode * times + t] = (double) histograms[t][mode] / Arrays.stream(histograms[t]).sum();
        return Panel.of(arm + ": share of each mode", Axis.of("steps"), Axis.of("mode"))
                .with(new Mark.Surface(arm, modes, times, values, 0, times * EVERY, 0, modes, 0, 2.0 / modes));
    }
}
