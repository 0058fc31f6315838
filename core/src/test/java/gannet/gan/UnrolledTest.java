package gannet.gan;

import static gannet.nn.Weights.freeze;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.loss.Minimax;
import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.penalty.GradientPenalty;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.nn.ActivationLayer;
import gannet.nn.Conditional;
import gannet.nn.Initialiser;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.optim.Adam;
import gannet.optim.Optimistic;
import gannet.optim.Optimizer;
import gannet.optim.RmsProp;
import gannet.optim.Rule;
import gannet.optim.Sgd;
import gannet.tensor.GradientCheck;
import gannet.tensor.Gradients;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The unrolled generator's gradient is exact, second term included, and unrolling changes nothing of D.
class UnrolledTest {
    private static final int N = 4, HIDDEN = 5;

    private final Kernels kernels = new ReferenceKernels();
    private final Objective minimax = Objective.of(new Minimax());

    enum Activation {
        TANH(ActivationLayer.TANH, 31), RELU(ActivationLayer.RELU, 31);

        private final ActivationLayer layer;
        private final long seed;

        Activation(ActivationLayer layer, long seed) {
            this.layer = layer;
            this.seed = seed;
        }
    }

    /// A game on 2-D points: D warm from five steps, its first unit dead (saturated, for tanh), so that its v̂ is 0.
    private final class Game {
        final Network g, d;
        final Player player;
        final Tensor z, real;

        Game(Activation act, Rule rule, double rate) {
            var layers = new Layers(kernels, act.seed, Initialiser.normal(0, 0.7), Initialiser.constant(1));
            g = Network.of("generator", layers.dense(2, 4), ActivationLayer.TANH, layers.dense(4, 2));
            d = Network.of("discriminator", layers.dense(2, HIDDEN), act.layer, layers.dense(HIDDEN, 1));
            double[] bias = new double[HIDDEN];
            bias[0] = -100;
            d.weights().get(1).assign(Tensor.of(kernels, Shape.of(HIDDEN), bias));
            player = Player.of(d, rule, rate);
            var randoms = new Randoms(kernels, act.seed);
            z = randoms.normal("z", Shape.of(N, 2));
            real = randoms.normal("real", Shape.of(N, 2));
            for (int step = 0; step < 5; step++) {
                Tensor x = randoms.normal("warm real", Shape.of(N, 2)), fake = g.infer(randoms.normal("warm z", Shape.of(N, 2)));
                player.optimizer().descend(minimax.discriminator(d, Batch.of(x), Batch.of(fake)).loss());
            }
        }

        /// G's loss at its weights `w`, by D as it will be; `whole` false: D's steps don't follow w.
        Tensor loss(Objective objective, List<Tensor> w, int steps, boolean whole) {
            Batch fake = Batch.of(g.at(w).apply(z)), seen = whole ? fake : Batch.of(fake.x().detach());
            Conditional ahead = new Unrolled(steps).ahead(objective, player, Batch.of(real), seen);
            return objective.generator(ahead, fake, null);
        }

        double error(Objective objective, int steps, boolean whole, long seed) {
            return GradientCheck.error(w -> loss(objective, w, steps, whole), g.weights(), 1, seed);
        }
    }

    @ParameterizedTest @EnumSource
    void exactThroughThreeStepsOfWarmAdam(Activation act) {
        var game = new Game(act, Adam.PAPER, 0.02);
        assertEquals(0, game.player.optimizer().here().slots().get(1).get(1).toArray()[0], "the dead unit's v");
        for (long seed = 0; seed < 4; seed++) {
            double error = game.error(minimax, 3, true, seed), without = game.error(minimax, 3, false, seed);
            assertTrue(error < 1e-6, act + ": error " + error + ", direction " + seed);
            assertTrue(without > 1e-4, act + ": without the second term the check must fail, error " + without + ", direction " + seed);
        }
        double[] whole = gradient(game, true), first = gradient(game, false);
        double second = 0, norm = 0;
        for (int i = 0; i < whole.length; i++) {
            second += (whole[i] - first[i]) * (whole[i] - first[i]);
            norm += whole[i] * whole[i];
        }
        assertTrue(Math.sqrt(second / norm) >= 0.01, act + ": the second term is " + Math.sqrt(second / norm) + " of the gradient");
    }

    private static double[] gradient(Game game, boolean whole) {
        Tensor w = game.g.weights().getFirst();
        return Gradients.of(game.loss(Objective.of(new Minimax()), game.g.weights(), 3, whole), w).get(w).toArray();
    }

    /// Every rule, D's clipping, and a penalty, whose own gradient follows the fakes too.
    @Test void otherRulesAndPenalties() {
        for (Rule rule : List.of(new Sgd(0), new Sgd(0.9), RmsProp.WGAN, Adam.DCGAN, new Optimistic(Adam.DCGAN))) {
            var game = new Game(Activation.TANH, rule, 0.02);
            double error = game.error(minimax, 2, true, 7);
            assertTrue(error < 1e-6, rule + ": error " + error);
        }
        var game = new Game(Activation.TANH, new Sgd(0), 0.05);
        double error = GradientCheck.error(w -> game.loss(minimax.with(new GradientPenalty(10, new Randoms(kernels, 4))), w, 2, true), game.g.weights(), 1, 8);
        assertTrue(error < 1e-6, "gradient penalty: error " + error);
    }

