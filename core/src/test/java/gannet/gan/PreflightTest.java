package gannet.gan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.loss.GanLoss;
import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.loss.Wasserstein;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import gannet.nn.Network;
import gannet.optim.Adam;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreflightTest {
    private static final int BATCH = 64, STEPS = 200;

    private final Kernels k = new ReferenceKernels();
    private final Network g = Tiny.generator(k), d = Tiny.discriminator(k);
    private final Randoms randoms = new Randoms(k, 9);
    private final Prior prior = Prior.normal(randoms, Tiny.Z);
    /// Images of one sign, as no generator makes them at first.
    private final Source bright = Tiny.source(n -> Tensor.unrecorded(() -> Tiny.noise(randoms).next(n).x().times(0.1).plus(2)));

    private Preflight preflight(GanLoss loss, Player discriminator, Source data) {
        return new Preflight(Player.of(g, Adam.DCGAN, 2e-3), discriminator, Objective.of(loss), prior, Conditions.NONE, data, randoms, BATCH);
    }

    @Test void aDiscriminatorThatCanTellPassesAndIsAsItWas() {
        Player player = Player.of(d, Adam.DCGAN, 2e-2);
        List<State> states = new ArrayList<>(player.optimizer().states());
        states.addAll(d.states());
        states.addAll(g.states());
        states.addAll(randoms.states());
        var before = Tiny.bits(states);
        int steps = preflight(new ModifiedMinimax(), player, bright).run(STEPS);
        assertTrue(steps > 0 && steps < STEPS, "it took " + steps + " steps");
        Tiny.assertSame(before, Tiny.bits(states), "after the pre-flight");
    }

    @Test void aCriticIsJudgedByTheMiddle() {
        Network critic = Tiny.critic(k);
        assertTrue(preflight(new Wasserstein(), Player.of(critic, Adam.DCGAN, 2e-2), bright).run(STEPS) < STEPS);
    }

    @Test void aDiscriminatorThatDoesNotLearnIsRefused() {
        Player player = Player.of(d, Adam.DCGAN, 1e-12);
        var before = Tiny.bits(d, player.optimizer());
        var e = assertThrows(PreflightException.class, () -> preflight(new ModifiedMinimax(), player, bright).run(8));
        assertTrue(e.getMessage().contains("after 8 steps") && e.getMessage().contains("learning rate") && e.getMessage().contains("'discriminator'"), e.getMessage());
        Tiny.assertSame(before, Tiny.bits(d, player.optimizer()), "after a refusal");
    }

    @Test void dataThatTheGeneratorMakesAlreadyIsRefused() {
        Source same = Tiny.source(n -> Tensor.unrecorded(() -> g.apply(randoms.normal("other z", Shape.of(n, Tiny.Z)))));
        assertThrows(PreflightException.class, () -> preflight(new ModifiedMinimax(), Player.of(d, Adam.DCGAN, 2e-2), same).run(40));
        assertEquals(0, randoms.states().getFirst() instanceof State.OfTensor s ? s.tensor().item() : -1);
    }
}
