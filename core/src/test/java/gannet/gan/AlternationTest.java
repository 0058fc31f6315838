package gannet.gan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.loss.ModifiedMinimax;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.nn.Network;
import gannet.optim.Sgd;
import gannet.tensor.Randoms;
import gannet.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// Who takes a turn when.
class AlternationTest {
    private final Kernels kernels = new ReferenceKernels();
    private final Network g = Tiny.generator(kernels), d = Tiny.discriminator(kernels);
    private final StringBuilder turns = new StringBuilder();

    private GanTrainer trainer(Alternation alternation, boolean sharedFake) {
        var randoms = new Randoms(kernels, 6);
        var loss = new Tiny.Watched(new ModifiedMinimax(), () -> turns.append('D'), () -> turns.append('G'));
        Prior prior = n -> {
            turns.append('z');
            return Prior.normal(randoms, Tiny.Z).sample(n);
        };
        Source data = Tiny.source(n -> {
            turns.append('x');
            return Tiny.noise(randoms).next(n).x();
        });
        Procedure procedure = Procedure.of(Tiny.BATCH).with(alternation);
        return new GanTrainer(Player.of(g, new Sgd(0), 0.01), Player.of(d, new Sgd(0), 0.01), Objective.of(loss), prior, data, randoms,
                sharedFake ? procedure.sharingFakes() : procedure);
    }

    private String turns(Alternation alternation, boolean sharedFake, int steps) {
        GanTrainer trainer = trainer(alternation, sharedFake);
        turns.setLength(0);
        for (int i = 0; i < steps; i++) {
            trainer.step();
            turns.append(' ');
        }
        assertEquals(steps, trainer.steps());
        return turns.toString().strip();
    }

    @Test void discriminatorFirstOnFreshDataAndFreshNoise() {
        assertEquals("xzDzG xzDzG", turns(Alternation.steps(1, 1), false, 2));
        assertEquals("xzDxzDzG xzDxzDzG", turns(Alternation.steps(2, 1), false, 2));
        assertEquals("xzDzG zG zG xzDzG", turns(Alternation.steps(1, 3), false, 4));
        assertEquals("xzDxzDzG zG zG xzDxzDzG", turns(Alternation.steps(2, 3), false, 4));
    }

    @Test void epochsAreCountedInSteps() {
        assertEquals(Alternation.steps(6, 3), Alternation.epochs(2, 1, 3));
        assertEquals("xzDxzDzG zG xzDxzDzG zG", turns(Alternation.epochs(1, 1, 2), false, 4));
    }

    @Test void sharedFakeDrawsOnce() {
        assertEquals("xzDG xzDG", turns(Alternation.steps(1, 1), true, 2));
    }

    @Test void bothAtOnceDrawAsInTurn() {
        assertEquals("xzDzG xzDzG", turns(Alternation.simultaneous(), false, 2));
        assertEquals("xzDzGxzDzG", turns(Alternation.extragradient(), false, 1));
    }

    @Test void refusesWhatCannotBe() {
        var shared = assertThrows(IllegalArgumentException.class, () -> trainer(Alternation.steps(2, 1), true));
        assertTrue(shared.getMessage().contains("one discriminator step to one generator step"), shared.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Alternation.steps(0, 1));
        assertThrows(IllegalArgumentException.class, () -> Alternation.steps(1, 0));
        assertThrows(ArithmeticException.class, () -> Alternation.epochs(1 << 20, 1, 1 << 20));
    }

    /// A rate assigned between steps is used from the next step on.
    @Test void learningRateSchedule() {
        GanTrainer trainer = trainer(Alternation.steps(1, 1), false);
        for (double rate : new double[] {0.02, 0.005}) {
            var optimizer = trainer.generator().optimizer();
            optimizer.rate().assign(Tensor.constant(kernels, rate));
            double[] before = flat();
            trainer.step();
            double[] after = flat();
            double moved = 0;
            for (int i = 0; i < before.length; i++) moved += (after[i] - before[i]) * (after[i] - before[i]);
            assertEquals(rate * optimizer.gradientNorm(), Math.sqrt(moved), 1e-14, "rate " + rate);
        }
    }

    private double[] flat() {
        double[] all = new double[g.storage().length()];
        kernels.read(g.storage(), all);
        return all;
    }
}
