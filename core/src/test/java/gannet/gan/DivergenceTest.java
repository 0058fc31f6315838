package gannet.gan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.loss.Wasserstein;
import gannet.gan.penalty.GradientPenalty;
import gannet.gan.remedy.Ada;
import gannet.kernel.BackEnds;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.nn.Images;
import gannet.nn.Layer;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.nn.Parts;
import gannet.optim.Adam;
import gannet.optim.Optimizer;
import gannet.optim.RmsProp;
import gannet.optim.Rule;
import gannet.optim.Sgd;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// A step with a NaN or an infinity in it is not committed, and says where it went wrong.
class DivergenceTest {
    private double[] poison;

    private Tensor batch(Randoms randoms, int n) {
        return poison == null ? randoms.normal("data", Shape.of(n, 4, 4, 1)) : Tensor.temporary(randoms.kernels(), Shape.of(n, 4, 4, 1), poison);
    }

    /// A batch of zeros but for one number.
    private static double[] poison(double value) {
        double[] x = new double[Tiny.BATCH * 16];
        x[37] = value;
        return x;
    }

    private static double[] nans(int count) {
        double[] x = new double[count];
        Arrays.fill(x, Double.NaN);
        return x;
    }

    private GanTrainer trainer(Kernels kernels, Network g, Network d, boolean sharedFake) {
        var randoms = new Randoms(kernels, 9);
        return new GanTrainer(Player.of(g, Adam.DCGAN, 2e-4), Player.of(d, Adam.DCGAN, 2e-4), Objective.of(new ModifiedMinimax()), Prior.normal(randoms, Tiny.Z),
                Tiny.source(n -> batch(randoms, n)), randoms, sharedFake ? Procedure.of(Tiny.BATCH).sharingFakes() : Procedure.of(Tiny.BATCH));
    }

    @ParameterizedTest
    @CsvSource({"reference, false, NaN", "reference, true, NaN", "reference, false, Infinity", "scalar, false, NaN", "scalar, true, -Infinity"})
    void poisonedBatch(String device, boolean sharedFake, double value) {
        Kernels kernels = BackEnds.open(device, 1).kernels();
        GanTrainer trainer = trainer(kernels, Tiny.generator(kernels), Tiny.discriminator(kernels), sharedFake);
        trainer.step();
        var before = Tiny.bits(trainer.states());
        poison = poison(value);
        var e = assertThrows(DivergedException.class, trainer::step);
        for (String word : List.of("step 2 ", "discriminator's turn", "BiasedConv", "discriminator.0", "Likely cause: the data: the real batch [4,4,4,1] holds " + value))
            assertTrue(e.getMessage().contains(word), "'" + e.getMessage() + "' should say: " + word);
        Tiny.assertSame(before, Tiny.bits(trainer.states()), "after the refused step");
        poison = null;
        trainer.step();
        assertNotEquals(before, Tiny.bits(trainer.states()), "a good batch after it trains on");
    }

    /// Counts what it is told.
    private static final class Counting implements Callback {
        private int told;

        @Override public void judged(Judgement judgement) {
            for (double logit : judgement.real().toArray()) assertTrue(Double.isFinite(logit), "told of " + logit);
            told++;
        }

        @Override public void stepped() {}

        @Override public List<State> states() {
            return List.of();
        }
    }

    /// A turn that is done is told to the callbacks once for each batch; one that is refused is not, nor is the run that explains it.
    @ParameterizedTest
    @EnumSource
    void callbacksHearOfTurnsThatAreDone(Alternation.Order order) {
        callbacksHear(order == Alternation.Order.EXTRAGRADIENT ? 6 : 3, Procedure.of(Tiny.BATCH).with(new Alternation(1, 1, order)).accumulating(3));
        if (order == Alternation.Order.IN_TURN) callbacksHear(1, Procedure.of(Tiny.BATCH).sharingFakes());
    }

    private void callbacksHear(int batches, Procedure procedure) {
        Kernels kernels = new ReferenceKernels();
        var randoms = new Randoms(kernels, 9);
        var ada = new Ada(randoms);
        var counting = new Counting();
        poison = null;
        var trainer = new GanTrainer(Player.of(Tiny.generator(kernels), Adam.DCGAN, 2e-4), Player.of(Tiny.discriminator(kernels), Adam.DCGAN, 2e-4),
                Objective.of(new ModifiedMinimax()).seenThrough(ada), Prior.normal(randoms, Tiny.Z), Tiny.source(n -> batch(randoms, n)), randoms,
                procedure.with(ada).with(counting));
        trainer.step();
        assertEquals(batches, counting.told, procedure.toString());
        var before = Tiny.bits(ada.states());
        poison = poison(Double.NaN);
        assertThrows(DivergedException.class, trainer::step);
        assertEquals(batches, counting.told, "after the refused step");
        Tiny.assertSame(before, Tiny.bits(ada.states()), "after the refused step");
        poison = null;
        trainer.step();
        assertEquals(2 * batches, counting.told, "after a good one");
    }

