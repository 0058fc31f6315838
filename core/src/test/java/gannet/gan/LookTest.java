package gannet.gan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.loss.GanLoss;
import gannet.gan.loss.Losses;
import gannet.gan.penalty.R1;
import gannet.gan.remedy.InstanceNoise;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.nn.Network;
import gannet.optim.Adam;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A look at samples that D isn't trained on tells what D makes of them and changes nothing.
class LookTest {
    private final Kernels kernels = new ReferenceKernels();

    private GanTrainer trainer(String loss, boolean noisy) {
        Network g = Tiny.generator(kernels), d = Tiny.discriminator(kernels);
        var randoms = new Randoms(kernels, 5);
        GanLoss named = Losses.named(loss);
        Objective plain = Objective.of(named).with(new R1(1).despiteBatchNorm());
        Objective objective = noisy ? plain.seenThrough(new InstanceNoise(randoms, 0.1, InstanceNoise.Decay.CONSTANT, 1)) : plain;
        return new GanTrainer(Player.of(g, Adam.DCGAN, 2e-3), Player.of(d, Adam.DCGAN, 2e-3), objective, Prior.normal(randoms, Tiny.Z), Tiny.noise(randoms), randoms,
                Procedure.of(Tiny.BATCH));
    }

    /// Six samples, a number that no batch of training has.
    private Batch other() {
        return Batch.of(new Randoms(kernels, 9).normal("other", Shape.of(6, 4, 4, 1)));
    }

    @ParameterizedTest @ValueSource(strings = {"modified-minimax", "relativistic-average", "wasserstein-unconstrained"})
    void changesNothingNowOrLater(String loss) {
        GanTrainer looking = trainer(loss, true), blind = trainer(loss, true);
        for (int step = 0; step < 3; step++) {
            looking.step();
            blind.step();
            double seen = looking.look(other()).discriminatorLoss();
            assertEquals(seen, looking.look(other()).discriminatorLoss(), "the same again");
            assertEquals(blind.meter().discriminatorLoss(), looking.meter().discriminatorLoss(), "the step's own figures stay");
            Tiny.assertSame(Tiny.bits(blind.states()), Tiny.bits(looking.states()), "after a look at step " + step);
        }
    }

    @Test void tellsTheShareThatDTakesForReal() {
        GanTrainer trainer = trainer("modified-minimax", false);
        for (int step = 0; step < 20; step++) trainer.step();
        Batch other = other();
        double[] logits = Tensor.unrecorded(() -> ((Network) trainer.discriminator().network()).apply(other.x())).toArray();
        int real = 0;
        for (double s : logits) if (s > 0) real++;
        assertTrue(real > 0 && real < 6, "a share that says something: " + real);
        assertEquals(real / 6.0, trainer.look(other).realAccuracy(), 1e-12);
    }
}
