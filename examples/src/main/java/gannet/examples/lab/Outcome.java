package gannet.examples.lab;

import gannet.examples.lab.Lab.Scale;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;

/// What a lab's trials of one scale came to: `figures`, by arm, a map of figures for each seed; and the folder that the trials' arrays are in.
record Outcome(Path folder, Scale scale, List<Long> seeds, SequencedMap<String, List<SequencedMap<String, Double>>> figures) {
    /// Of trials as long as they are without `--quick` or `--full`.
    Outcome(Path folder, List<Long> seeds, SequencedMap<String, List<SequencedMap<String, Double>>> figures) {
        this(folder, Scale.NORMAL, seeds, figures);
    }

    /// The figure of an arm, in the order of the seeds.
    double[] values(String arm, String figure) {
        List<SequencedMap<String, Double>> trials = figures.get(arm);
        if (trials == null) throw new IllegalArgumentException("there is no arm '" + arm + "' in " + folder + "; there are " + figures.keySet());
        double[] values = new double[trials.size()];
        for (int i = 0; i < values.length; i++) {
            Double value = trials.get(i).get(figure);
            if (value == null) throw new IllegalArgumentException("arm '" + arm + "' has no figure '" + figure + "'; it has " + trials.get(i).keySet());
            values[i] = value;
        }
        return values;
    }

    /// The median over the seeds; for an even number of them the mean of the two in the middle. NaN if any is NaN.
    double median(String arm, String figure) {
        return median(values(arm, figure));
    }

    /// The greatest over the seeds: for what must be exact, and so in every seed. NaN if any is NaN.
    double greatest(String arm, String figure) {
        return Arrays.stream(values(arm, figure)).max().orElseThrow();
    }

    /// The least over the seeds. NaN if any is NaN.
    double least(String arm, String figure) {
        return Arrays.stream(values(arm, figure)).min().orElseThrow();
    }

    /// The median of any numbers; NaN if any is NaN.
    static double median(double... values) {
        double[] sorted = values.clone();
        for (double v : sorted) if (Double.isNaN(v)) return Double.NaN;
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /// The arrays of one trial.
    Saved saved(String arm, long seed) {
        return Saved.in(folder, arm, seed);
    }

    /// The arrays of an arm's trial in the middle: the seed whose figure is the median, the lower one of two. For pictures of samples, of which only
    /// one trial can be shown.
    Saved typical(String arm, String figure) {
        double[] values = values(arm, figure);
        Integer[] order = new Integer[values.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(values[a], values[b]));
        return saved(arm, seeds.get(order[(order.length - 1) / 2]));
    }
}
