package gannet.examples;

import static gannet.nn.ActivationLayer.*;

import gannet.data.*;
import gannet.gan.*;
import gannet.gan.loss.ModifiedMinimax;
import gannet.io.ImageGrid;
import gannet.kernel.*;
import gannet.nn.*;
import gannet.optim.Adam;
import gannet.tensor.*;
import java.nio.file.Path;

/// A DCGAN (Radford et al. 2016, at 28×28; z is normal, theirs is uniform) from a folder of Fashion-MNIST or MNIST files to a PNG: `DcganFromScratch FOLDER STEPS FILE.png`
final class DcganFromScratch {
    static void main(String[] args) throws Exception {
        Kernels k = BackEnds.open(Runtime.getRuntime().availableProcessors()).kernels();
        long seed = 0, steps = Long.parseLong(args[1]);
        int batch = 64;
        var layers = Layers.dcgan(k, seed);
        var g = Network.of("generator", layers.denseUnbiased(100, 6272), new Images.ToImage(7, 7, 128), layers.batchNorm(128), RELU,
                layers.convTransposeUnbiased(128, 64, 4, 2, 1), layers.batchNorm(64), RELU, layers.convTranspose(64, 1, 4, 2, 1), TANH);
        var d = Network.of("discriminator", layers.conv(1, 64, 4, 2, 1), leakyRelu(0.2), layers.convUnbiased(64, 128, 4, 2, 1),
                layers.batchNorm(128), leakyRelu(0.2), new Images.Flatten(7, 7, 128), layers.dense(6272, 1));
        var random = new Randoms(k, seed);
        var data = ImageSource.of(k, FashionMnist.load(Path.of(args[0])).train(), batch, seed);
        var trainer = new GanTrainer(Player.of(g, Adam.DCGAN, 2e-4), Player.of(d, Adam.DCGAN, 2e-4), Objective.of(new ModifiedMinimax()),
                Prior.normal(random, 100), data, random, Procedure.of(batch));
        while (trainer.steps() < steps) {
            trainer.step();
            var m = trainer.meter();
            if (trainer.steps() % 100 == 0) IO.println("step " + trainer.steps() + ": D " + m.discriminatorLoss() + ", G " + m.generatorLoss());
        }
        double[] images = g.infer(random.normal("samples", Shape.of(64, 100))).toArray();
        float[] pixels = new float[images.length];
        for (int i = 0; i < images.length; i++) pixels[i] = (float) images[i];
        ImageGrid.DEFAULT.write(Path.of(args[2]), 64, 28, 28, 1, pixels);
    }
}
