package gannet.benchmarks;

import static gannet.nn.ActivationLayer.RELU;
import static gannet.nn.ActivationLayer.TANH;
import static gannet.nn.ActivationLayer.leakyRelu;

import gannet.gan.Batch;
import gannet.gan.GanTrainer;
import gannet.gan.Objective;
import gannet.gan.Player;
import gannet.gan.Procedure;
import gannet.gan.Source;
import gannet.gan.loss.ModifiedMinimax;
import gannet.nn.ActivationLayer;
import gannet.nn.Images;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.optim.Adam;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Warmup;

/// A whole training step of a DCGAN, on noise instead of images: the work of `./gannet bench --only step_dcgan`, with its share of the FMA peak and (by
/// JMH's profiler `gc`) what it leaves on the heap.
///
/// `java -jar benchmarks/target/benchmarks.jar Step -p backEnd=simd -prof gc`
///
/// Its warm-up is longer than a kernel's: until the last of its methods is compiled, vectors are objects, megabytes of them a step.
@Warmup(iterations = 2, time = 4)
@Measurement(iterations = 3, time = 2)
public class StepBenchmark extends KernelBenchmark {
    private static final ActivationLayer LEAKY = leakyRelu(0.2);

    @Param({"dcgan28", "dcgan64"})
    public String networks;

    /// A generator of images from noise, its discriminator, and the operations of each layer's product, the first layer first.
    private record Gan(Network generator, Network discriminator, Shape image, Shape noise, double[] generatorFlop, double[] discriminatorFlop) {
        /// Each product has two gradients but a network's first layer, whose input has none; D sees two batches in its turn, and in G's only its inputs have
        /// gradients.
        double flop() {
            double g = Arrays.stream(generatorFlop).sum(), d = Arrays.stream(discriminatorFlop).sum();
            return 3 * g - generatorFlop[0] + 2 * (3 * d - discriminatorFlop[0]) + 2 * d;
        }
    }

    private GanTrainer trainer;
    private double flop;

    @Override protected void prepare() {
        var layers = Layers.dcgan(kernels, 1);
        Gan gan = switch (networks) {
            case "dcgan28" -> dcgan28(layers);
            case "dcgan64" -> dcgan64(layers);
            default -> throw new IllegalArgumentException("networks " + networks);
        };
        flop = gan.flop();
        var randoms = new Randoms(kernels, 1);
        trainer = new GanTrainer(Player.of(gan.generator, Adam.DCGAN, 2e-4), Player.of(gan.discriminator, Adam.DCGAN, 2e-4), Objective.of(new ModifiedMinimax()),
                n -> randoms.normal("z", gan.noise), always(Tensor.leaf(gan.image, normal(gan.image.count()))), randoms, Procedure.of(BATCH).sharingFakes());
    }

    private static Source always(Tensor images) {
        return new Source() {
            @Override public Batch next(int n) {
                return Batch.of(images);
            }

            @Override public List<State> states() {
                return List.of();
            }
        };
    }

    private static Gan dcgan28(Layers of) {
        double dense = 2.0 * BATCH * 7 * 7 * 128, wide = flop("1x28x28-64_k4s2p1"), narrow = flop("64x14x14-128_k4s2p1");
        return new Gan(
                Network.of("generator", of.denseUnbiased(100, 7 * 7 * 128), new Images.ToImage(7, 7, 128), of.batchNorm(128), RELU,
                        of.convTransposeUnbiased(128, 64, 4, 2, 1), of.batchNorm(64), RELU, of.convTranspose(64, 1, 4, 2, 1), TANH),
                Network.of("discriminator", of.conv(1, 64, 4, 2, 1), LEAKY, of.convUnbiased(64, 128, 4, 2, 1), of.batchNorm(128), LEAKY,
                        new Images.Flatten(7, 7, 128), of.dense(7 * 7 * 128, 1)),
                Shape.of(BATCH, 28, 28, 1), Shape.of(BATCH, 100), new double[] {100 * dense, narrow, wide}, new double[] {wide, narrow, dense});
    }

    private static Gan dcgan64(Layers of) {
        double[] pairs = {flop("256x8x8-512_k4s2p1"), flop("128x16x16-256_k4s2p1"), flop("64x32x32-128_k4s2p1"), flop("3x64x64-64_k4s2p1")};
        return new Gan(
                Network.of("generator", of.convTransposeUnbiased(100, 512, 4, 1, 0), of.batchNorm(512), RELU,
                        of.convTransposeUnbiased(512, 256, 4, 2, 1), of.batchNorm(256), RELU, of.convTransposeUnbiased(256, 128, 4, 2, 1), of.batchNorm(128), RELU,
                        of.convTransposeUnbiased(128, 64, 4, 2, 1), of.batchNorm(64), RELU, of.convTransposeUnbiased(64, 3, 4, 2, 1), TANH),
                Network.of("discriminator", of.convUnbiased(3, 64, 4, 2, 1), LEAKY, of.convUnbiased(64, 128, 4, 2, 1), of.batchNorm(128), LEAKY,
                        of.convUnbiased(128, 256, 4, 2, 1), of.batchNorm(256), LEAKY, of.convUnbiased(256, 512, 4, 2, 1), of.batchNorm(512), LEAKY,
                        of.convUnbiased(512, 1, 4, 1, 0), new Images.Flatten(1, 1, 1)),
                Shape.of(BATCH, 64, 64, 3), Shape.of(BATCH, 1, 1, 100),
                new double[] {flop("512x4x4-100_k4s1p0"), pairs[0], pairs[1], pairs[2], pairs[3]},
                new double[] {pairs[3], pairs[2], pairs[1], pairs[0], flop("512x4x4-1_k4s1p0")});
    }

    private static double flop(String layer) {
        return Layer.flop(Layer.shape(BATCH, layer));
    }

    /// One step of each player, on one batch of fakes.
    @Benchmark public Object step(Flops rate) {
        trainer.step();
        rate.done(flop);
        return trainer;
    }
}
