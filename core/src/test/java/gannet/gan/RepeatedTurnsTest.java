package gannet.gan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.loss.Relativistic;
import gannet.gan.remedy.Ada;
import gannet.gan.remedy.Augmentation;
import gannet.gan.remedy.InstanceNoise;
import gannet.gan.remedy.MovingAverage;
import gannet.gan.remedy.ReplayPool;
import gannet.gan.remedy.Schedule;
import gannet.kernel.Kernels;
import gannet.kernel.ScalarKernels;
import gannet.nn.Network;
import gannet.optim.Adam;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Steps that a device repeats by itself leave the same bits as steps that the host goes through, while learning rate, noise and statistics change.
class RepeatedTurnsTest {
    private static final int STEPS = 20;

    enum Play {
        IN_TURN, FIVE_TO_ONE, SHARED_FAKE, ACCUMULATED, RELATIVISTIC, UNROLLED, REPLAYED, SIMULTANEOUS, EXTRAGRADIENT;

        Procedure procedure() {
            Procedure one = Procedure.of(Tiny.BATCH);
            return switch (this) {
                case IN_TURN, RELATIVISTIC, REPLAYED -> one;
                case UNROLLED -> one.with(new Unrolled(2));
                case FIVE_TO_ONE -> one.with(Alternation.steps(5, 1));
                case SHARED_FAKE -> one.sharingFakes();
                case ACCUMULATED -> one.accumulating(2);
                case SIMULTANEOUS -> one.with(Alternation.simultaneous());
                case EXTRAGRADIENT -> one.with(Alternation.extragradient());
            };
        }

        Objective objective() {
            return Objective.of(this == RELATIVISTIC ? new Relativistic() : new ModifiedMinimax());
        }
    }

    private static GanTrainer trainer(Kernels k, Play play) {
        Network g = Tiny.generator(k), d = Tiny.discriminator(k);
        Player generator = Player.of(g, Adam.DCGAN, 0.01), discriminator = Player.of(d, Adam.DCGAN, 0.01);
        var randoms = new Randoms(k, 1);
        var noise = new InstanceNoise(randoms, 0.5, InstanceNoise.Decay.LINEAR, 15);
        var ada = new Ada(randoms, List.of(Augmentation.BRIGHTNESS));
        var random = new Random(1);
        Source data = Tiny.source(n -> Tensor.temporary(k, Shape.of(n, 4, 4, 1), random.doubles(n * 16L, -1, 1).toArray()));
        Procedure earlier = play == Play.REPLAYED ? play.procedure().with(new ReplayPool(d, randoms, 6, Shape.of(4, 4, 1))) : play.procedure();
        Procedure procedure = earlier.with(new Schedule(generator.optimizer(), Schedule.cosine(18))).with(noise).with(new MovingAverage(g, 0.9));
        if (play != Play.RELATIVISTIC) procedure = procedure.with(ada); // whose p is moved by D's signs, which say nothing there
        return new GanTrainer(generator, discriminator, play.objective().seenThrough(noise).seenThrough(ada), Prior.normal(randoms, Tiny.Z), data, randoms, procedure);
    }

    @ParameterizedTest @EnumSource(Play.class) void repeatedStepsLeaveTheSameBits(Play play) {
        var replaying = new ReplayingKernels();
        GanTrainer eager = trainer(new ScalarKernels(), play), repeated = trainer(replaying.kernels(), play);
        for (int step = 1; step <= STEPS; step++) {
            eager.step();
            repeated.step();
            Tiny.assertSame(Tiny.bits(all(eager)), Tiny.bits(all(repeated)), "after step " + step);
            assertEquals(eager.meter().discriminatorLoss(), repeated.meter().discriminatorLoss(), "D's loss in step " + step);
            assertEquals(eager.meter().generatorLoss(), repeated.meter().generatorLoss(), "G's loss in step " + step);
        }
        boolean byTheHost = play == Play.SIMULTANEOUS || play == Play.EXTRAGRADIENT; // it looks at one gradient before it asks for the other
        assertTrue(byTheHost ? replaying.replays() == 0 : replaying.replays() >= STEPS - 2, () -> replaying.replays() + " repeated turns in " + STEPS + " steps");
    }

    private static List<State> all(GanTrainer trainer) {
        return new ArrayList<>(trainer.states());
    }
}
