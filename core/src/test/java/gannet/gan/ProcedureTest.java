package gannet.gan;

import static gannet.nn.ActivationLayer.TANH;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.loss.ModifiedMinimax;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.optim.Adam;
import gannet.optim.Rule;
import gannet.optim.Sgd;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Accumulated gradients, both players at once, extragradient.
class ProcedureTest {
    private final Kernels kernels = new ReferenceKernels();
    private final Objective objective = Objective.of(new ModifiedMinimax());
    private int poisoned = -1;

    /// Rows of a fixed table, one after the other, however many are asked for at a time.
    private final class Rows implements Prior {
        private final double[] table;
        private final int width;
        private int at;

        Rows(int width, long seed) {
            this.width = width;
            this.table = new Randoms(kernels, seed).normal("table", Shape.of(400, width)).toArray();
        }

        @Override public Tensor sample(int n) {
            double[] rows = Arrays.copyOfRange(table, at * width, (at + n) * width);
            if (poisoned >= at && poisoned < at + n) rows[0] = Double.NaN;
            at += n;
            return Tensor.temporary(kernels, Shape.of(n, width), rows);
        }
    }

    private Network g() {
        Layers layers = Layers.fanIn(kernels, 5);
        return Network.of("generator", layers.dense(3, 6), TANH, layers.dense(6, 2));
    }

    private Network d() {
        Layers layers = Layers.fanIn(kernels, 6);
        return Network.of("discriminator", layers.dense(2, 6), TANH, layers.dense(6, 1));
    }

    private GanTrainer trainer(Procedure procedure, Rule rule, double rateOfD, double rateOfG) {
        return new GanTrainer(Player.of(g(), rule, rateOfG), Player.of(d(), rule, rateOfD), objective, new Rows(3, 1), Tiny.source(new Rows(2, 2)),
                new Randoms(kernels, 3), procedure);
    }

    private static double[] flat(Player player) {
        double[] all = new double[player.network().storage().length()];
        player.network().kernels().read(player.network().storage(), all);
        return all;
    }

    /// k batches of m are one of k·m, for both players, whatever else is played.
    @Test void accumulationIsALargerBatch() {
        for (Procedure larger : new Procedure[] {Procedure.of(12), Procedure.of(12).with(new Unrolled(0)), Procedure.of(12).with(Alternation.simultaneous())}) {
            var whole = trainer(larger, Adam.DCGAN, 1e-2, 1e-2);
            var parts = trainer(new Procedure(larger.alternation(), 4, false, null, larger.callbacks(), larger.unrolled(), 3), Adam.DCGAN, 1e-2, 1e-2);
            for (int step = 0; step < 4; step++) {
                whole.step();
                parts.step();
            }
            assertArrayEquals(flat(whole.generator()), flat(parts.generator()), 1e-12, "G, " + larger);
            assertArrayEquals(flat(whole.discriminator()), flat(parts.discriminator()), 1e-12, "D, " + larger);
        }
    }

    /// A NaN in one of the parts refuses the whole step, and is found again in the second run.
    @Test void poisonedPart() {
        var trainer = trainer(Procedure.of(4).accumulating(3), Adam.DCGAN, 1e-2, 1e-2);
        trainer.step();
        var before = Tiny.bits(trainer.discriminator().optimizer().states());
        double[] weights = flat(trainer.discriminator());
        poisoned = 17; // of real rows 12 to 23, the second part
        var e = assertThrows(DivergedException.class, trainer::step);
        for (String word : new String[] {"step 2 ", "discriminator's turn", "discriminator.0", "Likely cause: the data"}) assertTrue(e.getMessage().contains(word), e.getMessage());
        Tiny.assertSame(before, Tiny.bits(trainer.discriminator().optimizer().states()), "after the refused step");
        assertArrayEquals(weights, flat(trainer.discriminator()));
        poisoned = -1;
        trainer.step();
    }

    /// Each moves as it would if the other stood still.
    @Test void simultaneousGradientsAreFromTheSameWeights() {
        var both = trainer(Procedure.of(4).with(Alternation.simultaneous()), new Sgd(0), 0.1, 0.1);
        var inTurn = trainer(Procedure.of(4), new Sgd(0), 0.1, 0.1);
        var standing = trainer(Procedure.of(4), new Sgd(0), 1e-300, 0.1);
        both.step();
        inTurn.step();
        standing.step();
        assertArrayEquals(flat(inTurn.discriminator()), flat(both.discriminator()), "D moves first");
        assertArrayEquals(flat(standing.generator()), flat(both.generator()), "G meets D as it was");
        assertFalse(Arrays.equals(flat(inTurn.generator()), flat(both.generator())), "in turn, G meets D as it is");
    }

    /// Adam's first step is as long as the rate, whatever the gradient: D's is four times G's.
    @Test void twoTimeScales() {
        var trainer = trainer(Procedure.of(4), Adam.SAGAN, 4e-4, 1e-4);
        double[] d = flat(trainer.discriminator()), g = flat(trainer.generator());
        trainer.step();
        assertEquals(4e-4, farthest(d, flat(trainer.discriminator())), 1e-8, "D, Zhang et al. 2019");
        assertEquals(1e-4, farthest(g, flat(trainer.generator())), 1e-8, "G, Zhang et al. 2019");
    }

    private static double farthest(double[] from, double[] to) {
        double farthest = 0;
        for (int i = 0; i < from.length; i++) farthest = Math.max(farthest, Math.abs(to[i] - from[i]));
        return farthest;
    }

    /// The second gradients are taken where the first ones lead, the step from where it began.
    @Test void extragradient() {
        var trainer = trainer(Procedure.of(4).with(Alternation.extragradient()), new Sgd(0), 0.1, 0.1);
        var twice = trainer(Procedure.of(4).with(Alternation.simultaneous()), new Sgd(0), 0.1, 0.1);
        for (boolean ofG : new boolean[] {true, false}) {
            double[] start = flat(ofG ? twice.generator() : twice.discriminator());
            if (ofG) trainer.step();
            double[] after = flat(ofG ? trainer.generator() : trainer.discriminator());
            var steps = trainer(Procedure.of(4).with(Alternation.simultaneous()), new Sgd(0), 0.1, 0.1);
            steps.step();
            double[] first = flat(ofG ? steps.generator() : steps.discriminator());
            steps.step();
            double[] second = flat(ofG ? steps.generator() : steps.discriminator());
            for (int i = 0; i < start.length; i++) assertEquals(start[i] + second[i] - first[i], after[i], 1e-14, (ofG ? "G" : "D") + ", element " + i);
        }
    }

    @Test void refusals() {
        assertThrows(IllegalArgumentException.class, () -> Procedure.of(4).accumulating(0));
        assertThrows(IllegalArgumentException.class, () -> Procedure.of(4).accumulating(2).sharingFakes());
        assertThrows(IllegalArgumentException.class, () -> Procedure.of(4).with(Alternation.simultaneous()).sharingFakes());
        assertThrows(IllegalArgumentException.class, () -> new Alternation(2, 1, Alternation.Order.SIMULTANEOUS));
    }
}
