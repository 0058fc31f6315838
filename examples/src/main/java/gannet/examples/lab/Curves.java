package gannet.examples.lab;

import gannet.metric.Mixture;
import java.io.IOException;
import java.util.List;

/// Curves and samples as trials saved them, made into marks.
final class Curves {
    private Curves() {}

    /// The curve `y` of every seed of an arm against the array `x`, which the seeds share: the median, over a band from the least to the greatest.
    static Mark spread(Outcome outcome, String arm, String x, String y) throws IOException {
        List<Long> seeds = outcome.seeds();
        double[] at = outcome.saved(arm, seeds.getFirst()).curve(x);
        double[][] curves = new double[seeds.size()][];
        for (int i = 0; i < curves.length; i++) curves[i] = outcome.saved(arm, seeds.get(i)).curve(y);
        return new Mark.Spread(arm, at, curves);
    }

    /// An arm's `samples`, of the seed in the middle by a figure, over the modes that they should cover.
    static Panel samples(Outcome outcome, String arm, String figure, Mixture target, double reach) throws IOException {
        double[] x = new double[target.modes()], y = new double[target.modes()];
        for (int i = 0; i < x.length; i++) {
            x[i] = target.centres()[i][0];
            y[i] = target.centres()[i][1];
        }
        float[] samples = outcome.typical(arm, figure).array("samples").values();
        return Panel.plane(arm + ": samples of G", reach).with(new Mark.Rings("", x, y)).with(Mark.Points.of(arm, samples));
    }
}
