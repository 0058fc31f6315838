package gannet.examples;

import static gannet.nn.ActivationLayer.*;

import gannet.data.*;
import gannet.gan.*;
import gannet.io.ImageGrid;
import gannet.kernel.*;
import gannet.nn.*;
import gannet.optim.Adam;
import gannet.tensor.*;
import java.nio.file.Path;

/// A DCGAN (Radford et al. 2016, at 28×28) from a folder of Fashion-MNIST or MNIST files to a PNG: `DcganFromScratch FOLDER STEPS FILE.png`
final class DcganFromScratch {
    static void main(String[] args) throws Exception {
        Kernels k = BackEnds.open(Runtime.getRuntime().availableProcessors()).kernels();
        long seed = 0, steps = Long.parseLong(args[1]);
        int z = 100, batch = 64;
        var layers = Layers.dcgan(k, seed);
        Network generator = Network.of("generator", layers.denseUnbiased(z, 7 * 7 * 128), new Images.ToImage(7, 7, 128), layers.batchNorm(128), RELU,
                layers.convTransposeUnbiased(128, 64, 4, 2, 1), layers.batchNorm(64), RELU, layers.convTranspose(64, 1, 4, 2, 1), TANH);
        Network discriminator = Network.of("discriminator", layers.conv(1, 64, 4, 2, 1), leakyRelu(0.2),
                layers.convUnbiased(64, 128, 4, 2, 1), layers.batchNorm(128), leakyRelu(0.2), new Images.Flatten(7, 7, 128), layers.dense(7 * 7 * 128, 1));
        var random = new Randoms(k, seed);
        var trainer = new GanTrainer(Player.of(generator, Adam.DCGAN, 2e-4), Player.of(discriminator, Adam.DCGAN, 2e-4), new ModifiedMinimax(), null,
                Prior.normal(random, z), ImageSource.of(k, FashionMnist.load(Path.of(args[0])).train(), batch, seed), random, Alternation.steps(1, 1), batch, false);
        while (trainer.steps() < steps) {
            trainer.step();
            if (trainer.steps() % 100 == 0) System.err.println("step " + trainer.steps() + ": D " + trainer.meter().discriminatorLoss() + ", G " + trainer.meter().generatorLoss());
        }
        double[] images = generator.infer(random.normal("samples", Shape.of(64, z))).toArray();
        float[] pixels = new float[images.length];
        for (int i = 0; i < images.length; i++) pixels[i] = (float) images[i];
        ImageGrid.DEFAULT.write(Path.of(args[2]), 64, 28, 28, 1, pixels);
    }
}
