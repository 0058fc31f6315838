package gannet.metric;

import gannet.data.ImageSet;
import java.util.Arrays;

/// Images, generated or real, and what is known of them: the class `asked[n]` that each is to show, the class `read[n]` that a classifier reads in it, its
/// `features[n,128]`, and `nearest[n]`, the distance in pixels of −1…1 to the nearest image of its class among those trained on.
public record JudgedImages(int[] asked, int[] read, float[] features, double[] nearest) {
    public JudgedImages {
        int n = asked.length;
        if (n < 1 || read.length != n || features.length != n * Classifier.FEATURES || nearest.length != n)
            throw new IllegalArgumentException(n + " images asked for, " + read.length + " read, " + features.length + " features, " + nearest.length
                    + " distances: expected as many of each, and " + Classifier.FEATURES + " features an image");
    }

    /// Judges `images[n,h,w,c]` by a classifier and the images that the generator was trained on, which must have some of every class asked for.
    public static JudgedImages of(Classifier classifier, float[] images, int[] asked, ImageSet train) {
        var reading = classifier.read(images);
        double[] nearest = new double[asked.length];
        int d = train.size();
        float[] trained = train.floats();
        for (int k = 0; k <= Arrays.stream(asked).max().orElseThrow(); k++) {
            int[] members = members(asked, k);
            if (members.length == 0) continue;
            double[] distances = Distances.nearest(rows(images, members, d), rows(trained, members(train.labels(), k), d), d);
            for (int i = 0; i < members.length; i++) nearest[members[i]] = distances[i];
        }
        return new JudgedImages(asked, reading.classes(), reading.features(), nearest);
    }

    /// One past the greatest class that is asked for.
    int classes() {
        return Arrays.stream(asked).max().orElseThrow() + 1;
    }

    /// The share that is read as asked.
    public double accuracy() {
        int right = 0;
        for (int i = 0; i < asked.length; i++) if (read[i] == asked[i]) right++;
        return (double) right / asked.length;
    }

    /// Those of class `k`, the first `most` of them.
    JudgedImages ofClass(int k, int most) {
        int[] all = members(asked, k), members = Arrays.copyOf(all, Math.min(most, all.length));
        if (members.length < 2) throw new IllegalArgumentException("class " + k + " has " + members.length + " images, expected at least 2");
        return new JudgedImages(pick(asked, members), pick(read, members), rows(features, members, Classifier.FEATURES),
                Arrays.stream(members).mapToDouble(i -> nearest[i]).toArray());
    }

    private static int[] members(int[] labels, int k) {
        int[] members = new int[labels.length];
        int n = 0;
        for (int i = 0; i < labels.length; i++) if (labels[i] == k) members[n++] = i;
        return Arrays.copyOf(members, n);
    }

    private static int[] pick(int[] from, int[] members) {
        return Arrays.stream(members).map(i -> from[i]).toArray();
    }

    private static float[] rows(float[] x, int[] members, int d) {
        float[] rows = new float[members.length * d];
        for (int i = 0; i < members.length; i++) System.arraycopy(x, members[i] * d, rows, i * d, d);
        return rows;
    }
}
