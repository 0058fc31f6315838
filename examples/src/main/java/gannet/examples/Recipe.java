package gannet.examples;

import static gannet.nn.ActivationLayer.RELU;
import static gannet.nn.ActivationLayer.TANH;
import static gannet.nn.ActivationLayer.leakyRelu;

import gannet.examples.Labels.Way;
import gannet.kernel.Kernels;
import gannet.nn.Images;
import gannet.nn.Layer;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.nn.Weights;
import java.util.ArrayList;
import java.util.List;

/// The pairs of networks that `train` knows, for grey images of 28×28. A new one is a new constant here: its name, z's size and two networks.
enum Recipe {
    /// Radford et al. 2016 at 28×28: two transposed convolutions up, two strided convolutions down, batch norm except at the image. For its z see [Latent].
    DCGAN("dcgan", "convolutions, 28×28; Radford et al. 2016", 100, Way.NONE) {
        @Override Layers layers(Kernels k, long seed) {
            return Layers.dcgan(k, seed);
        }

        @Override Network generator(Layers l, Labels labels) {
            return Network.of("generator", l.denseUnbiased(100, 7 * 7 * 128), new Images.ToImage(7, 7, 128), l.batchNorm(128), RELU,
                    l.convTransposeUnbiased(128, 64, 4, 2, 1), l.batchNorm(64), RELU, l.convTranspose(64, 1, 4, 2, 1), TANH);
        }

        @Override Network discriminator(Layers l, Design design, Labels labels) {
            Norm norm = design.norm();
            int last = design.last(128);
            List<Layer> d = new ArrayList<>(List.of(norm.of(l, l.conv(design.channels(), 64, 4, 2, 1)), leakyRelu(0.2)));
            d.addAll(norm.inner(l, 128, () -> l.conv(64, 128, 4, 2, 1), () -> l.convUnbiased(64, 128, 4, 2, 1)));
            d.add(leakyRelu(0.2));
            d.addAll(design.beforeLast());
            d.addAll(List.of(new Images.Flatten(7, 7, last), norm.of(l, l.dense(7 * 7 * last, 1))));
            return Network.of("discriminator", d.toArray(Layer[]::new));
        }

        @Override boolean normalises() {
            return true;
        }
    },

    /// Fully connected, as the first GANs were (Goodfellow et al. 2014), without convolution or normalisation.
    MLP("mlp", "fully connected, 28×28; faster, coarser", 100, Way.NONE) {
        @Override Layers layers(Kernels k, long seed) {
            return Layers.fanIn(k, seed);
        }

        @Override Network generator(Layers l, Labels labels) {
            return Network.of("generator", l.dense(100, 256), leakyRelu(0.2), l.dense(256, 512), leakyRelu(0.2),
                    l.dense(512, 1024), leakyRelu(0.2), l.dense(1024, 784), TANH, new Images.ToImage(28, 28, 1));
        }

        @Override Network discriminator(Layers l, Design design, Labels labels) {
            Norm norm = design.norm();
            int channels = design.channels();
            List<Layer> d = new ArrayList<>(List.of(new Images.Flatten(28, 28, channels), norm.of(l, l.dense(784 * channels, 512)), leakyRelu(0.2),
                    norm.of(l, l.dense(512, 256)), leakyRelu(0.2)));
            d.addAll(design.beforeLast());
            d.add(norm.of(l, l.dense(design.last(256), 1)));
            return Network.of("discriminator", d.toArray(Layer[]::new));
        }

        @Override boolean normalises() {
            return false;
        }
    },

    /// [#DCGAN]'s networks told the class: G by a learned vector beside z and by conditional batch norm, D in one of the ways of [Labels]. Samples are
    /// drawn from the average of G's weights.
    CGAN("cgan", "DCGAN of labelled images, class by class; Mirza & Osindero 2014, Miyato & Koyama 2018", 100, Way.CONCAT) {
        @Override Layers layers(Kernels k, long seed) {
            return Layers.dcgan(k, seed);
        }

        @Override Weights<?> generator(Layers l, Labels labels) {
            return ConditionalDcgan.generator(l, labels);
        }

        @Override Weights<?> discriminator(Layers l, Design design, Labels labels) {
            return ConditionalDcgan.discriminator(l, design, labels);
        }

        @Override boolean normalises() {
            return true;
        }
    },

    /// [#DCGAN]'s networks with codes beside z that Q reads from the image: classes that nobody has labelled.
    INFOGAN("infogan", "DCGAN that finds classes and styles without labels; Chen et al. 2016", 62, Way.INFOGAN) {
        @Override Layers layers(Kernels k, long seed) {
            return Layers.dcgan(k, seed);
        }

        @Override Weights<?> generator(Layers l, Labels labels) {
            return ConditionalDcgan.generator(l, labels);
        }

        @Override Weights<?> discriminator(Layers l, Design design, Labels labels) {
            return ConditionalDcgan.discriminator(l, design, labels);
        }

        @Override boolean normalises() {
            return true;
        }
    };

    static final int HEIGHT = 28, WIDTH = 28, CHANNELS = 1;

    private final String id, summary;
    private final int z;
    private final Way way;

    Recipe(String id, String summary, int z, Way way) {
        this.id = id;
        this.summary = summary;
        this.z = z;
        this.way = way;
    }

    /// What initialises the weights; one for both networks, the generator made first.
    abstract Layers layers(Kernels kernels, long seed);

    /// `z[n,z] → x[n,28,28,1]` in −1…1.
    abstract Weights<?> generator(Layers layers, Labels labels);

    /// `x[n,28,28,channels] → logits[n,1]`, or `[n,1+k]` where D has a further task.
    abstract Weights<?> discriminator(Layers layers, Design design, Labels labels);

    /// Whether its discriminator has a place for a norm that is a layer of its own, batch norm by default.
    abstract boolean normalises();

    /// How its networks are told a class, if nothing else is asked for.
    Way way() {
        return way;
    }

    /// Whether it is trained on labelled images.
    boolean labelled() {
        return way != Way.NONE && way != Way.INFOGAN;
    }

    /// The name on the command line.
    String id() {
        return id;
    }

    String summary() {
        return summary;
    }

    /// The size of the generator's input.
    int z() {
        return z;
    }

    static List<String> ids() {
        return List.of(values()).stream().map(Recipe::id).toList();
    }

    static Recipe of(String id) {
        for (Recipe recipe : values()) if (recipe.id.equals(id)) return recipe;
        throw new UsageException("there is no recipe '" + id + "'; did you mean " + Options.nearest(id, ids()) + "? there are: "
                + String.join(", ", ids()));
    }
}