    /// NaN in z of G's turn alone: D's turn stays done, nothing of G's is.
    @Test void poisonedGenerator() {
        Kernels kernels = new ReferenceKernels();
        Network g = Tiny.generator(kernels), d = Tiny.discriminator(kernels);
        var randoms = new Randoms(kernels, 9);
        int[] draws = {0};
        Prior prior = n -> draws[0]++ == 0 ? Prior.normal(randoms, Tiny.Z).sample(n) : Tensor.of(kernels, Shape.of(n, Tiny.Z), nans(n * Tiny.Z));
        var trainer = new GanTrainer(Player.of(g, Adam.DCGAN, 2e-4), Player.of(d, Adam.DCGAN, 2e-4), Objective.of(new ModifiedMinimax()), prior, Tiny.noise(randoms),
                randoms, Procedure.of(Tiny.BATCH));
        var before = Tiny.bits(g, trainer.generator().optimizer());
        var e = assertThrows(DivergedException.class, trainer::step);
        for (String word : List.of("step 1 ", "generator's turn", "generator.0")) assertTrue(e.getMessage().contains(word), e.getMessage());
        Tiny.assertSame(before, Tiny.bits(g, trainer.generator().optimizer()), "after the refused step");
    }

    /// NaN in the real batch that only the steps ahead see: D's turn was done, G's is not.
    @Test void poisonedUnrolledStep() {
        Kernels kernels = new ReferenceKernels();
        Network g = Tiny.generator(kernels), d = Tiny.discriminator(kernels);
        var randoms = new Randoms(kernels, 9);
        int[] draws = {0};
        Source data = Tiny.source(n -> {
            poison = draws[0]++ == 1 ? poison(Double.NaN) : null;
            return batch(randoms, n);
        });
        var trainer = new GanTrainer(Player.of(g, Adam.DCGAN, 2e-4), Player.of(d, Adam.DCGAN, 2e-4), Objective.of(new ModifiedMinimax()), Prior.normal(randoms, Tiny.Z), data,
                randoms, Procedure.of(Tiny.BATCH).with(new Unrolled(2)));
        var before = Tiny.bits(g, trainer.generator().optimizer());
        var e = assertThrows(DivergedException.class, trainer::step);
        for (String word : List.of("step 1 ", "generator's turn", "unrolled step 1.discriminator.0", "the data")) assertTrue(e.getMessage().contains(word), e.getMessage());
        Tiny.assertSame(before, Tiny.bits(g, trainer.generator().optimizer()), "after the refused step");
    }

    /// Settings that no run survives: each is named.
    @Test void likelyCauses() {
        Kernels kernels = new ReferenceKernels();
        var randoms = new Randoms(kernels, 9);
        poison = null;
        likely("learning rate 1.0E15 of network 'critic', too high", trainer(kernels, randoms, 1e15, Objective.of(new ModifiedMinimax())));
        likely("a critic without a Lipschitz device", trainer(kernels, randoms, 1e15, Objective.of(new Wasserstein(true))));
        likely("a penalty's weight, too high", trainer(kernels, randoms, 1e-3, Objective.of(new ModifiedMinimax()).with(new GradientPenalty(1e30, randoms))));
        GanTrainer scheduled = trainer(kernels, randoms, 1e-3, Objective.of(new ModifiedMinimax()));
        scheduled.discriminator().optimizer().rate().assign(Tensor.constant(kernels, Double.NaN));
        likely("the learning rate, which is NaN", scheduled);
    }

    private GanTrainer trainer(Kernels kernels, Randoms randoms, double rate, Objective objective) {
        return new GanTrainer(Player.of(Tiny.generator(kernels), new Sgd(0), rate), Player.of(Tiny.critic(kernels), new Sgd(0), rate), objective, Prior.normal(randoms, Tiny.Z),
                Tiny.source(n -> batch(randoms, n)), randoms, Procedure.of(Tiny.BATCH));
    }

