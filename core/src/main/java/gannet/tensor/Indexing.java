package gannet.tensor;

import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import java.util.List;

/// Rows of a table by number, each the other's gradient: read (an embedding) and add up.
sealed interface Indexing extends Operation {
    /// `table[rows,width], indices[n] → y[n,width]`, `y[i] = table[indices[i]]`.
    record Gather(Tensor table, Tensor indices) implements Indexing {
        @Override public List<Tensor> inputs() {
            return List.of(table, indices);
        }

        @Override public Shape shape() {
            return Shape.of(indices.shape().count(), table.shape().size(1));
        }

        @Override public void forward(Kernels k, Storage y) {
            k.gather(table.shape().size(1), table.data(), indices.data(), y);
        }

        @Override public void backward(Tensor y, Tensor dy, Gradients d) {
            d.of(table, () -> new ScatterAdd(dy, indices, table.shape()).apply());
        }
    }

    /// `y[n,width], indices[n] → table[rows,width]`, `table[indices[i]] += y[i]` from zeros.
    record ScatterAdd(Tensor y, Tensor indices, Shape shape) implements Indexing {
        @Override public List<Tensor> inputs() {
            return List.of(y, indices);
        }

        @Override public void forward(Kernels k, Storage table) {
            k.scatterAdd(shape.size(1), y.data(), indices.data(), table);
        }

        @Override public void backward(Tensor table, Tensor dtable, Gradients d) {
            d.of(y, () -> new Gather(dtable, indices).apply());
        }
    }

    static Tensor gather(Tensor table, Tensor indices) {
        if (table.shape().rank() != 2 || indices.shape().rank() != 1)
            throw new IllegalArgumentException(Scope.place() + "gather: a table [rows,width] and indices [n] are needed, not " + table.shape()
                    + " and " + indices.shape());
        return new Gather(table, indices).apply();
    }
}
