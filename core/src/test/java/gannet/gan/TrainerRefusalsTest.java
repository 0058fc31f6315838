package gannet.gan;

import static gannet.nn.Weights.freeze;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.loss.GanLoss;
import gannet.gan.loss.Hinge;
import gannet.gan.loss.LabelSmoothing;
import gannet.gan.loss.LeastSquares;
import gannet.gan.loss.Minimax;
import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.loss.Relativistic;
import gannet.gan.loss.Wasserstein;
import gannet.gan.penalty.Drift;
import gannet.gan.penalty.GradientPenalty;
import gannet.gan.penalty.JsRegulariser;
import gannet.gan.penalty.Penalty;
import gannet.gan.penalty.R1;
import gannet.gan.penalty.SpectralPenalty;
import gannet.gan.remedy.Ada;
import gannet.gan.remedy.ReplayPool;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.nn.ConditionalLayer;
import gannet.nn.ConditionalSequential;
import gannet.nn.Images;
import gannet.nn.Layer;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.nn.Weights;
import gannet.optim.Adam;
import gannet.optim.Optimizer;
import gannet.optim.RmsProp;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// What the trainer and the optimisers refuse, and what they say.
class TrainerRefusalsTest {
    private final Kernels kernels = new ReferenceKernels();
    private final Randoms randoms = new Randoms(kernels, 8);

    private GanTrainer trainer(Player d, GanLoss loss, Penalty penalty) {
        return trainer(Player.of(Tiny.generator(kernels), Adam.DCGAN, 2e-4), d, loss, penalty);
    }

    private GanTrainer trainer(Player g, Player d, GanLoss loss, Penalty penalty) {
        Objective plain = Objective.of(loss);
        return new GanTrainer(g, d, penalty == null ? plain : plain.with(penalty), Prior.uniform(randoms, Tiny.Z), Tiny.noise(randoms), randoms, Procedure.of(Tiny.BATCH));
    }

    private static void refused(Class<? extends RuntimeException> type, String says, Supplier<?> attempt) {
        var e = assertThrows(type, attempt::get);
        assertTrue(e.getMessage().contains(says), "'" + e.getMessage() + "' should say: " + says);
    }

    @Test void wassersteinNeedsALipschitzDevice() {
        Network critic = Tiny.critic(kernels);
        Player bare = Player.of(critic, RmsProp.WGAN, 5e-5);
        Player clipped = new Player(critic, new Optimizer(critic, RmsProp.WGAN, 5e-5, 0.01));
        refused(IllegalArgumentException.class, "loss 'wasserstein' needs a Lipschitz device: clip the critic's weights",
                () -> trainer(bare, new Wasserstein(), null));
        refused(IllegalArgumentException.class, "needs a Lipschitz device", () -> trainer(bare, new Wasserstein(), new SpectralPenalty(0.01, critic, randoms)));
        assertDoesNotThrow(() -> trainer(bare, new Wasserstein(true), null).step());
        assertDoesNotThrow(() -> trainer(bare, new Wasserstein(), new GradientPenalty(10, randoms)).step());
        assertDoesNotThrow(() -> trainer(clipped, new Wasserstein(), null).step());
        double[] all = new double[critic.storage().length()];
        kernels.read(critic.storage(), all);
        for (double w : all) assertTrue(Math.abs(w) <= 0.01, "a clipped weight is " + w);
    }

    /// Spectral norm counts if no weighted layer is without it.
    @Test void spectralNormIsALipschitzDevice() {
        Layers layers = Layers.fanIn(kernels, 1);
        Network whole = Network.of("critic", new Images.Flatten(4, 4, 1), layers.spectralNorm(layers.dense(16, 1)));
        Network half = Network.of("critic", new Images.Flatten(4, 4, 1), layers.spectralNorm(layers.dense(16, 4)), layers.dense(4, 1));
        assertDoesNotThrow(() -> trainer(Player.of(whole, Adam.DCGAN, 2e-4), new Wasserstein(), null).step());
        Network batchNormed = Network.of("critic", new Images.Flatten(4, 4, 1), layers.spectralNorm(layers.dense(16, 4)), layers.batchNorm(4), layers.spectralNorm(layers.dense(4, 1)));
        refused(IllegalArgumentException.class, "leave other norms out", () -> trainer(Player.of(batchNormed, Adam.DCGAN, 2e-4), new Wasserstein(), null));
        refused(IllegalArgumentException.class, "spectral norm around every layer", () -> trainer(Player.of(half, Adam.DCGAN, 2e-4), new Wasserstein(), null));
    }

    /// A penalty on each sample's gradient needs a D whose samples don't see one another, unless its user insists.
    @Test void batchNormUnderPenaltiesOfEachSample() {
        Player d = Player.of(Tiny.discriminator(kernels), Adam.DCGAN, 2e-4);
        for (Penalty penalty : List.of(new R1(), new GradientPenalty(10, randoms))) {
            refused(IllegalArgumentException.class, "network 'discriminator' has batch norm", () -> trainer(d, new ModifiedMinimax(), penalty));
            assertDoesNotThrow(() -> trainer(d, new ModifiedMinimax(), penalty.despiteBatchNorm()).step());
        }
        assertDoesNotThrow(() -> trainer(d, new ModifiedMinimax(), new Drift()));
        Layers layers = Layers.fanIn(kernels, 1);
        Weights<ConditionalLayer> conditional = Weights.of("discriminator", ConditionalSequential.of(
                new Images.Flatten(4, 4, 1), layers.dense(16, 4), layers.conditionalBatchNorm(3, 4), layers.dense(4, 1)));
        refused(IllegalArgumentException.class, "network 'discriminator' has batch norm",
                () -> trainer(Player.of(conditional, Adam.DCGAN, 2e-4), new ModifiedMinimax(), new R1()));
    }

