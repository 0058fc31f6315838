package gannet.gan;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.BackEnds;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.nn.Network;
import gannet.optim.Adam;
import gannet.optim.Optimizer;
import gannet.optim.RmsProp;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        return new GanTrainer(Player.of(g, Adam.DCGAN, 2e-4), Player.of(d, Adam.DCGAN, 2e-4), new ModifiedMinimax(), null, Prior.normal(randoms, Tiny.Z),
                Tiny.source(n -> batch(randoms, n)), randoms, Alternation.steps(1, 1), Tiny.BATCH, sharedFake);
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
        for (String word : List.of("step 2 ", "discriminator's turn", "BiasedConv", "discriminator.0"))
            assertTrue(e.getMessage().contains(word), "'" + e.getMessage() + "' should say: " + word);
        Tiny.assertSame(before, Tiny.bits(trainer.states()), "after the refused step");
        poison = null;
        trainer.step();
        assertNotEquals(before, Tiny.bits(trainer.states()), "a good batch after it trains on");
    }

    /// NaN in z of G's turn alone: D's turn stays done, nothing of G's is.
    @Test void poisonedGenerator() {
        Kernels kernels = new ReferenceKernels();
        Network g = Tiny.generator(kernels), d = Tiny.discriminator(kernels);
        var randoms = new Randoms(kernels, 9);
        int[] draws = {0};
        Prior prior = n -> draws[0]++ == 0 ? Prior.normal(randoms, Tiny.Z).sample(n) : Tensor.of(kernels, Shape.of(n, Tiny.Z), nans(n * Tiny.Z));
        var trainer = new GanTrainer(Player.of(g, Adam.DCGAN, 2e-4), Player.of(d, Adam.DCGAN, 2e-4), new ModifiedMinimax(), null, prior, Tiny.noise(randoms),
                randoms, Alternation.steps(1, 1), Tiny.BATCH, false);
        var before = Tiny.bits(g, trainer.generator().optimizer());
        var e = assertThrows(DivergedException.class, trainer::step);
        for (String word : List.of("step 1 ", "generator's turn", "generator.0")) assertTrue(e.getMessage().contains(word), e.getMessage());
        Tiny.assertSame(before, Tiny.bits(g, trainer.generator().optimizer()), "after the refused step");
    }

    /// Finite, but its square would overflow 32-bit floats in the optimiser.
    @Test void gradientTooLarge() {
        Kernels kernels = new ReferenceKernels();
        Network critic = Tiny.critic(kernels);
        var randoms = new Randoms(kernels, 9);
        poison = poison(1e25);
        var trainer = new GanTrainer(Player.of(Tiny.generator(kernels), RmsProp.WGAN, 5e-5), Player.of(critic, RmsProp.WGAN, 5e-5), new Wasserstein(true), null,
                Prior.normal(randoms, Tiny.Z), Tiny.source(n -> batch(randoms, n)), randoms, Alternation.steps(1, 1), Tiny.BATCH, false);
        var before = Tiny.bits(trainer.states());
        var e = assertThrows(DivergedException.class, trainer::step);
        assertTrue(e.getMessage().contains("above 1e18"), e.getMessage());
        Tiny.assertSame(before, Tiny.bits(trainer.states()), "after the refused step");
    }

    /// A refused step clips nothing either: weights above the bound stay until a step is committed.
    @Test void refusedStepDoesNotClip() {
        Kernels kernels = new ReferenceKernels();
        Network critic = Tiny.critic(kernels);
        var optimizer = new Optimizer(critic, RmsProp.WGAN, 5e-5, 0.01);
        var before = Tiny.bits(critic, optimizer);
        optimizer.descend(critic.apply(Tensor.of(kernels, Shape.of(1, 4, 4, 1), nans(16))).sum());
        assertTrue(optimizer.refused());
        Tiny.assertSame(before, Tiny.bits(critic, optimizer), "after the refused step");
    }
}
