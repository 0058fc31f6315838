package gannet.data;

import gannet.io.FormatException;
import java.util.Arrays;
import java.util.List;

/// Images as bytes, `pixels[n,h,w,c]` with c = 1 (grey) or 3 (red, green, blue), and what they show: `labels[n]`, or an empty array for
/// none. A label is an index into `classes`, if these are named (else an empty list), and never negative.
///
/// Networks see pixels as floats in −1…1, tanh's range: `x / 127.5 − 1`; Radford et al. 2016, §4.
public record ImageSet(int count, int height, int width, int channels, byte[] pixels, int[] labels, List<String> classes) {
    /// The part to train on and the part held out.
    public record Split(ImageSet train, ImageSet heldOut) {}

    public ImageSet {
        if (count < 1 || height < 1 || width < 1 || channels != 1 && channels != 3
                || (long) count * height * width * channels != pixels.length)
            throw new IllegalArgumentException("images [" + count + "," + height + "," + width + "," + channels + "] from " + pixels.length
                    + " bytes: expected at least one image of 1 or 3 channels, and as many bytes as that makes");
        if (labels.length != 0 && labels.length != count)
            throw new IllegalArgumentException(labels.length + " labels for " + count + " images");
        String wrong = outOfRange(labels, classes);
        if (wrong != null) throw new IllegalArgumentException(wrong);
        classes = List.copyOf(classes);
    }

    /// What is wrong with the first label that is no class, or null.
    private static String outOfRange(int[] labels, List<String> classes) {
        int limit = classes.isEmpty() ? Integer.MAX_VALUE : classes.size();
        for (int i = 0; i < labels.length; i++)
            if (labels[i] < 0 || labels[i] >= limit) return "label " + labels[i] + " of image " + i + " is out of range, expected 0 to "
                    + (limit - 1);
        return null;
    }

    /// Images without labels from an IDX array `[n,h,w]` (grey) or `[n,h,w,c]`.
    public static ImageSet of(Idx images) throws FormatException {
        return of(images, new int[0], List.of());
    }

    /// Images with labels from IDX arrays: `labels[n]`, each below the number of `classes` (an empty list: not checked, not named).
    public static ImageSet of(Idx images, Idx labels, List<String> classes) throws FormatException {
        if (labels.dimensions().length != 1)
            throw new FormatException(labels.source(), "has dimensions " + Arrays.toString(labels.dimensions())
                    + ", expected one: a label an image");
        if (images.dimensions()[0] != labels.dimensions()[0])
            throw new FormatException(labels.source(), "has " + labels.dimensions()[0] + " labels, expected " + images.dimensions()[0]
                    + ", one for each image of " + images.source());
        int[] numbers = new int[labels.values().length];
        for (int i = 0; i < numbers.length; i++) numbers[i] = labels.values()[i] & 0xFF;
        String wrong = outOfRange(numbers, classes);
        if (wrong != null) throw new FormatException(labels.source(), wrong);
        return of(images, numbers, classes);
    }

    private static ImageSet of(Idx images, int[] labels, List<String> classes) throws FormatException {
        int[] d = images.dimensions();
        if (d.length < 3 || d.length == 4 && d[3] != 1 && d[3] != 3)
            throw new FormatException(images.source(), "has dimensions " + Arrays.toString(d)
                    + ", expected images: [n,h,w], or [n,h,w,c] with 1 or 3 channels");
        return new ImageSet(d[0], d[1], d[2], d.length == 4 ? d[3] : 1, images.values(), labels, classes);
    }

    /// Whether the images have labels.
    public boolean labelled() {
        return labels.length > 0;
    }

    /// The number of values of an image, `h·w·c`.
    public int size() {
        return height * width * channels;
    }

    /// The first `train` images, and the others.
    public Split split(int train) {
        if (train < 1 || train >= count)
            throw new IllegalArgumentException("can't train on " + train + " of " + count + " images: expected 1 to " + (count - 1)
                    + ", the others are held out");
        return new Split(range(0, train), range(train, count));
    }

    /// The images from `from` to before `to`.
    public ImageSet range(int from, int to) {
        if (from < 0 || to <= from || to > count)
            throw new IllegalArgumentException("images " + from + " to before " + to + " of " + count + " are no range of them");
        return new ImageSet(to - from, height, width, channels, Arrays.copyOfRange(pixels, from * size(), to * size()),
                labelled() ? Arrays.copyOfRange(labels, from, to) : labels, classes);
    }

    /// The images of these numbers, in this order.
    public ImageSet subset(int... images) {
        var part = new byte[Math.multiplyExact(images.length, size())];
        var partLabels = new int[labelled() ? images.length : 0];
        for (int i = 0; i < images.length; i++) {
            int image = requireImage(images[i]);
            System.arraycopy(pixels, image * size(), part, i * size(), size());
            if (labelled()) partLabels[i] = labels[image];
        }
        return new ImageSet(images.length, height, width, channels, part, partLabels, classes);
    }

    /// Puts image `i` at `to[at … at + size − 1]`, in −1…1.
    public void read(int i, double[] to, int at) {
        int from = requireImage(i) * size();
        for (int k = 0; k < size(); k++) to[at + k] = scaled(pixels[from + k]);
    }

    /// As above, rounded to floats.
    public void read(int i, float[] to, int at) {
        int from = requireImage(i) * size();
        for (int k = 0; k < size(); k++) to[at + k] = (float) scaled(pixels[from + k]);
    }

    /// All images `[n,h,w,c]` in −1…1.
    public float[] floats() {
        var values = new float[pixels.length];
        for (int i = 0; i < values.length; i++) values[i] = (float) scaled(pixels[i]);
        return values;
    }

    /// Other images of this size and these classes, from values in −1…1, row by row: what [#floats] gave comes back the same.
    public ImageSet like(float[] values, int[] labels) {
        var bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) Math.round(127.5f * (Math.clamp(values[i], -1, 1) + 1));
        return new ImageSet(values.length / size(), height, width, channels, bytes, labels, classes);
    }

    private static double scaled(byte pixel) {
        return (pixel & 0xFF) / 127.5 - 1;
    }

    private int requireImage(int i) {
        if (i < 0 || i >= count) throw new IndexOutOfBoundsException("image " + i + " of " + count);
        return i;
    }
}
