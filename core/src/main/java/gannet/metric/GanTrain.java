package gannet.metric;

import gannet.data.ImageSet;
import gannet.kernel.Kernels;

/// GAN-train: a classifier that has seen nothing but generated images, under the classes that they were asked for, reads real ones; Shmelkov et al. 2018. Images
/// that are all alike, or of other classes than asked for, teach it little, so the one score falls with quality and with variety. It says nothing without the number of images
/// trained on and what as many real ones teach; copies of training images teach as much as these.
public final class GanTrain {
    private GanTrain() {}

    /// The classes that the classifier reads in `real`, after `epochs` of `generated[n,h,w,c]` in −1…1, images of the same size and classes.
    public static int[] read(Kernels kernels, float[] generated, int[] asked, ImageSet real, int epochs, long seed) {
        return Classifier.trained(kernels, real.like(generated, asked), epochs, seed).read(real.floats()).classes();
    }
}