    /// Remedies that read D's outputs as probabilities, or by their sign, need a loss that gives them that sense.
    @Test void remediesOfOtherLosses() {
        Player d = Player.of(Tiny.critic(kernels), Adam.DCGAN, 2e-4);
        refused(IllegalArgumentException.class, "penalty 'roth' is defined for D's probabilities, which loss 'hinge' has none of", () -> trainer(d, new Hinge(), JsRegulariser.of(kernels, 0.1)));
        assertDoesNotThrow(() -> trainer(d, new LabelSmoothing(new Minimax()), JsRegulariser.of(kernels, 0.1)));
        Procedure adaptive = Procedure.of(Tiny.BATCH).with(new Ada(randoms));
        Player g = Player.of(Tiny.generator(kernels), Adam.DCGAN, 2e-4);
        for (GanLoss loss : List.of(new LeastSquares(), new Wasserstein(true), new Relativistic()))
            refused(IllegalArgumentException.class, "says nothing under loss '" + loss.name() + "'", () -> trainer(g, d, Objective.of(loss), Conditions.NONE, adaptive));
        assertDoesNotThrow(() -> trainer(g, d, Objective.of(new Hinge()), Conditions.NONE, adaptive));
    }

    /// Which condition a fake was made under is remembered neither by a replay pool nor by a pack.
    @Test void replayAndPackingUnderConditions() {
        Player g = Player.of(Tiny.generator(kernels), Adam.DCGAN, 2e-4), d = Player.of(Tiny.critic(kernels), Adam.DCGAN, 2e-4);
        Conditions classes = Conditions.classes(randoms, 3);
        Objective plain = Objective.of(new ModifiedMinimax());
        Procedure procedure = Procedure.of(Tiny.BATCH), replayed = procedure.with(new ReplayPool(d.network(), randoms, 5, Shape.of(4, 4, 1)));
        refused(IllegalArgumentException.class, "replay of earlier fakes goes with no conditions", () -> trainer(g, d, plain, classes, replayed));
        refused(IllegalArgumentException.class, "packing 2 samples goes with no conditions", () -> trainer(g, d, plain.packed(2), classes, procedure));
        assertDoesNotThrow(() -> trainer(g, d, plain.packed(2), Conditions.NONE, replayed));
        assertDoesNotThrow(() -> trainer(g, d, plain, classes, procedure));
    }

    private GanTrainer trainer(Player g, Player d, Objective objective, Conditions conditions, Procedure procedure) {
        return new GanTrainer(g, d, objective, Prior.uniform(randoms, Tiny.Z), conditions, Tiny.noise(randoms), randoms, procedure);
    }

    @Test void aWeightThatNoNetworkLists() {
        Tensor hidden = Tensor.weight(kernels, Shape.of(1), 0.5);
        Layer reads = x -> x.times(hidden);
        Layers layers = Layers.fanIn(kernels, 1);
        Network d = Network.of("discriminator", new Images.Flatten(4, 4, 1), layers.dense(16, 1), reads);
        refused(IllegalStateException.class, "a weight [1] is read that no network lists", () -> {
            trainer(Player.of(d, Adam.DCGAN, 2e-4), new ModifiedMinimax(), null).step();
            return null;
        });
    }

    @Test void aStateThatNoNetworkLists() {
        var count = new State.OfTensor("count", Tensor.of(kernels, Shape.of(), 0));
        Layer counts = x -> {
            count.moveTowards(Tensor.constant(kernels, 1), 0.1);
            return x;
        };
        Layers layers = Layers.fanIn(kernels, 1);
        Network d = Network.of("discriminator", counts, new Images.Flatten(4, 4, 1), layers.dense(16, 1));
        refused(IllegalStateException.class, "state 'count' [] is changed but listed by no network", () -> {
            trainer(Player.of(d, Adam.DCGAN, 2e-4), new ModifiedMinimax(), null).step();
            return null;
        });
        assertEquals(0, count.tensor().item());
    }

    @Test void descendingInsideFreeze() {
        Network d = Tiny.discriminator(kernels);
        var optimizer = new Optimizer(d, Adam.DCGAN, 2e-4);
        var before = Tiny.bits(d, optimizer);
        try (var _ = freeze(d)) {
            refused(IllegalStateException.class, "network 'discriminator' is frozen", () -> {
                optimizer.descend(d.apply(Tiny.noise(randoms).next(2).x()).sum());
                return null;
            });
        }
        Tiny.assertSame(before, Tiny.bits(d, optimizer), "after a descent that was refused");
    }

    @Test void learningRatesAndClippingBounds() {
        Network d = Tiny.discriminator(kernels);
        for (double bad : new double[] {0, -1, Double.NaN}) {
            refused(IllegalArgumentException.class, "learning rate " + bad + " of network 'discriminator' must be above 0",
                    () -> new Optimizer(d, Adam.DCGAN, bad));
            refused(IllegalArgumentException.class, "weight clipping at " + bad + " of network 'discriminator' must be above 0",
                    () -> new Optimizer(d, Adam.DCGAN, 1, bad));
        }
    }
}
