package gannet.examples;

import gannet.nn.Layer;
import gannet.nn.Layers;
import gannet.nn.Linear;
import java.util.List;
import java.util.Locale;

/// How a discriminator is normalised.
enum Norm {
    /// Batch norm behind the inner convolutions; Radford et al. 2016.
    BATCH,
    /// Every weight divided by its greatest singular value; Miyato et al. 2018.
    SPECTRAL,
    NONE;

    static final List<String> IDS = List.of(BATCH.id(), SPECTRAL.id(), NONE.id());

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// A layer with weights, spectrally normalised if that is asked for.
    Layer of(Layers layers, Linear layer) {
        return this == SPECTRAL ? layers.spectralNorm(layer) : layer;
    }
}
