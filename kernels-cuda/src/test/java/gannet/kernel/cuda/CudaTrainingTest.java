package gannet.kernel.cuda;

import static gannet.nn.ActivationLayer.RELU;
import static gannet.nn.ActivationLayer.TANH;
import static gannet.nn.ActivationLayer.leakyRelu;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.Batch;
import gannet.gan.DcganStep;
import gannet.gan.DivergedException;
import gannet.gan.GanTrainer;
import gannet.gan.Objective;
import gannet.gan.Player;
import gannet.gan.Prior;
import gannet.gan.Procedure;
import gannet.gan.Source;
import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.penalty.JsRegulariser;
import gannet.gan.remedy.Annealing;
import gannet.gan.remedy.InstanceNoise;
import gannet.gan.remedy.MovingAverage;
import gannet.gan.remedy.Schedule;
import gannet.kernel.BackEnds;
import gannet.kernel.Kernels;
import gannet.nn.Images;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.optim.Adam;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Training on the card: like on the CPU, like PyTorch, and recorded like launched.
class CudaTrainingTest {
    private static final double RATE = 2e-4;
    private static final int Z = 100, STEPS = Integer.getInteger("gannet.training.steps", 3);

    /// Images of noise, other ones each time.
    private static Source noise(Kernels k, Shape image) {
        var random = new Random(5);
        return new Source() {
            @Override public Batch next(int n) {
                Shape all = Shape.of(n, image.size(0), image.size(1), image.size(2));
                return Batch.of(Tensor.temporary(k, all, random.doubles(all.count(), -1, 1).toArray()));
            }

            @Override public List<State> states() {
                return List.of();
            }
        };
    }

    /// The networks of the recipe `dcgan` for 28×28 images.
    private static GanTrainer dcgan28(Kernels k, int batch) {
        Layers layers = Layers.dcgan(k, 1);
        Network g = Network.of("generator", layers.denseUnbiased(Z, 7 * 7 * 128), new Images.ToImage(7, 7, 128), layers.batchNorm(128), RELU,
                layers.convTransposeUnbiased(128, 64, 4, 2, 1), layers.batchNorm(64), RELU, layers.convTranspose(64, 1, 4, 2, 1), TANH);
        Network d = Network.of("discriminator", layers.conv(1, 64, 4, 2, 1), leakyRelu(0.2), layers.convUnbiased(64, 128, 4, 2, 1), layers.batchNorm(128), leakyRelu(0.2),
                new Images.Flatten(7, 7, 128), layers.dense(7 * 7 * 128, 1));
        var randoms = new Randoms(k, 1);
        return new GanTrainer(Player.of(g, Adam.DCGAN, RATE), Player.of(d, Adam.DCGAN, RATE), Objective.of(new ModifiedMinimax()), Prior.normal(randoms, Z),
                noise(k, Shape.of(28, 28, 1)), randoms, Procedure.of(batch));
    }

    /// A narrow GAN under remedies whose strength changes from step to step: learning rate, noise σ, the weight γ of a penalty.
    private static GanTrainer changing(Kernels k) {
        Layers layers = Layers.dcgan(k, 2);
        Network g = Network.of("generator", layers.denseUnbiased(8, 4 * 4 * 8), new Images.ToImage(4, 4, 8), layers.batchNorm(8), RELU, layers.convTranspose(8, 1, 4, 2, 1), TANH);
        Network d = Network.of("discriminator", layers.conv(1, 8, 4, 2, 1), leakyRelu(0.2), new Images.Flatten(4, 4, 8), layers.dense(128, 1));
        var randoms = new Randoms(k, 2);
        Player generator = Player.of(g, Adam.DCGAN, 0.01), discriminator = Player.of(d, Adam.DCGAN, 0.01);
        var noise = new InstanceNoise(randoms, 0.5, InstanceNoise.Decay.LINEAR, 15);
        var gamma = JsRegulariser.of(k, 2);
        Procedure procedure = Procedure.of(4).with(noise).with(new Schedule(generator.optimizer(), Schedule.cosine(18))).with(new Annealing("gamma", gamma.gamma(), 0.01, 17))
                .with(new MovingAverage(g, 0.9));
        return new GanTrainer(generator, discriminator, Objective.of(new ModifiedMinimax()).with(gamma).seenThrough(noise), Prior.normal(randoms, 8), noise(k, Shape.of(8, 8, 1)), randoms,
                procedure);
    }

    private static List<double[]> bits(GanTrainer trainer) {
        List<double[]> all = new ArrayList<>();
        for (State s : trainer.states()) {
            double[] values = new double[s.shape().count()];
            s.read(values);
            all.add(values);
        }
        return all;
    }

