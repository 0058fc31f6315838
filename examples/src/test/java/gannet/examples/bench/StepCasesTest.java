package gannet.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.GanTrainer;
import gannet.kernel.BackEnds;
import gannet.kernel.Kernels;
import gannet.nn.Weights;
import gannet.tensor.State;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class StepCasesTest {
    private final Kernels kernels = BackEnds.open("scalar", 1).kernels();

    /// The peers' networks, counted by hand from their layers; dcgan64's are the numbers known from PyTorch's tutorial.
    @Test void theNetworksAreThePeers() {
        sizes(1_486_352, 533_505, StepCases::mlp);
        sizes(759_681, 138_689, StepCases::dcgan28);
        sizes(759_681, 138_561, StepCases::critic28);
        sizes(3_576_704, 2_765_568, StepCases::dcgan64);
    }

    private void sizes(int generator, int discriminator, Function<Kernels, StepCases.Gan> build) {
        var gan = build.apply(kernels);
        assertEquals(generator, gan.generator().size());
        assertEquals(discriminator, gan.discriminator().size());
    }

    @Test void aStepIsOneOfEachPlayer() {
        trains(StepCases.shared(kernels, 2, StepCases::mlp), 0.5);
        trains(StepCases.shared(kernels, 2, StepCases::dcgan28), 0.5);
        trains(StepCases.shared(kernels, 2, StepCases::dcgan64), 0.5);
    }

    @Test void aWassersteinStepIsFiveOfTheCritic() {
        trains(StepCases.wassersteinWithPenalty(kernels, 2, StepCases::critic28), 1 - Math.pow(0.5, 5));
    }

    /// `complement` is `1 − β₁ᵗ` of the discriminator after one step: it tells t, the number of its updates.
    private void trains(GanTrainer trainer, double complement) {
        double[] g = weights(trainer.generator().network()), d = weights(trainer.discriminator().network());
        trainer.step();
        changed(g, trainer.generator().network());
        changed(d, trainer.discriminator().network());
        assertEquals(complement, state(trainer, trainer.discriminator().network().name() + ".adam.complement1"), 1e-6);
        assertEquals(0.5, state(trainer, "generator.adam.complement1"), 1e-6);
        assertTrue(Double.isFinite(trainer.meter().generatorLoss() + trainer.meter().discriminatorLoss()));
    }

    private static double state(GanTrainer trainer, String name) {
        State state = trainer.states().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
        double[] value = new double[1];
        state.read(value);
        return value[0];
    }

    private static double[] weights(Weights<?> network) {
        double[] weights = new double[network.storage().length()];
        network.kernels().read(network.storage(), weights);
        return weights;
    }

    private static void changed(double[] before, Weights<?> network) {
        double[] after = weights(network);
        int same = 0;
        for (int i = 0; i < after.length; i++) {
            assertFalse(Double.isNaN(after[i]), network.name() + " weight " + i);
            if (after[i] == before[i]) same++;
        }
        assertNotEquals(after.length, same, network.name() + ": no weight changed");
        assertTrue(same < after.length / 2, network.name() + ": " + same + " of " + after.length + " weights didn't change");
    }
}
