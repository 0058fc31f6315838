package gannet.examples;

import gannet.nn.Layer;
import gannet.nn.Layers;
import gannet.nn.Linear;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// How a discriminator is normalised.
enum Norm {
    /// Batch norm behind the inner convolutions; Radford et al. 2016.
    BATCH,
    /// Layer norm in its places, by which no sample sees another; what Gulrajani et al. 2017, §4, advise under a gradient penalty.
    LAYER,
    /// Every weight divided by its greatest singular value; Miyato et al. 2018.
    SPECTRAL,
    NONE;

    static final List<String> IDS = Arrays.stream(values()).map(Norm::id).toList();

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether it is a layer of its own.
    boolean layers() {
        return this == BATCH || this == LAYER;
    }

    /// An inner layer of `out` channels, with the norm behind it if that is a layer of its own, which shifts by itself: no bias then.
    List<Layer> inner(Layers layers, int out, Supplier<? extends Linear> biased, Supplier<? extends Linear> unbiased) {
        return switch (this) {
            case BATCH -> List.of(unbiased.get(), layers.batchNorm(out));
            case LAYER -> List.of(unbiased.get(), layers.layerNorm(out));
            case SPECTRAL, NONE -> List.of(of(layers, biased.get()));
        };
    }

    /// A layer with weights, spectrally normalised if that is asked for.
    Layer of(Layers layers, Linear layer) {
        return this == SPECTRAL ? layers.spectralNorm(layer) : layer;
    }
}
