package gannet.kernel;

import java.util.random.RandomGenerator;

/// Test data, rounded to float so that every back end sees the same numbers.
final class Values {
    /// Sizes around every vector width and block: one and a few, one off a power of two, not a multiple of anything.
    static final int[] SIZES = {1, 3, 7, 8, 9, 16, 17, 31, 64, 65, 100, 207, 1025};

    /// Signed zeros, tiny (one not normalised), large, where functions turn over, infinities and NaN.
    static final double[] EDGES = floats(0, -0.0, 1, -1, 0.5, -0.5, 1.25, 1e-40, -1e-40, 1e-30, -1e-30, 1e-7, -1e-7, 1 + 1e-6, 1 - 1e-6, 3, -3, 9, -9,
            20, -20, 80, -80, 88, -88, 100, -100, 1000, -1000, 1e10, -1e10, 1e30, -1e30, Float.MAX_VALUE, -Float.MAX_VALUE,
            Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN);

    /// The same several times over: back ends may treat a few elements in another way than many.
    static final double[] MANY_EDGES = repeated(EDGES, 3);

    private Values() {}

    private static double[] repeated(double[] values, int times) {
        double[] all = new double[times * values.length];
        for (int i = 0; i < all.length; i++) all[i] = values[i % values.length];
        return all;
    }

    static double[] floats(double... values) {
        for (int i = 0; i < values.length; i++) values[i] = (float) values[i];
        return values;
    }

    /// Normal numbers of the given mean and standard deviation.
    static double[] normal(RandomGenerator random, int length, double mean, double deviation) {
        var values = new double[length];
        for (int i = 0; i < length; i++) values[i] = random.nextGaussian(mean, deviation);
        return floats(values);
    }

    static double[] normal(RandomGenerator random, int length) {
        return normal(random, length, 0, 1);
    }

    static double[] uniform(RandomGenerator random, int length, double from, double to) {
        var values = new double[length];
        for (int i = 0; i < length; i++) values[i] = random.nextDouble(from, to);
        return floats(values);
    }

    /// Row numbers below `rows`.
    static double[] rows(RandomGenerator random, int length, int rows) {
        var values = new double[length];
        for (int i = 0; i < length; i++) values[i] = random.nextInt(rows);
        return values;
    }

    static int between(RandomGenerator random, int least, int most) {
        return random.nextInt(least, most + 1);
    }
}
