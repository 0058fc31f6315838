package gannet.examples;

import gannet.kernel.Kernels;
import gannet.nn.Network;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;
import gannet.tensor.Workspace;

/// Draws images from a generator. Its z come from random numbers of their own: always the same for one seed, and training's are not disturbed.
final class Sampler {
    /// Images drawn at once.
    private static final int CHUNK = 256;

    private final Recipe recipe;
    private final Network generator;
    private final Workspace workspace;

    Sampler(Recipe recipe, Network generator) {
        this.recipe = recipe;
        this.generator = generator;
        this.workspace = new Workspace(generator.kernels());
    }

    /// `x[count,h,w,c]` in −1…1. The first images of a seed are the same whatever the count.
    float[] draw(int count, long seed) {
        Kernels kernels = generator.kernels();
        var randoms = new Randoms(kernels, seed);
        int size = Recipe.HEIGHT * Recipe.WIDTH * Recipe.CHANNELS;
        float[] images = new float[Math.multiplyExact(count, size)];
        for (int done = 0; done < count; done += CHUNK) {
            int n = Math.min(CHUNK, count - done);
            try (var _ = workspace.open()) {
                Tensor x = generator.infer(randoms.normal("samples", Shape.of(n, recipe.z())));
                double[] values = x.toArray();
                for (int i = 0; i < values.length; i++) images[done * size + i] = (float) values[i];
            }
        }
        return images;
    }
}
