package gannet.kernel.cuda;

import gannet.kernel.Distribution;

/// The kernel of `random.cu`.
final class Draws {
    private static final int THREADS = 256, WORDS = 4;

    private final Cuda cuda;
    private final Function random;

    Draws(Cuda cuda) {
        this.cuda = cuda;
        random = cuda.function("random", "random_numbers");
    }

    /// Element i of `y` from Philox word i mod 4 of block i / 4 under the key `seed` and the counter (i / 4, step[0], use, draw).
    void random(Distribution d, long seed, int use, int draw, CudaStorage step, CudaStorage y) {
        int code = switch (d) {
            case UNIFORM -> 0;
            case NORMAL -> 1;
        };
        cuda.launch(random).with(code).with((int) seed).with((int) (seed >>> 32)).with(use).with(draw).to(step).with(y.length()).to(y)
                .over(Math.ceilDiv(Math.ceilDiv(y.length(), WORDS), THREADS), THREADS);
    }
}
