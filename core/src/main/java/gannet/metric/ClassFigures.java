package gannet.metric;

/// How well images generated class by class keep to their classes, beside real ones that were not trained on. `accuracy` is the share that a classifier
/// reads as asked; of the real images it reads `realAccuracy`, which is what to expect of a perfect generator. Accuracy alone proves little: one image a
/// class, copied, may have all of it. So, for each class: `variety`, the mean distance between two images' features over that between two real ones';
/// `novelty`, the median distance in pixels to the nearest image trained on, over that of the real ones. About 1 is right; a variety near 0 is
/// collapse, a novelty near 0 copying. `distance` is the [Frechet] distance of all features to the real images'.
public record ClassFigures(double accuracy, double realAccuracy, double[] classAccuracy, double[] variety, double[] novelty, double distance) {
    /// Of `generated` images and of `real` ones, both with at least two of every class.
    public static ClassFigures of(JudgedImages generated, JudgedImages real) {
        int classes = Math.max(generated.classes(), real.classes());
        double[] accuracy = new double[classes], variety = new double[classes], novelty = new double[classes];
        for (int k = 0; k < classes; k++) {
            JudgedImages fakes = generated.ofClass(k, Integer.MAX_VALUE), reals = real.ofClass(k, fakes.asked().length);
            accuracy[k] = fakes.accuracy();
            variety[k] = Distances.meanPairwise(fakes.features(), Classifier.FEATURES) / Distances.meanPairwise(reals.features(), Classifier.FEATURES);
            novelty[k] = Distances.median(fakes.nearest()) / Distances.median(reals.nearest());
        }
        return new ClassFigures(generated.accuracy(), real.accuracy(), accuracy, variety, novelty, Frechet.distance(generated.features(), real.features(), Classifier.FEATURES));
    }
}
