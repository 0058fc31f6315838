package gannet.examples.bench;

import static gannet.nn.ActivationLayer.RELU;
import static gannet.nn.ActivationLayer.TANH;
import static gannet.nn.ActivationLayer.leakyRelu;

import gannet.gan.Alternation;
import gannet.gan.Batch;
import gannet.gan.GanTrainer;
import gannet.gan.Objective;
import gannet.gan.Player;
import gannet.gan.Procedure;
import gannet.gan.Source;
import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.loss.Wasserstein;
import gannet.gan.penalty.GradientPenalty;
import gannet.kernel.Kernels;
import gannet.nn.ActivationLayer;
import gannet.nn.Images;
import gannet.nn.Layer;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.optim.Adam;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Whole training steps, made of the library's own networks and trainer. Noise is drawn inside the step; the real batch is fixed, so that
/// no loading of data is measured. Adam has learning rate 2e-4 and β₁ 0.5.
final class StepCases {
    static final long SEED = 1;
    private static final double RATE = 2e-4;
    private static final ActivationLayer LEAKY = leakyRelu(0.2);

    private StepCases() {}

    /// A generator of images `[n, …image]` from `[n, …noise]`, and its discriminator.
    record Gan(Network generator, Network discriminator, Shape image, Shape noise) {}

    static List<Case> all() {
        return List.of(step("mlp", StepCases::mlp), step("dcgan28", StepCases::dcgan28), step("dcgan64", StepCases::dcgan64),
                new Case("step_wgan-gp28", 0, Case.BATCH, kernels -> call(wassersteinWithPenalty(kernels, Case.BATCH, StepCases::critic28))));
    }

    private static Case step(String name, Function<Kernels, Gan> build) {
        return new Case("step_" + name, 0, Case.BATCH, kernels -> call(shared(kernels, Case.BATCH, build)));
    }

    private static Call call(GanTrainer trainer) {
        return Call.of(trainer::step, trainer.generator().network().storage());
    }

    /// One alternating step: G makes one batch, D learns from it and the real one, and G learns from the same batch through the updated D.
    static GanTrainer shared(Kernels kernels, int batch, Function<Kernels, Gan> build) {
        Gan gan = build.apply(kernels);
        var randoms = new Randoms(kernels, SEED);
        return new GanTrainer(trained(gan.generator), trained(gan.discriminator), Objective.of(new ModifiedMinimax()),
                n -> randoms.normal("z", batched(n, gan.noise)), fixed(randoms, batched(batch, gan.image)), randoms,
                Procedure.of(batch).sharingFakes());
    }

    /// Five critic steps, each with a fresh fake batch and a gradient penalty of weight 10, and one step of G; Gulrajani et al. 2017,
    /// Algorithm 1.
    static GanTrainer wassersteinWithPenalty(Kernels kernels, int batch, Function<Kernels, Gan> build) {
        Gan gan = build.apply(kernels);
        var randoms = new Randoms(kernels, SEED);
        return new GanTrainer(trained(gan.generator), trained(gan.discriminator), Objective.of(new Wasserstein()).with(new GradientPenalty(10, randoms)), n -> randoms.normal("z", batched(n, gan.noise)),
                fixed(randoms, batched(batch, gan.image)), randoms, Procedure.of(batch).with(Alternation.steps(5, 1)));
    }

    static Player trained(Network network) {
        return Player.of(network, Adam.DCGAN, RATE);
    }

    static Shape batched(int n, Shape each) {
        int[] sizes = new int[1 + each.rank()];
        sizes[0] = n;
        for (int i = 0; i < each.rank(); i++) sizes[1 + i] = each.size(i);
        return Shape.of(sizes);
    }

    /// The same batch every time, uniform in −1…1.
    static Source fixed(Randoms randoms, Shape shape) {
        Tensor batch = Tensor.unrecorded(() -> randoms.uniform("real", shape).times(2).plus(-1));
        return new Source() {
            @Override public Batch next(int n) {
                return Batch.of(batch);
            }

            @Override public List<State> states() {
                return List.of();
            }
        };
    }

    // ---- the networks

    static Gan mlp(Kernels kernels) {
        var layers = Layers.fanIn(kernels, SEED);
        return new Gan(
                Network.of("generator", layers.dense(100, 256), LEAKY, layers.dense(256, 512), LEAKY, layers.dense(512, 1024), LEAKY,
                        layers.dense(1024, 784), TANH),
                Network.of("discriminator", layers.dense(784, 512), LEAKY, layers.dense(512, 256), LEAKY, layers.dense(256, 1)),
                Shape.of(784), Shape.of(100));
    }

    static Gan dcgan28(Kernels kernels) {
        var layers = Layers.dcgan(kernels, SEED);
        return new Gan(generator28(layers),
                Network.of("discriminator", layers.conv(1, 64, 4, 2, 1), LEAKY,
                        layers.convUnbiased(64, 128, 4, 2, 1), layers.batchNorm(128), LEAKY, new Images.Flatten(7, 7, 128),
                        layers.dense(7 * 7 * 128, 1)),
                Shape.of(28, 28, 1), Shape.of(100));
    }

    /// [#dcgan28] without batch norm in D, whose second convolution has a bias instead.
    static Gan critic28(Kernels kernels) {
        var layers = Layers.dcgan(kernels, SEED);
        return new Gan(generator28(layers),
                Network.of("critic", layers.conv(1, 64, 4, 2, 1), LEAKY, layers.conv(64, 128, 4, 2, 1), LEAKY, new Images.Flatten(7, 7, 128),
                        layers.dense(7 * 7 * 128, 1)),
                Shape.of(28, 28, 1), Shape.of(100));
    }

    private static Network generator28(Layers layers) {
        return Network.of("generator", layers.denseUnbiased(100, 7 * 7 * 128), new Images.ToImage(7, 7, 128), layers.batchNorm(128), RELU,
                layers.convTransposeUnbiased(128, 64, 4, 2, 1), layers.batchNorm(64), RELU, layers.convTranspose(64, 1, 4, 2, 1), TANH);
    }

    /// Radford et al. 2016, fig. 1, at half of its channels.
    static Gan dcgan64(Kernels kernels) {
        var layers = Layers.dcgan(kernels, SEED);
        List<Layer> up = new ArrayList<>(), down = new ArrayList<>();
        up.addAll(List.of(layers.convTransposeUnbiased(100, 512, 4, 1, 0), layers.batchNorm(512), RELU));
        for (int c = 512; c > 64; c /= 2)
            up.addAll(List.of(layers.convTransposeUnbiased(c, c / 2, 4, 2, 1), layers.batchNorm(c / 2), RELU));
        up.addAll(List.of(layers.convTransposeUnbiased(64, 3, 4, 2, 1), TANH));
        down.addAll(List.of(layers.convUnbiased(3, 64, 4, 2, 1), LEAKY));
        for (int c = 64; c < 512; c *= 2)
            down.addAll(List.of(layers.convUnbiased(c, 2 * c, 4, 2, 1), layers.batchNorm(2 * c), LEAKY));
        down.addAll(List.of(layers.convUnbiased(512, 1, 4, 1, 0), new Images.Flatten(1, 1, 1)));
        return new Gan(Network.of("generator", up.toArray(new Layer[0])), Network.of("discriminator", down.toArray(new Layer[0])),
                Shape.of(64, 64, 3), Shape.of(1, 1, 100));
    }
}
