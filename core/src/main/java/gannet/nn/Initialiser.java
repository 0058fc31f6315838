package gannet.nn;

import gannet.kernel.Philox;

/// How the elements of a new weight are drawn, given how many inputs feed one output (fan-in) and how many outputs one input feeds (fan-out).
/// A transposed convolution counts as the convolution that it transposes, as in PyTorch and TensorFlow.
public interface Initialiser {
    /// A stream of random numbers, one for each weight.
    final class Stream {
        private final long seed;
        private final int use;
        private final int[] block = new int[4];
        private int at;

        Stream(long seed, int use) {
            this.seed = seed;
            this.use = use;
        }

        private int word() {
            if (at % 4 == 0) Philox.block(seed, at / 4, use, 0x1417, 0, block, 0);
            return block[at++ % 4];
        }

        /// N(0, 1).
        public double normal() {
            return Philox.normal(word(), word(), false);
        }

        /// Uniform in (−1, 1).
        public double symmetric() {
            return 2 * Philox.uniform(word()) - 1;
        }
    }

    /// `count` elements.
    double[] draw(int count, int fanIn, int fanOut, Stream random);

    /// Every element the same.
    static Initialiser constant(double value) {
        return (count, _, _, _) -> fill(count, () -> value);
    }

    /// N(mean, deviation²).
    static Initialiser normal(double mean, double deviation) {
        return (count, _, _, random) -> fill(count, () -> mean + deviation * random.normal());
    }

    /// U(−√(6/(fanIn + fanOut)), …); Glorot & Bengio 2010, eq. 16.
    static Initialiser glorotUniform() {
        return (count, fanIn, fanOut, random) -> {
            double bound = Math.sqrt(6.0 / (fanIn + fanOut));
            return fill(count, () -> bound * random.symmetric());
        };
    }

    /// N(0, 2/fanIn); He et al. 2015, eq. 10.
    static Initialiser heNormal() {
        return (count, fanIn, _, random) -> {
            double deviation = Math.sqrt(2.0 / fanIn);
            return fill(count, () -> deviation * random.normal());
        };
    }

    /// U(−1/√fanIn, 1/√fanIn): LeCun et al. 1998, §4.6 in variance up to a constant, and what PyTorch's layers start from.
    static Initialiser fanInUniform() {
        return (count, fanIn, _, random) -> {
            double bound = 1 / Math.sqrt(fanIn);
            return fill(count, () -> bound * random.symmetric());
        };
    }

    private static double[] fill(int count, java.util.function.DoubleSupplier element) {
        double[] elements = new double[count];
        for (int i = 0; i < count; i++) elements[i] = element.getAsDouble();
        return elements;
    }
}
