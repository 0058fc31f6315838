package gannet.data;

import gannet.data.Shuffle.Position;
import gannet.gan.Batch;
import gannet.gan.Source;
import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/// Real images for a trainer: [Batches] as tensors `[n,h,w,c]` in −1…1, with their labels `[n]` as the condition if they have any and these are
/// asked for; the position in the data is the one state to remember. Where kernels run beside the host, a batch is fetched while they are busy with the one before.
public final class ImageSource implements Source {
    private final Kernels kernels;
    private final Batches batches;
    private final Shape shape;
    private final double[] values;
    private final int[] labels;
    /// Room for the batch after the next, and for the next, which the device may still be reading.
    private final Storage[] room = new Storage[2];
    private int latest;
    /// Where the batch begins that was fetched into the latest room; null: none was.
    private Position fetched;

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
        if (fetched == null) draw();
        Tensor x = fetched == null ? Tensor.temporary(kernels, shape, values) : Tensor.unrecorded(() -> Tensor.leaf(shape, room[latest]).plus(0));
        fetched = null;
        return labels == null ? Batch.of(x) : new Batch(x, Tensor.temporary(kernels, Shape.of(n), Arrays.stream(labels).asDoubleStream().toArray()));
    }

    private void draw() {
        if (labels == null) batches.next(values);
        else batches.next(values, labels);
    }

    @Override public void ahead(int n) {
        if (!kernels.asynchronous() || fetched != null) return;
        latest = 1 - latest;
        if (room[latest] == null) room[latest] = kernels.allocate(shape.count());
        Position begin = batches.position();
        draw();
        kernels.prefetch(values, room[latest]);
        fetched = begin;
    }

    @Override public List<State> states() {
        return List.of(new Place());
    }

    /// The epoch, and how many images of it were drawn.
    private final class Place implements State {
        @Override public String name() {
            return "data.position";
        }

        @Override public Shape shape() {
            return Shape.of(2);
        }

        @Override public void read(double[] to) {
            Position position = fetched != null ? fetched : batches.position();
            to[0] = position.epoch();
            to[1] = position.index();
        }

        @Override public void write(double[] from) {
            if (from[0] != (long) from[0] || from[1] != (int) from[1])
                throw new IllegalArgumentException("position " + from[1] + " of epoch " + from[0] + ": expected whole numbers");
            batches.resume(new Position((long) from[0], (int) from[1]));
            fetched = null;
        }

        @Override public boolean wide() {
            return true;
        }
    }
}