    private static void assertSame(GanTrainer expected, GanTrainer actual, String when) {
        List<State> states = expected.states();
        List<double[]> want = bits(expected), got = bits(actual);
        for (int i = 0; i < want.size(); i++) assertArrayEquals(want.get(i), got.get(i), states.get(i).name() + " " + when);
    }

    private static CudaKernels open(Graphs graphs) {
        TestDevice.kernels(); // finds the driver, or skips the test
        return new CudaKernels(Card.at(0), Precision.FP32, graphs);
    }

    @Test void oneStepIsPyTorchs() throws IOException {
        new DcganStep(TestDevice.kernels()).checkGradients(1e-4);
        new DcganStep(TestDevice.kernels()).checkTraining(1e-4);
    }

    /// Beyond a few steps rounding errors have grown by themselves: chaos, not a fault.
    @Test void lossesFollowTheCpus() {
        GanTrainer cuda = dcgan28(TestDevice.kernels(), 4), cpu = dcgan28(BackEnds.open("scalar", 1).kernels(), 4);
        for (int step = 1; step <= 5; step++) {
            cuda.step();
            cpu.step();
            assertEquals(cpu.meter().discriminatorLoss(), cuda.meter().discriminatorLoss(), 1e-3, "D's loss in step " + step);
            assertEquals(cpu.meter().generatorLoss(), cuda.meter().generatorLoss(), 1e-3, "G's loss in step " + step);
        }
    }

    @Test void recordedStepsLeaveTheBitsOfLaunchedOnes() {
        try (CudaKernels recording = open(Graphs.TRUE); CudaKernels launching = open(Graphs.FALSE)) {
            GanTrainer recorded = changing(recording), launched = changing(launching);
            for (int step = 1; step <= 20; step++) {
                recorded.step();
                launched.step();
                assertSame(launched, recorded, "after step " + step);
                assertEquals(launched.meter().discriminatorLoss(), recorded.meter().discriminatorLoss(), "D's loss in step " + step);
                assertEquals(launched.meter().generatorLoss(), recorded.meter().generatorLoss(), "G's loss in step " + step);
            }
            assertTrue(recording.replays() >= 30, () -> recording.replays() + " of 40 turns were replayed");
            assertEquals(0, launching.replays());
        }
    }

    /// A replayed turn is refused as a launched one is, changes nothing, and is gone through once more on the host to say where it went wrong.
    @Test void whatIsNotFiniteStopsAReplayedTurnByName() {
        try (CudaKernels k = open(Graphs.TRUE)) {
            Layers layers = Layers.dcgan(k, 3);
            Network g = Network.of("generator", layers.dense(4, 16), TANH), d = Network.of("discriminator", layers.dense(16, 8), leakyRelu(0.2), layers.dense(8, 1));
            var randoms = new Randoms(k, 3);
            double[] batch = new Random(1).doubles(64, -1, 1).toArray();
            Source data = new Source() {
                @Override public Batch next(int n) {
                    return Batch.of(Tensor.temporary(k, Shape.of(n, 16), batch));
                }

                @Override public List<State> states() {
                    return List.of();
                }
            };
            var trainer = new GanTrainer(Player.of(g, Adam.DCGAN, RATE), Player.of(d, Adam.DCGAN, RATE), Objective.of(new ModifiedMinimax()), Prior.normal(randoms, 4), data, randoms,
                    Procedure.of(4).sharingFakes());
            for (int step = 1; step <= 6; step++) trainer.step();
            assertTrue(k.replays() > 0);
            List<double[]> before = bits(trainer);
            batch[37] = Double.NaN;
            String message = assertThrows(DivergedException.class, trainer::step).getMessage();
            assertTrue(message.contains("step 7") && message.contains("discriminator.0") && message.contains("the real batch"), message);
            List<double[]> after = bits(trainer);
            for (int i = 0; i < before.size(); i++) assertArrayEquals(before.get(i), after.get(i), trainer.states().get(i).name());
        }
    }

    /// On an emulated card a step takes half a second: 200 of them are for `mvn -Pnightly verify`.
    @Test void anotherRunLeavesTheSameFiniteBits() {
        try (CudaKernels first = open(Graphs.TRUE); CudaKernels second = open(Graphs.TRUE)) {
            GanTrainer one = dcgan28(first, 4), other = dcgan28(second, 4);
            for (int step = 1; step <= STEPS; step++) {
                one.step();
                other.step();
            }
            assertSame(one, other, "after " + STEPS + " steps");
            for (double[] values : bits(one)) for (double value : values) assertTrue(Double.isFinite(value));
        }
    }
}
