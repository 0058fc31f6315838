package gannet.examples.bench;

import static gannet.nn.Weights.freeze;

import gannet.gan.Batch;
import gannet.gan.GanTrainer;
import gannet.gan.Objective;
import gannet.gan.Player;
import gannet.gan.Procedure;
import gannet.gan.Source;
import gannet.gan.Unrolled;
import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.loss.Wasserstein;
import gannet.gan.penalty.GradientPenalty;
import gannet.kernel.Kernels;
import gannet.tensor.Randoms;
import gannet.tensor.Tensor;
import gannet.tensor.Workspace;
import java.util.List;

/// What the two costly remedies cost: a step with each beside one without, on the networks of [StepCases]. The critic's step alone, with and without the gradient penalty, and a whole step
/// of a GAN whose G looks 5 steps ahead of D, or none. `./gannet bench --only cost_`
final class CostCases {
    static final String PREFIX = "cost_";

    private CostCases() {}

    static List<Case> all() {
        return List.of(new Case(PREFIX + "critic28", 0, Case.BATCH, kernels -> critic(kernels, Case.BATCH, false)),
                new Case(PREFIX + "critic-gp28", 0, Case.BATCH, kernels -> critic(kernels, Case.BATCH, true)),
                new Case(PREFIX + "unrolled0-28", 0, Case.BATCH, kernels -> unrolled(kernels, Case.BATCH, 0)),
                new Case(PREFIX + "unrolled5-28", 0, Case.BATCH, kernels -> unrolled(kernels, Case.BATCH, 5)));
    }

    /// One step of the critic, on the real batch and a fresh fake one; with a penalty of weight 10, Gulrajani et al. 2017, Algorithm 1, lines 3–9.
    static Call critic(Kernels kernels, int batch, boolean penalised) {
        StepCases.Gan gan = StepCases.critic28(kernels);
        var randoms = new Randoms(kernels, StepCases.SEED);
        Player critic = StepCases.trained(gan.discriminator());
        Objective plain = Objective.of(new Wasserstein()), objective = penalised ? plain.with(new GradientPenalty(10, randoms)) : plain;
        Source real = StepCases.fixed(randoms, StepCases.batched(batch, gan.image()));
        var workspace = new Workspace(kernels);
        return Call.of(() -> {
            try (var _ = workspace.open(); var _ = freeze(gan.generator())) {
                Tensor fake = Tensor.unrecorded(() -> gan.generator().apply(randoms.normal("z", StepCases.batched(batch, gan.noise()))));
                critic.optimizer().descend(objective.discriminator(gan.discriminator(), real.next(batch), Batch.of(fake)).loss());
            }
            randoms.advance();
        }, gan.discriminator().storage(), workspace::bytes);
    }

    /// One step of each player, G looking `ahead` steps of D.
    static Call unrolled(Kernels kernels, int batch, int ahead) {
        StepCases.Gan gan = StepCases.dcgan28(kernels);
        var randoms = new Randoms(kernels, StepCases.SEED);
        var trainer = new GanTrainer(StepCases.trained(gan.generator()), StepCases.trained(gan.discriminator()), Objective.of(new ModifiedMinimax()),
                n -> randoms.normal("z", StepCases.batched(n, gan.noise())), StepCases.fixed(randoms, StepCases.batched(batch, gan.image())), randoms,
                Procedure.of(batch).with(new Unrolled(ahead)));
        return Call.of(trainer::step, gan.generator().storage(), trainer::workspaceBytes);
    }
}
