package gannet.gan;

import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.remedy.Ada;
import gannet.gan.remedy.InstanceNoise;
import gannet.gan.remedy.ReplayPool;
import gannet.kernel.Kernels;
import gannet.kernel.ScalarBackEnd;
import gannet.nn.Network;
import gannet.optim.Adam;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// A run with instance noise, ADA and a replay pool that is stopped and resumed is the unbroken one, to the bit.
class RemediesResumeTest {
    private final Kernels k = new ScalarBackEnd().open(1);

    private GanTrainer trainer(long noiseLength) {
        var randoms = new Randoms(k, 5);
        Network g = Tiny.generator(k), d = Tiny.discriminator(k);
        var noise = new InstanceNoise(randoms, 0.3, InstanceNoise.Decay.EXPONENTIAL, noiseLength);
        var ada = new Ada(randoms);
        ada.probability().assign(Tensor.constant(k, 0.5));
        var objective = Objective.of(new ModifiedMinimax()).seenThrough(ada).seenThrough(noise);
        var procedure = Procedure.of(Tiny.BATCH).with(new ReplayPool(d, randoms, 6, Shape.of(4, 4, 1))).with(ada).with(noise).with(Alternation.steps(2, 1));
        return new GanTrainer(Player.of(g, Adam.DCGAN, 2e-3), Player.of(d, Adam.DCGAN, 2e-3), objective, Prior.normal(randoms, Tiny.Z), Tiny.noise(randoms), randoms, procedure);
    }

    @Test void aResumedRunIsTheUnbrokenOne() {
        GanTrainer unbroken = trainer(20), stopped = trainer(20), resumed = trainer(999);
        for (int i = 0; i < 9; i++) unbroken.step();
        for (int i = 0; i < 5; i++) stopped.step();
        Map<String, State> to = resumed.states().stream().collect(Collectors.toMap(State::name, s -> s));
        for (State from : stopped.states()) {
            double[] elements = new double[from.shape().count()];
            from.read(elements);
            to.get(from.name()).write(elements);
        }
        for (int i = 5; i < 9; i++) resumed.step();
        Map<String, List<Long>> expected = Tiny.bits(unbroken.states());
        for (String name : List.of("ada.probability", "instance-noise.sigma", "replay.fakes", "replay.filled")) assertTrue(expected.containsKey(name), expected.keySet().toString());
        Tiny.assertSame(expected, Tiny.bits(resumed.states()), "after nine steps, five of them in another run");
    }
}
