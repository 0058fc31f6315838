package gannet.gan;

import static gannet.nn.ActivationLayer.RELU;
import static gannet.nn.ActivationLayer.TANH;
import static gannet.nn.ActivationLayer.leakyRelu;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gannet.gan.loss.ModifiedMinimax;
import gannet.kernel.Kernels;
import gannet.nn.Goldens;
import gannet.nn.Images;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.optim.Adam;
import gannet.optim.Optimizer;
import gannet.tensor.Gradients;
import gannet.tensor.Randoms;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.io.IOException;
import java.util.List;

/// One training step of a narrow DCGAN for 28×28 images, from PyTorch's weights on PyTorch's data, held to what PyTorch made of it; for any back end.
public final class DcganStep {
    private static final int Z = 16, BATCH = 4;
    private static final double RATE = 2e-4;

    private final Kernels kernels;
    private final Goldens goldens = Goldens.of("dcgan-step");
    private final Network g, d;

    public DcganStep(Kernels kernels) throws IOException {
        this.kernels = kernels;
        Layers layers = Layers.dcgan(kernels, 0);
        g = load(Network.of("generator", layers.denseUnbiased(Z, 7 * 7 * 8), new Images.ToImage(7, 7, 8), layers.batchNorm(8), RELU,
                layers.convTransposeUnbiased(8, 4, 4, 2, 1), layers.batchNorm(4), RELU, layers.convTranspose(4, 1, 4, 2, 1), TANH));
        d = load(Network.of("discriminator", layers.conv(1, 4, 4, 2, 1), leakyRelu(0.2), layers.convUnbiased(4, 8, 4, 2, 1), layers.batchNorm(8),
                leakyRelu(0.2), new Images.Flatten(7, 7, 8), layers.dense(7 * 7 * 8, 1)));
    }

    private Network load(Network network) {
        for (State s : network.states()) s.write(goldens.values("before/" + s.name()));
        return network;
    }

    /// By hand: the fakes, both losses and every gradient, G's through the updated D.
    public void checkGradients(double tolerance) {
        Tensor fake = g.apply(goldens.tensor(kernels, "input/z"));
        goldens.check("output/fake", fake, tolerance);
        var loss = new ModifiedMinimax();
        Tensor ofD = loss.discriminator(d.apply(goldens.tensor(kernels, "input/real")), d.apply(fake.detach()));
        goldens.check("loss/discriminator", ofD.toArray(), tolerance);
        checkGradients(d, ofD, tolerance);
        new Optimizer(d, Adam.DCGAN, RATE).descend(ofD);
        Tensor ofG = loss.generator(null, d.apply(fake));
        goldens.check("loss/generator", ofG.toArray(), tolerance);
        checkGradients(g, ofG, tolerance);
    }

    private void checkGradients(Network network, Tensor loss, double tolerance) {
        Gradients gradients = Gradients.of(loss, network.weights());
        for (Tensor w : network.weights()) goldens.check("gradient/" + w.origin(), gradients.get(w), tolerance);
        assertEquals(goldens.names("gradient/" + network.name()).size(), network.weights().size(), "gradients of the " + network.name());
    }

    /// By the trainer: both losses, every weight after Adam and all running statistics.
    public void checkTraining(double tolerance) {
        var randoms = new Randoms(kernels, 0);
        var trainer = new GanTrainer(Player.of(g, Adam.DCGAN, RATE), Player.of(d, Adam.DCGAN, RATE), Objective.of(new ModifiedMinimax()),
                n -> goldens.tensor(kernels, "input/z"), source(), randoms, Procedure.of(BATCH).sharingFakes());
        trainer.step();
        goldens.check("loss/discriminator", new double[] {trainer.meter().discriminatorLoss()}, tolerance);
        goldens.check("loss/generator", new double[] {trainer.meter().generatorLoss()}, tolerance);
        for (Network network : List.of(g, d))
            for (State s : network.states()) {
                double[] values = new double[s.shape().count()];
                s.read(values);
                goldens.check("after/" + s.name(), values, tolerance);
            }
        assertEquals(goldens.names("after/").size(), g.states().size() + d.states().size(), "states");
    }

    private Source source() {
        return new Source() {
            @Override public Batch next(int n) {
                return Batch.of(goldens.tensor(kernels, "input/real"));
            }

            @Override public List<State> states() {
                return List.of();
            }
        };
    }
}
