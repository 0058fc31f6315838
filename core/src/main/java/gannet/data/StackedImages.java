package gannet.data;

import gannet.gan.Batch;
import gannet.gan.Source;
import gannet.kernel.Kernels;
import gannet.kernel.Philox;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.List;

/// Three grey images drawn at random as the red, green and blue of one, `[n,h,w,3]` in −1…1: with ten digits these are 1,000 modes of known number;
/// Che et al. 2017 §4.2, Metz et al. 2017 §3.3. Drawn with replacement: image i of channel c is a function of the seed and of how many were drawn before.
public final class StackedImages implements Source {
    private static final int CHANNELS = 3, USE = 0x57AC;

    private final Kernels kernels;
    private final ImageSet images;
    private final long seed;
    private final double[] one;
    private final int[] block = new int[4];
    private long drawn;

    public StackedImages(Kernels kernels, ImageSet images, long seed) {
        if (images.channels() != 1) throw new IllegalArgumentException("stacking needs grey images, these have " + images.channels() + " channels");
        this.kernels = kernels;
        this.images = images;
        this.seed = seed;
        this.one = new double[images.size()];
    }

    @Override public Batch next(int n) {
        double[] stacked = new double[Math.multiplyExact(n * CHANNELS, one.length)];
        for (int i = 0; i < n; i++) {
            Philox.block(seed, (int) drawn++, USE, 0, 0, block, 0);
            for (int c = 0; c < CHANNELS; c++) {
                images.read((int) (Philox.uniform(block[c]) * images.count()), one, 0);
                for (int p = 0; p < one.length; p++) stacked[(i * one.length + p) * CHANNELS + c] = one[p];
            }
        }
        return Batch.of(Tensor.temporary(kernels, Shape.of(n, images.height(), images.width(), CHANNELS), stacked));
    }

    @Override public List<State> states() {
        return List.of(new Drawn());
    }

    private final class Drawn implements State {
        @Override public String name() {
            return "data.drawn";
        }

        @Override public Shape shape() {
            return Shape.of(1);
        }

        @Override public void read(double[] to) {
            to[0] = drawn;
        }

        @Override public void write(double[] from) {
            if (from[0] < 0 || from[0] != Math.rint(from[0])) throw new IllegalArgumentException(name() + " is " + from[0] + ", expected a count");
            drawn = (long) from[0];
        }

        @Override public boolean wide() {
            return true;
        }
    }
}
