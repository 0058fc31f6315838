package gannet.data;

import gannet.data.Shuffle.Position;

/// Endless mini-batches of images in random order, in the order that [Shuffle] gives: every image once an epoch but for the last, incomplete
/// batch, which is dropped. They are written to the caller's arrays, in −1…1; nothing is allocated.
public final class Batches {
    private final ImageSet images;
    private final Shuffle shuffle;
    private final int[] numbers;

    /// Batches of `batch` images.
    public Batches(ImageSet images, int batch, long seed) {
        this.images = images;
        this.shuffle = new Shuffle(images.count(), batch, seed);
        this.numbers = new int[batch];
    }

    /// What the batches are drawn from.
    public ImageSet images() {
        return images;
    }

    /// The number of images in a batch.
    public int batch() {
        return numbers.length;
    }

    /// Where the next batch begins: all that a checkpoint needs of this.
    public Position position() {
        return shuffle.position();
    }

    /// Goes to a position that [#position] gave, for the same images and seed.
    public void resume(Position position) {
        shuffle.resume(position);
    }

    /// The next batch: `out[batch,h,w,c]`.
    public void next(double[] out) {
        require(out.length, images.size(), "values");
        shuffle.next(numbers);
        for (int i = 0; i < numbers.length; i++) images.read(numbers[i], out, i * images.size());
    }

    /// As above, rounded to floats.
    public void next(float[] out) {
        require(out.length, images.size(), "values");
        shuffle.next(numbers);
        for (int i = 0; i < numbers.length; i++) images.read(numbers[i], out, i * images.size());
    }

    /// The next batch with its labels: `out[batch,h,w,c], labels[batch]`.
    public void next(double[] out, int[] labels) {
        requireLabels(labels);
        next(out);
        for (int i = 0; i < numbers.length; i++) labels[i] = images.labels()[numbers[i]];
    }

    /// As above, rounded to floats.
    public void next(float[] out, int[] labels) {
        requireLabels(labels);
        next(out);
        for (int i = 0; i < numbers.length; i++) labels[i] = images.labels()[numbers[i]];
    }

    private void requireLabels(int[] labels) {
        if (!images.labelled()) throw new IllegalStateException("the images have no labels: load them with their label file");
        require(labels.length, 1, "labels");
    }

    private void require(int length, int each, String what) {
        if (length != numbers.length * each)
            throw new IllegalArgumentException("an array of " + length + " for a batch of " + numbers.length + " times " + each + " " + what);
    }
}
