package gannet.gan.loss;

import gannet.kernel.Names;
import java.util.List;

/// Every loss by its name, with its paper's settings: the list that configurations and the command line choose from.
public final class Losses {
    private static final List<GanLoss> ALL = List.of(new ModifiedMinimax(), new Minimax(), new Wasserstein(), new Wasserstein(true),
            new LeastSquares(), new Hinge(),
            new Relativistic(Margin.LOGISTIC), new Relativistic(Margin.LEAST_SQUARES), new Relativistic(Margin.HINGE),
            new RelativisticAverage(Margin.LOGISTIC), new RelativisticAverage(Margin.LEAST_SQUARES), new RelativisticAverage(Margin.HINGE),
            new LabelSmoothing(new ModifiedMinimax()), new LabelSmoothing(new Minimax()));
    private static final List<String> NAMES = ALL.stream().map(GanLoss::name).toList();

    private Losses() {}

    /// The names, the default first.
    public static List<String> names() {
        return NAMES;
    }

    /// The loss of that name.
    ///
    /// @throws IllegalArgumentException if there is none; it says which is nearest, and which there are
    public static GanLoss named(String name) {
        int i = NAMES.indexOf(name);
        if (i < 0)
            throw new IllegalArgumentException("there is no loss '" + name + "'; did you mean " + Names.nearest(name, NAMES)
                    + "? there are: " + String.join(", ", NAMES));
        return ALL.get(i);
    }
}
