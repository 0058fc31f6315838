package gannet.data;

import gannet.io.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Fashion-MNIST: grey 28×28 images of clothes in ten classes, 60,000 to train on and 10,000 to test; Xiao, Rasul & Vollgraf 2017,
/// arXiv 1708.07747. The files are named and laid out as MNIST's, so a folder with those loads as well; nothing in the files says which they are, so it is told by
/// its first labels.
public final class FashionMnist {
    /// What the labels 0 to 9 mean.
    public static final List<String> CLASSES = List.of("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker",
            "Bag", "Ankle boot");

    /// MNIST's classes, and how its published label files begin: train, t10k.
    private static final List<String> DIGITS = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    private static final List<byte[]> MNIST = List.of(new byte[] {5, 0, 4, 1, 9, 2, 1, 3, 1, 4}, new byte[] {7, 2, 1, 0, 4, 1, 4, 9, 5, 9});

    private static final String HOW = "get the files with 'apt-get install dataset-fashion-mnist'"
            + " ('dpkg -L dataset-fashion-mnist' says where they lie) or from github.com/zalandoresearch/fashion-mnist";

    private FashionMnist() {}

    /// Images and their labels from two streams of IDX, gzipped or not; `name` names them in error messages. The caller closes both.
    public static ImageSet read(String name, InputStream images, InputStream labels) throws IOException {
        return ImageSet.of(Idx.read(name + " images", images), Idx.read(name + " labels", labels), CLASSES);
    }

    /// Loads a folder of IDX files, `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
    /// `t10k-labels-idx1-ubyte`, each with or without `.gz` and spelt with `-idx` or `.idx`. It trains on the train images and holds out the
    /// t10k ones; if only one pair is there, it holds out that pair's last tenth. Without a label file the images have no labels.
    public static ImageSet.Split load(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) throw new FormatException(folder.toString(), "no such folder; " + HOW);
        ImageSet train = part(folder, "train"), test = part(folder, "t10k");
        if (train == null && test == null)
            throw new FormatException(folder.toString(), "holds neither train-images-idx3-ubyte nor t10k-images-idx3-ubyte (with or without .gz, also spelt"
                    + " .idx3); " + HOW);
        if (train == null) return lastTenthHeldOut(folder, test);
        if (test == null) return lastTenthHeldOut(folder, train);
        if (train.height() != test.height() || train.width() != test.width() || train.channels() != test.channels())
            throw new FormatException(folder.toString(), "train images are " + size(train) + ", t10k images " + size(test)
                    + ": expected one size");
        if (train.labelled() != test.labelled())
            throw new FormatException(folder.toString(), "has labels for the " + (train.labelled() ? "train" : "t10k")
                    + " images only: add the others or remove these");
        return new ImageSet.Split(train, test);
    }

    private static String size(ImageSet images) {
        return images.height() + "×" + images.width() + "×" + images.channels();
    }

    private static ImageSet.Split lastTenthHeldOut(Path folder, ImageSet images) throws FormatException {
        if (images.count() < 2) throw new FormatException(folder.toString(),
                "holds one image, expected at least 2, of which one is held out");
        return images.split(images.count() - Math.max(1, images.count() / 10));
    }

    /// The images of one part with their labels, or null if the folder has no images of it.
    private static ImageSet part(Path folder, String part) throws IOException {
        Path images = find(folder, part + "-images", "idx3-ubyte"), labels = find(folder, part + "-labels", "idx1-ubyte");
        if (images == null) return null;
        Idx pixels = Idx.read(images);
        if (labels == null) return ImageSet.of(pixels);
        Idx numbers = Idx.read(labels);
        return ImageSet.of(pixels, numbers, digits(numbers) ? DIGITS : CLASSES);
    }

    private static boolean digits(Idx labels) {
        byte[] values = labels.values();
        return MNIST.stream().anyMatch(start -> values.length >= start.length && Arrays.equals(values, 0, start.length, start, 0, start.length));
    }

    private static Path find(Path folder, String start, String end) {
        var names = new ArrayList<String>();
        for (String joint : List.of("-", ".")) for (String suffix : List.of("", ".gz")) names.add(start + joint + end + suffix);
        for (String name : names) if (Files.exists(folder.resolve(name))) return folder.resolve(name);
        return null;
    }
}