    private static void likely(String cause, GanTrainer trainer) {
        var e = assertThrows(DivergedException.class, () -> {
            for (int step = 0; step < 20; step++) trainer.step();
        }, cause);
        assertTrue(e.getMessage().contains(cause), e.getMessage());
    }

    /// The run that explains a refusal draws what the refused one drew.
    @Test void secondRunOnTheSameNumbers() {
        Kernels kernels = new ReferenceKernels();
        var randoms = new Randoms(kernels, 9);
        List<double[]> drawn = new ArrayList<>();
        Prior prior = n -> {
            Tensor z = Prior.normal(randoms, Tiny.Z).sample(n);
            drawn.add(z.toArray());
            return z;
        };
        poison = poison(Double.NaN);
        var trainer = new GanTrainer(Player.of(Tiny.generator(kernels), Adam.DCGAN, 2e-4), Player.of(Tiny.discriminator(kernels), Adam.DCGAN, 2e-4),
                Objective.of(new ModifiedMinimax()), prior, Tiny.source(n -> batch(randoms, n)), randoms, Procedure.of(Tiny.BATCH));
        assertThrows(DivergedException.class, trainer::step);
        assertEquals(2, drawn.size());
        assertArrayEquals(drawn.get(0), drawn.get(1));
    }

    /// Finite, but its square would overflow 32-bit floats in the optimiser.
    @Test void gradientTooLarge() {
        Kernels kernels = new ReferenceKernels();
        Network critic = Tiny.critic(kernels);
        var randoms = new Randoms(kernels, 9);
        poison = poison(1e25);
        var trainer = new GanTrainer(Player.of(Tiny.generator(kernels), RmsProp.WGAN, 5e-5), Player.of(critic, RmsProp.WGAN, 5e-5), Objective.of(new Wasserstein(true)),
                Prior.normal(randoms, Tiny.Z), Tiny.source(n -> batch(randoms, n)), randoms, Procedure.of(Tiny.BATCH));
        var before = Tiny.bits(trainer.states());
        var e = assertThrows(DivergedException.class, trainer::step);
        for (String word : List.of("critic.0.weight", "the real batch [4,4,4,1] holds 1.0E25")) assertTrue(e.getMessage().contains(word), e.getMessage());
        Tiny.assertSame(before, Tiny.bits(trainer.states()), "after the refused step");
    }

    /// Running statistics that are not finite refuse the step too, though every gradient is fine.
    private record Overflows(State.OfTensor seen) implements Layer {
        @Override public Tensor apply(Tensor x) {
            seen.moveTowards(Tensor.unrecorded(() -> x.square().sum().times(1e200).square()), 0.5);
            return x;
        }

        @Override public Overflows with(Parts parts) {
            return new Overflows(parts.state("seen", seen));
        }
    }

    @Test void poisonedStatistics() {
        Kernels kernels = new ReferenceKernels();
        Network d = Network.of("discriminator", new Images.Flatten(4, 4, 1), new Overflows(new State.OfTensor("seen", Tensor.of(kernels, Shape.of(), 0))),
                Layers.fanIn(kernels, 1).dense(16, 1));
        GanTrainer trainer = trainer(kernels, Tiny.generator(kernels), d, false);
        var before = Tiny.bits(trainer.states());
        var e = assertThrows(DivergedException.class, trainer::step);
        for (String word : List.of("step 1 ", "Map SQUARE", "discriminator.1")) assertTrue(e.getMessage().contains(word), e.getMessage());
        Tiny.assertSame(before, Tiny.bits(trainer.states()), "after the refused step");
    }

    /// Every rule keeps weights, slots and counters; nor does a refused step clip: weights above the bound stay until a step is committed.
    @Test void refusedStepChangesNothing() {
        Kernels kernels = new ReferenceKernels();
        for (Rule rule : List.of(new Sgd(0.9), Adam.PAPER, RmsProp.WGAN)) {
            Network critic = Tiny.critic(kernels);
            var optimizer = new Optimizer(critic, rule, 0.1, 0.01);
            for (int step = 0; step < 2; step++) {
                var before = Tiny.bits(critic, optimizer);
                optimizer.descend(critic.apply(Tensor.of(kernels, Shape.of(1, 4, 4, 1), nans(16))).sum());
                assertTrue(optimizer.refused());
                Tiny.assertSame(before, Tiny.bits(critic, optimizer), "after a refused step of " + rule);
                optimizer.descend(critic.apply(Tensor.full(kernels, Shape.of(1, 4, 4, 1), 1)).sum());
                assertFalse(optimizer.refused(), rule + " goes on");
            }
        }
    }
}
