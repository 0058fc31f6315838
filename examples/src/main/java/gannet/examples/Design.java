package gannet.examples;

import gannet.nn.Layer;
import gannet.nn.MinibatchStddev;
import java.util.List;

/// What of a discriminator is the run's choice, not the recipe's: its norm, the channels that it sees (those of as many images as are packed), and whether it
/// sees how much the samples of a batch differ.
record Design(Norm norm, int channels, boolean stddev) {
    static Design of(Settings settings) {
        return new Design(settings.norm(), Recipe.CHANNELS * settings.pack(), settings.stddev());
    }

    /// What comes before the last layer; Karras et al. 2018, §3, who put it near D's end.
    List<Layer> beforeLast() {
        return stddev ? List.of(new MinibatchStddev()) : List.of();
    }

    /// The `channels` there were, and what [#beforeLast] adds to them.
    int last(int channels) {
        return channels + beforeLast().size();
    }
}
