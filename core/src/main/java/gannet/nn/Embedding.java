package gannet.nn;

import gannet.tensor.Functions;
import gannet.tensor.Tensor;

/// A learned row for each class: `indices[n] → y[n,width]` from `table[classes,width]`.
public record Embedding(Tensor table) implements Layer {
    @Override public Tensor apply(Tensor indices) {
        return Functions.gather(table, indices);
    }

    @Override public Embedding with(Parts parts) {
        return new Embedding(parts.weight("table", table));
    }
}
