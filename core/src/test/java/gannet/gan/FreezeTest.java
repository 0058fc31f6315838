package gannet.gan;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.loss.ModifiedMinimax;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.nn.Network;
import gannet.optim.Adam;
import gannet.tensor.Randoms;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A step of one player leaves all that the other remembers as it was, to the bit: weights, running statistics, moments and counters.
class FreezeTest {
    private final Kernels kernels = new ReferenceKernels();
    private final Network g = Tiny.generator(kernels), d = Tiny.discriminator(kernels);
    private final Player generator = Player.of(g, Adam.DCGAN, 2e-3), discriminator = Player.of(d, Adam.DCGAN, 2e-3);
    private Map<String, List<Long>> gBefore, dBefore, dBetween;

    private Map<String, List<Long>> bitsOfG() {
        return Tiny.bits(g, generator.optimizer());
    }

    private Map<String, List<Long>> bitsOfD() {
        return Tiny.bits(d, discriminator.optimizer());
    }

    /// D's turn is over, G's not yet.
    private void between() {
        Tiny.assertSame(gBefore, bitsOfG(), "G after D's turn");
        dBetween = bitsOfD();
        assertAllChanged(dBefore, dBetween, "discriminator.rate");
    }

    private static void assertAllChanged(Map<String, List<Long>> before, Map<String, List<Long>> after, String except) {
        for (String name : before.keySet())
            if (!name.equals(except)) assertNotEquals(before.get(name), after.get(name), name + " must change in its own turn");
    }

    @ParameterizedTest @ValueSource(booleans = {false, true})
    void eachTurnChangesItsOwnPlayerOnly(boolean sharedFake) {
        var randoms = new Randoms(kernels, 5);
        var loss = new Tiny.Watched(new ModifiedMinimax(), () -> {}, this::between);
        var trainer = new GanTrainer(generator, discriminator, Objective.of(loss), Prior.normal(randoms, Tiny.Z), Tiny.noise(randoms), randoms,
                sharedFake ? Procedure.of(Tiny.BATCH).sharingFakes() : Procedure.of(Tiny.BATCH));
        for (int step = 0; step < 3; step++) {
            gBefore = bitsOfG();
            dBefore = bitsOfD();
            trainer.step();
            Tiny.assertSame(dBetween, bitsOfD(), "D after G's turn");
            assertAllChanged(gBefore, bitsOfG(), "generator.rate");
        }
    }

    /// What the hashes cover, so that a state that is no longer listed is missed.
    @ParameterizedTest @ValueSource(strings = {"generator.2.mean", "generator.2.variance", "generator.0.weight", "generator.0.weight.adam.m",
        "generator.4.bias.adam.v", "generator.adam.complement1", "generator.rate"})
    void theBitsCover(String state) {
        assertTrue(bitsOfG().containsKey(state), state + " is not among " + bitsOfG().keySet());
    }
}
