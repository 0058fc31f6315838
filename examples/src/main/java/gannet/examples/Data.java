package gannet.examples;

import gannet.data.FashionMnist;
import gannet.data.ImageSet;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/// The images of a run: to train on and held out, with a name for its folder and a fingerprint of the training pixels.
public record Data(String name, ImageSet train, ImageSet heldOut) {
    /// How many of the embedded 10,000 images are trained on.
    private static final int EMBEDDED_TRAIN = 9000;
    private static final String EMBEDDED = "fashion-mnist/t10k-";

    /// The images in `folder`, or the embedded ones if it is null.
    public static Data load(String folder) throws IOException {
        if (folder == null) return embedded();
        ImageSet.Split split = FashionMnist.load(Path.of(folder));
        Path last = Path.of(folder).toAbsolutePath().normalize().getFileName();
        return new Data(last == null ? "data" : last.toString(), split.train(), split.heldOut());
    }

    private static Data embedded() throws IOException {
        try (var images = resource(EMBEDDED + "images-idx3-ubyte.gz"); var labels = resource(EMBEDDED + "labels-idx1-ubyte.gz")) {
            ImageSet.Split split = FashionMnist.read("the embedded Fashion-MNIST", images, labels).split(EMBEDDED_TRAIN);
            return new Data("fashion-mnist", split.train(), split.heldOut());
        }
    }

    private static InputStream resource(String name) throws IOException {
        InputStream in = Data.class.getResourceAsStream(name);
        if (in == null)
            throw new FileNotFoundException("the embedded images '" + name
                    + "' are not on the class path: build the project again, or give --data DIR");
        return in;
    }

    /// Tells other images from these, wherever they lie, and other labels if these are trained on.
    String fingerprint(boolean labelled) {
        var crc = new CRC32C();
        crc.update(train.pixels());
        String images = train.count() + "x" + train.height() + "x" + train.width() + "x" + train.channels() + " crc32c " + Long.toHexString(crc.getValue());
        if (!labelled) return images;
        crc.reset();
        for (int label : train.labels()) crc.update(label);
        return images + ", labels crc32c " + Long.toHexString(crc.getValue());
    }
}
