package gannet.examples.lab;

import gannet.examples.Text;
import gannet.examples.lab.ModesGame.Remedy;
import gannet.examples.lab.ModesGame.Remedy.Kind;
import gannet.examples.lab.ModesGame.Sizes;
import gannet.examples.lab.Panel.Axis;
import gannet.io.Npy;
import gannet.metric.Mixture;
import gannet.metric.ModeCoverage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Mode collapse on a mixture in the plane, and what helps: Lin et al. 2018 (PacGAN), §4.1. A remedy counts if, in the median, it covers the modes, draws
/// within them, weighs them alike and fills each of them, all at once: coverage alone proves nothing.
///
/// @param reach how far from 0 pictures show the plane
/// @param bar modes that a remedy must cover
/// @param holding how many remedies must cover as many, whatever else they miss
/// @param quick how many of the remedies `--quick` tries
record ModesLab(String name, Mixture target, double reach, double bar, int holding, String published, List<Remedy> remedies, int quick, Sizes sizes,
                double minutes, double quickMinutes) implements Lab {
    /// Samples of high quality, of 2,500, that a covered mode holds.
    private static final int LEAST = 20;
    private static final double QUALITY = 0.9, DIVERGENCE = 0.1, NARROW = 0.5, WIDE = 1.5;
    private static final String MODES = "modes", TOUCHED = "modes touched", HIGH = "high quality", KL = "reverse KL", SPREAD = "spread";

    /// Eight modes on a circle. Adam's β₁ is 0.8, as in PacGAN's code.
    static ModesLab ring8() {
        return new ModesLab("ring8", Mixture.ring(8, 1, 0.01), 1.4, 8, 2, "modes touched and high quality: GAN 6.3, 98.2 %; PacGAN2 7.9, 95.6 %",
                List.of(new Remedy(Kind.R1, 0.02), new Remedy(Kind.ROTH, 0.04), new Remedy(Kind.PACKING, 2), new Remedy(Kind.MINIBATCH_STDDEV, 1),
                        new Remedy(Kind.WASSERSTEIN, 0.1)), 2,
                Sizes.small(6_000, 4e-3, 0.8, 1), 10, 2.5);
    }

    /// 25 modes on a grid. Adam's β₁ is DCGAN's.
    static ModesLab grid25() {
        return new ModesLab("grid25", Mixture.grid(5, 2, 0.05), 5, 24.5, 0, "modes touched and high quality: GAN 17.3, 94.8 %; PacGAN4 24.8, 93.6 %",
                List.of(new Remedy(Kind.R1, 0.15), new Remedy(Kind.ROTH, 0.3), new Remedy(Kind.PACKING, 4), new Remedy(Kind.MINIBATCH_STDDEV, 1),
                        new Remedy(Kind.WASSERSTEIN, 0.1)), 1,
                Sizes.small(12_000, 4e-3, 0.5, 4), 24, 3);
    }

    @Override public About about() {
        return new About(name, "a plain GAN loses modes of a mixture of " + target.modes() + "; a remedy covers them in their right place, weight and width",
                "Lin et al. 2018, section 4.1 and table 1", published, minutes, quickMinutes, 10);
    }

    @Override public List<Arm> arms(Scale scale, boolean control) {
        List<Arm> arms = new ArrayList<>();
        Sizes sizes = scale == Scale.FULL ? Sizes.PACGAN : this.sizes;
        arms.add(new ModesGame(name, target, sizes, Remedy.NONE).arm(Remedy.NONE.name()));
        for (Remedy remedy : scale == Scale.QUICK ? remedies.subList(0, quick) : remedies)
            arms.add(new ModesGame(name, target, sizes, control ? Remedy.NONE : remedy).arm(remedy.name()));
        return arms;
    }

    @Override public SequencedMap<String, Double> figures(String arm, Saved saved) throws IOException {
        ModeCoverage c = ModeCoverage.of(target, saved.array("samples").values());
        SequencedMap<String, Double> figures = new LinkedHashMap<>();
        figures.put(MODES, (double) c.modes(LEAST));
        figures.put(TOUCHED, (double) c.modes(1));
        figures.put(HIGH, c.highQuality());
        figures.put(KL, c.reverseKl());
        figures.put(SPREAD, c.spread());
        return figures;
    }

    /// What an arm misses of the bar, in words; empty if nothing. A NaN misses.
    private List<String> misses(Outcome outcome, String arm) {
        List<String> misses = new ArrayList<>();
        double modes = outcome.median(arm, MODES), high = outcome.median(arm, HIGH), kl = outcome.median(arm, KL), spread = outcome.median(arm, SPREAD);
        if (!(modes >= bar)) misses.add(Text.fixed(modes, 1) + " modes");
        if (!(high >= QUALITY)) misses.add(Text.fixed(100 * high, 1) + " % of high quality");
        if (!(kl <= DIVERGENCE)) misses.add("reverse KL " + Text.fixed(kl, 3));
        if (!(spread >= NARROW && spread <= WIDE)) misses.add("spread " + Text.fixed(spread, 2));
        return misses;
    }

    @Override public Verdict verdict(Outcome outcome) {
        String plain = Remedy.NONE.name();
        List<String> reach = new ArrayList<>(), hold = new ArrayList<>();
        for (String arm : outcome.figures().keySet()) {
            if (arm.equals(plain)) continue;
            if (misses(outcome, arm).isEmpty()) reach.add(arm);
            if (outcome.median(arm, MODES) >= bar) hold.add(arm);
        }
        List<String> plainMisses = misses(outcome, plain);
        String why = "plain misses the bar by " + (plainMisses.isEmpty() ? "nothing" : String.join(", ", plainMisses)) + "; reached by "
                + (reach.isEmpty() ? "no remedy" : String.join(", ", reach)) + "; modes held by " + (hold.isEmpty() ? "no remedy" : String.join(", ", hold))
                + " (bar: " + Text.fixed(bar, 1) + " modes of " + LEAST + " samples, 90 % of high quality, reverse KL 0.1, spread 0.5 to 1.5"
                + (holding > 0 ? "; " + holding + " remedies to hold all modes" : "") + ")";
        return new Verdict(!plainMisses.isEmpty() && !reach.isEmpty() && hold.size() >= holding, why);
    }

    @Override public void draw(Outcome outcome, Path folder) throws IOException {
        List<Panel> panels = new ArrayList<>();
        for (String arm : outcome.figures().keySet())
            panels.add(Panel.plane(arm, reach).with(modes()).with(Mark.Points.of(arm, outcome.typical(arm, MODES).array("samples").values())));
        int columns = panels.size();
        panels.add(course(outcome, "modes covered", c -> c.modes(Math.ceilDiv(LEAST * c.samples(), ModesGame.SAMPLES))));
        panels.add(course(outcome, "share of high quality", ModeCoverage::highQuality));
        Picture.squares(columns, panels).write(folder.resolve(name + ".png"));
    }

    private Mark modes() {
        double[] x = Arrays.stream(target.centres()).mapToDouble(c -> c[0]).toArray(), y = Arrays.stream(target.centres()).mapToDouble(c -> c[1]).toArray();
        return new Mark.Rings("modes", x, y);
    }

    /// A figure of coverage.
    private interface Figure {
        double of(ModeCoverage coverage);
    }

    /// How a figure went in training, of all arms and seeds.
    private Panel course(Outcome outcome, String title, Figure figure) throws IOException {
        Panel panel = Panel.of(title, Axis.of("steps"), Axis.of("").from(0, Double.NaN));
        for (String arm : outcome.figures().keySet()) {
            double[][] curves = new double[outcome.seeds().size()][];
            for (int i = 0; i < curves.length; i++) curves[i] = course(outcome.saved(arm, outcome.seeds().get(i)).array("history"), figure);
            panel = panel.with(new Mark.Spread(arm, outcome.saved(arm, outcome.seeds().getFirst()).curve("steps"), curves));
        }
        return panel;
    }

    private double[] course(Npy history, Figure figure) {
        double[] course = new double[history.shape()[0]];
        int length = history.values().length / course.length;
        for (int i = 0; i < course.length; i++)
            course[i] = figure.of(ModeCoverage.of(target, Arrays.copyOfRange(history.values(), i * length, (i + 1) * length)));
        return course;
    }
}
