package gannet.gan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.loss.Wasserstein;
import gannet.gan.penalty.L2;
import gannet.gan.penalty.SpectralPenalty;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.nn.Dense;
import gannet.nn.Network;
import gannet.nn.Weights;
import gannet.optim.Sgd;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// Penalties on D's weights in the steps of training: what they remember belongs to D's steps, and unrolled steps are penalised at their own weights.
class WeightPenaltyStepTest {
    private static final long SEED = 4;

    private final Kernels kernels = new ReferenceKernels();
    private final Randoms randoms = new Randoms(kernels, SEED);
    private final Network critic = Tiny.critic(kernels), generator = Tiny.generator(kernels);
    private final SpectralPenalty penalty = new SpectralPenalty(0.01, critic, randoms);

    @Test void vectorsChangeWithTheStep() {
        var before = Tiny.bits(penalty.states());
        var trainer = new GanTrainer(Player.of(generator, new Sgd(0), 0.01), Player.of(critic, new Sgd(0), 0.01), Objective.of(new ModifiedMinimax()).with(penalty),
                Prior.normal(randoms, Tiny.Z), Tiny.noise(randoms), randoms, Procedure.of(Tiny.BATCH));
        trainer.step();
        assertNotEquals(before, Tiny.bits(penalty.states()), "one power iteration");
        Tiny.assertSame(Tiny.bits(penalty.states()), Tiny.bits(trainer.states().stream().filter(penalty.states()::contains).toList()), "are in the checkpoint");
    }

    @Test void vectorsStayWhereTheCriticIsFrozen() {
        var before = Tiny.bits(penalty.states());
        Tensor x = Tensor.of(kernels, Shape.of(1, 4, 4, 1), new double[16]);
        try (var _ = Weights.freeze(critic)) {
            penalty.of(critic, x, x);
        }
        assertEquals(before, Tiny.bits(penalty.states()));
        penalty.of(critic, x, x);
        assertNotEquals(before, Tiny.bits(penalty.states()));
    }

    /// On a linear critic under L2, each step is `w ← w − η(E x̃ − E x + λw)`.
    @Test void unrolledStepsArePenalisedWhereTheyStand() {
        double rate = 0.1, lambda = 2;
        double[] w = {0.5, -1}, x = {1, 2}, fake = {-0.5, 0.3};
        Network linear = Network.of("linear", new Dense(Tensor.weight(kernels, Shape.of(2, 1), w), null, null));
        Objective objective = Objective.of(new Wasserstein()).with(new L2(lambda, linear));
        Batch real = Batch.of(Tensor.of(kernels, Shape.of(1, 2), x)), fakes = Batch.of(Tensor.of(kernels, Shape.of(1, 2), fake));
        var ahead = new Unrolled(3).ahead(objective, Player.of(linear, new Sgd(0), rate), real, fakes);
        double[] expected = w.clone();
        for (int step = 0; step < 3; step++)
            for (int i = 0; i < 2; i++) expected[i] -= rate * (fake[i] - x[i] + lambda * expected[i]);
        double[] units = ahead.given(null).apply(Tensor.of(kernels, Shape.of(2, 2), 1, 0, 0, 1)).toArray();
        assertArrayEquals(expected, units, 1e-12);
    }
}
