package gannet.nn;

import gannet.tensor.Functions;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Several layers on the same features, their outputs side by side: `[n,f] → [n,a+b+…]`. For a discriminator whose further outputs have layers of their own,
/// as InfoGAN's Q has (Chen et al. 2016, appendix C); where they share all layers, one dense layer to `1 + k` outputs is enough.
public record Heads(List<Layer> layers) implements Layer {
    public Heads {
        layers = List.copyOf(layers);
        if (layers.isEmpty()) throw new IllegalArgumentException("heads: none given; it needs at least one layer");
    }

    public static Heads of(Layer... layers) {
        return new Heads(List.of(layers));
    }

    @Override public Tensor apply(Tensor x) {
        List<Tensor> outputs = new ArrayList<>();
        for (Layer layer : layers) outputs.add(layer.apply(x));
        return Functions.concat(-1, outputs.toArray(Tensor[]::new));
    }

    @Override public Tensor infer(Tensor x) {
        List<Tensor> outputs = new ArrayList<>();
        for (Layer layer : layers) outputs.add(layer.infer(x));
        return Functions.concat(-1, outputs.toArray(Tensor[]::new));
    }

    @Override public Heads with(Parts parts) {
        List<Layer> replaced = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) replaced.add(parts.part(Integer.toString(i), layers.get(i)));
        return new Heads(replaced);
    }
}
