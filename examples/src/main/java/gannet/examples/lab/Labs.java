package gannet.examples.lab;

import gannet.examples.Options;
import gannet.examples.UsageException;
import java.util.List;

/// All labs there are, in the order in which `lab --list` tells of them.
final class Labs {
    static final List<Lab> ALL = List.of(
            new DensityRatioLab(),
            new FreezeLab(),
            new GradientFlowLab(),
            new DiracLab(),
            new WassersteinLab(),
            new CganLab(null),
            new AlternatingLab(),
            new PreflightLab(),
            new ConvergenceLab(),
            new OverrunLab(),
            new GenerativeLab(),
            new PriorLab(),
            new VanishingLab(),
            ModesLab.ring8(),
            ModesLab.grid25(),
            new UnrolledLab(),
            new StackedLab(null),
            new NoiseLab(),
            RegularisersLab.roth(),
            RegularisersLab.weightPenalties()
    );

    private Labs() {}

    /// Their names.
    static List<String> names() {
        return ALL.stream().map(lab -> lab.about().name()).toList();
    }

    /// The lab of that name.
    static Lab named(String name) {
        for (Lab lab : ALL) if (lab.about().name().equals(name)) return lab;
        throw new UsageException("there is no lab '" + name + "'; did you mean " + Options.nearest(name, names())
                + "? there are: " + String.join(", ", names()));
    }
}
