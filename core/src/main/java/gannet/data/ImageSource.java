package gannet.data;

import gannet.data.Shuffle.Position;
import gannet.gan.Batch;
import gannet.gan.Source;
import gannet.kernel.Kernels;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/// Real images for a trainer: [Batches] as tensors `[n,h,w,c]` in −1…1, with their labels `[n]` as the condition if they have any and these are
/// asked for; the position in the data is the one state to remember.
public final class ImageSource implements Source {
    private final Kernels kernels;
    private final Batches batches;
    private final Shape shape;
    private final double[] values;
    private final int[] labels;

    /// Batches for tensors of one back end, `labelled` or bare.
    public ImageSource(Kernels kernels, Batches batches, boolean labelled) {
        ImageSet images = batches.images();
        this.kernels = kernels;
        this.batches = batches;
        this.shape = Shape.of(batches.batch(), images.height(), images.width(), images.channels());
        this.values = new double[shape.count()];
        this.labels = labelled ? new int[batches.batch()] : null;
    }

    /// Batches of `batch` images in an order that depends on `seed`.
    public static ImageSource of(Kernels kernels, ImageSet images, int batch, long seed) {
        return new ImageSource(kernels, new Batches(images, batch, seed), false);
    }

    /// As [#of], with labels.
    public static ImageSource labelled(Kernels kernels, ImageSet images, int batch, long seed) {
        return new ImageSource(kernels, new Batches(images, batch, seed), true);
    }

    @Override public Batch next(int n) {
        if (n != batches.batch())
            throw new IllegalArgumentException("a batch of " + n + " from batches of " + batches.batch() + ": give both the same size");
        if (labels == null) {
            batches.next(values);
            return Batch.of(Tensor.temporary(kernels, shape, values));
        }
        batches.next(values, labels);
        return new Batch(Tensor.temporary(kernels, shape, values), Tensor.temporary(kernels, Shape.of(n), Arrays.stream(labels).asDoubleStream().toArray()));
    }

    @Override public List<State> states() {
        return List.of(new Place(batches));
    }

    /// The epoch, and how many images of it were drawn.
    private record Place(Batches batches) implements State {
        @Override public String name() {
            return "data.position";
        }

        @Override public Shape shape() {
            return Shape.of(2);
        }

        @Override public void read(double[] to) {
            Position position = batches.position();
            to[0] = position.epoch();
            to[1] = position.index();
        }

        @Override public void write(double[] from) {
            if (from[0] != (long) from[0] || from[1] != (int) from[1])
                throw new IllegalArgumentException("position " + from[1] + " of epoch " + from[0] + ": expected whole numbers");
            batches.resume(new Position((long) from[0], (int) from[1]));
        }

        @Override public boolean wide() {
            return true;
        }
    }
}
