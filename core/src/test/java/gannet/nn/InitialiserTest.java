package gannet.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.BackEnds;
import gannet.kernel.Kernels;
import gannet.kernel.ReferenceKernels;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Means, variances and bounds of the initialisers. 40,000 draws: the bounds below are about six standard errors.
class InitialiserTest {
    private static final int COUNT = 40_000;
    private static final long SEED = 51;

    private final Kernels kernels = new ReferenceKernels();

    private static double[] draw(Initialiser initialiser, int fanIn, int fanOut) {
        return initialiser.draw(COUNT, fanIn, fanOut, new Initialiser.Stream(SEED, 3));
    }

    private static void check(String name, double[] x, double mean, double variance) {
        double m = Arrays.stream(x).average().orElseThrow(), v = Arrays.stream(x).map(e -> (e - m) * (e - m)).sum() / (x.length - 1);
        double error = Math.sqrt(variance / x.length);
        assertEquals(mean, m, 6 * error, name + ": mean, seed " + SEED);
        assertEquals(1, v / variance, 6 * Math.sqrt(2.0 / x.length), name + ": variance, seed " + SEED);
    }

    private static double largest(double[] x) {
        return Arrays.stream(x).map(Math::abs).max().orElseThrow();
    }

    @Test void meansAndVariances() {
        check("normal", draw(Initialiser.normal(0, 0.02), 5, 7), 0, 0.02 * 0.02);
        check("normal of scales", draw(Initialiser.normal(1, 0.02), 5, 7), 1, 0.02 * 0.02);
        check("He", draw(Initialiser.heNormal(), 50, 7), 0, 2.0 / 50);
        double[] glorot = draw(Initialiser.glorotUniform(), 30, 50), fanIn = draw(Initialiser.fanInUniform(), 25, 7);
        check("Glorot", glorot, 0, 2.0 / 80);
        check("fan-in", fanIn, 0, 1.0 / 25 / 3);
        assertTrue(largest(glorot) <= Math.sqrt(6.0 / 80) && largest(glorot) > 0.99 * Math.sqrt(6.0 / 80), "Glorot's bound");
        assertTrue(largest(fanIn) <= 0.2 && largest(fanIn) > 0.99 * 0.2, "fan-in's bound");
    }

    @Test void fansOfLayers() {
        var he = new Layers(kernels, SEED, Initialiser.heNormal(), Initialiser.constant(1));
        check("dense", he.dense(100, 200).weight().toArray(), 0, 2.0 / 100);
        check("conv", he.conv(10, 80, 5, 1, 2).weight().toArray(), 0, 2.0 / (5 * 5 * 10));
    }

    @Test void dcgan() {
        Layers layers = Layers.dcgan(kernels, SEED);
        check("conv", layers.conv(20, 100, 4, 2, 1).weight().toArray(), 0, 0.02 * 0.02);
        check("transposed conv", layers.convTranspose(100, 20, 4, 2, 1).weight().toArray(), 0, 0.02 * 0.02);
        BatchNorm norm = layers.batchNorm(5000);
        check("gamma", norm.gamma().toArray(), 1, 0.02 * 0.02);
        for (double[] zeros : new double[][] {norm.beta().toArray(), norm.mean().tensor().toArray(), layers.dense(3, 4).bias().toArray()})
            assertEquals(0, largest(zeros));
        assertArrayEquals(new double[] {1, 1}, layers.batchNorm(2).variance().tensor().toArray());
    }

    @Test void sameSeedSameWeightsOnEveryBackEnd() {
        double[] first = Layers.dcgan(kernels, SEED).dense(30, 20).weight().toArray();
        assertArrayEquals(first, Layers.dcgan(kernels, SEED).dense(30, 20).weight().toArray());
        assertArrayEquals(first, Layers.dcgan(BackEnds.open("scalar", 1).kernels(), SEED).dense(30, 20).weight().toArray(), 1e-8);
        assertNotEquals(first[0], Layers.dcgan(kernels, SEED + 1).dense(30, 20).weight().toArray()[0], "another seed");
        Layers layers = Layers.dcgan(kernels, SEED);
        layers.dense(30, 20);
        assertNotEquals(first[0], layers.dense(30, 20).weight().toArray()[0], "another weight");
    }
}