    /// The step taken ahead is the step that D would take.
    @Test void aheadIsWhereDescendGoes() {
        for (Rule rule : List.of(new Sgd(0), new Sgd(0.9), RmsProp.WGAN, RmsProp.LECTURE, Adam.DCGAN, Adam.PAPER, new Optimistic(Adam.PAPER)))
            for (double clip : new double[] {Double.POSITIVE_INFINITY, 0.3}) {
                var game = new Game(Activation.RELU, rule, 0.02);
                var optimizer = new Optimizer(game.d, rule, 0.02, clip);
                Batch real = Batch.of(game.real), fake = Batch.of(game.g.infer(game.z));
                var at = optimizer.here();
                for (int k = 0; k < 3; k++) at = optimizer.next(at, minimax.discriminator(game.d.given(at.weights()), real, fake).loss());
                for (int k = 0; k < 3; k++) optimizer.descend(minimax.discriminator(game.d, real, fake).loss());
                var here = optimizer.here();
                for (int i = 0; i < here.weights().size(); i++) {
                    assertArrayEquals(here.weights().get(i).toArray(), at.weights().get(i).toArray(), 1e-14, rule + ", weight " + i);
                    for (int s = 0; s < here.slots().size(); s++)
                        assertArrayEquals(here.slots().get(s).get(i).toArray(), at.slots().get(s).get(i).toArray(), 1e-14, rule + ", slot " + s + " of weight " + i);
                }
            }
    }

    private GanTrainer trainer(Procedure procedure, Network g, Network d) {
        var randoms = new Randoms(kernels, 12);
        return new GanTrainer(Player.of(g, Adam.DCGAN, 2e-3), Player.of(d, Adam.DCGAN, 2e-3), Objective.of(new ModifiedMinimax()), Prior.normal(randoms, Tiny.Z),
                Tiny.noise(randoms), randoms, procedure);
    }

    @Test void noStepsAreThePlainGan() {
        var plain = trainer(Procedure.of(Tiny.BATCH), Tiny.generator(kernels), Tiny.discriminator(kernels));
        var none = trainer(Procedure.of(Tiny.BATCH).with(new Unrolled(0)), Tiny.generator(kernels), Tiny.discriminator(kernels));
        for (int step = 0; step < 3; step++) {
            plain.step();
            none.step();
        }
        Tiny.assertSame(Tiny.bits(plain.states()), Tiny.bits(none.states()), "unrolling 0 steps");
    }

    /// With batch norm in D: not its statistics, nor Adam's moments and counters, nor a weight moves while G looks ahead.
    @ParameterizedTest @ValueSource(ints = {1, 5})
    void leavesTheDiscriminatorAlone(int steps) {
        Network g = Tiny.generator(kernels), d = Tiny.discriminator(kernels);
        var randoms = new Randoms(kernels, 3);
        Player player = Player.of(d, Adam.DCGAN, 2e-3), own = Player.of(g, Adam.DCGAN, 2e-3);
        Objective objective = Objective.of(new ModifiedMinimax());
        Tensor real = randoms.normal("real", Shape.of(4, 4, 4, 1)), z = randoms.normal("z", Shape.of(4, Tiny.Z));
        var before = Tiny.bits(d, player.optimizer());
        try (var _ = freeze(d)) {
            Batch fake = Batch.of(g.apply(z));
            own.optimizer().descend(objective.generator(new Unrolled(steps).ahead(objective, player, Batch.of(real), fake), fake, null));
        }
        Tiny.assertSame(before, Tiny.bits(d, player.optimizer()), "after G looked " + steps + " steps ahead");
    }

    @Test void trainsAndDiffersFromThePlainGan() {
        Network g = Tiny.generator(kernels), plainG = Tiny.generator(kernels);
        var plain = trainer(Procedure.of(Tiny.BATCH), plainG, Tiny.discriminator(kernels));
        var unrolled = trainer(Procedure.of(Tiny.BATCH).with(new Unrolled(2)), g, Tiny.discriminator(kernels));
        for (int step = 0; step < 3; step++) {
            plain.step();
            unrolled.step();
        }
        double[] a = g.weights().getFirst().toArray(), b = plainG.weights().getFirst().toArray();
        double apart = 0;
        for (int i = 0; i < a.length; i++) apart = Math.max(apart, Math.abs(a[i] - b[i]));
        assertTrue(apart > 1e-4, "unrolling must change G's course; it moved by " + apart);
    }

    @Test void refusals() {
        assertThrows(IllegalArgumentException.class, () -> new Unrolled(-1));
        var shared = assertThrows(IllegalArgumentException.class, () -> Procedure.of(4).with(new Unrolled(1)).sharingFakes());
        assertTrue(shared.getMessage().contains("unrolling"), shared.getMessage());
        Rule none = new Sgd(0)::begin;
        Player fixed = Player.of(Tiny.discriminator(kernels), none, 1e-3);
        var x = Batch.of(Tensor.full(kernels, Shape.of(2, 4, 4, 1), 0.5));
        var e = assertThrows(UnsupportedOperationException.class, () -> new Unrolled(1).ahead(minimax, fixed, x, x));
        assertTrue(e.getMessage().contains("no differentiable update"), e.getMessage());
    }
}
