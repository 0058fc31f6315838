package gannet.examples;

import gannet.gan.Prior;
import gannet.kernel.Kernels;
import gannet.nn.Conditional;
import gannet.tensor.Randoms;
import gannet.tensor.Tensor;
import gannet.tensor.Workspace;
import java.util.Arrays;

/// Draws images from a generator. Its z come from random numbers of their own: always the same for one seed, and training's are not disturbed.
final class Sampler {
    /// Images drawn at once.
    private static final int CHUNK = 256;
    private static final int SIZE = Recipe.HEIGHT * Recipe.WIDTH * Recipe.CHANNELS;
    /// A run's grid: 64 images, or a row of eight for each class.
    private static final int GRID = 64, ACROSS = 8;

    private final Recipe recipe;
    private final Conditional generator;
    private final Kernels kernels;
    private final Labels labels;
    private final Latent latent;
    private final Workspace workspace;

    Sampler(Recipe recipe, Conditional generator, Kernels kernels, Labels labels, Latent latent) {
        this.recipe = recipe;
        this.generator = generator;
        this.kernels = kernels;
        this.labels = labels;
        this.latent = latent;
        this.workspace = new Workspace(kernels);
    }

    /// How many images a run's own grid has; eight a row.
    int grid() {
        return labels.any() ? labels.count() * ACROSS : GRID;
    }

    /// A run's own grid: of a run with classes a row each, in every row the same z.
    float[] grid(long seed) {
        return labels.any() ? rows(draw(grid(), seed), labels.count()) : draw(GRID, seed);
    }

    /// `x[count,h,w,c]` in −1…1. The first images of a seed are the same whatever the count. Of a run with classes, image i is of class i modulo their
    /// number, and from each round of all classes to the next z is another.
    float[] draw(int count, long seed) {
        if (!labels.any()) return draw(count, seed, 0);
        float[] images = new float[Math.multiplyExact(count, SIZE)];
        int classes = labels.count();
        for (int k = 0; k < Math.min(classes, count); k++) {
            float[] row = draw((count - k + classes - 1) / classes, seed, k);
            for (int i = 0; i * SIZE < row.length; i++) System.arraycopy(row, i * SIZE, images, (i * classes + k) * SIZE, SIZE);
        }
        return images;
    }

    /// As above, all of class `k`.
    float[] draw(int count, long seed, int k) {
        var randoms = new Randoms(kernels, seed);
        Prior prior = latent.of(randoms, "samples", recipe.z());
        float[] images = new float[Math.multiplyExact(count, SIZE)];
        for (int done = 0; done < count; done += CHUNK) {
            int n = Math.min(CHUNK, count - done);
            try (var _ = workspace.open()) {
                Tensor x = generator.given(labels.condition(randoms, k, n)).infer(prior.sample(n));
                double[] values = x.toArray();
                for (int i = 0; i < values.length; i++) images[done * SIZE + i] = (float) values[i];
            }
        }
        return images;
    }

    /// The images of [#draw] in the order of a grid with a row for each of `rows` classes. Where the last round lacks classes its cells are grey.
    static float[] rows(float[] images, int rows) {
        int count = images.length / SIZE, across = (count + rows - 1) / rows;
        float[] grid = new float[rows * across * SIZE];
        for (int i = 0; i < rows * across; i++) {
            int at = (i % rows * across + i / rows) * SIZE;
            if (i < count) System.arraycopy(images, i * SIZE, grid, at, SIZE);
            else Arrays.fill(grid, at, at + SIZE, -0.5f);
        }
        return grid;
    }
}
