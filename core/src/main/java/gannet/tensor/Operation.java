package gannet.tensor;

import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import java.util.List;

/// One node of a recorded computation: its inputs, its result's shape, the kernel that computes it and its gradient, side by side.
///
/// The algebra is closed: every [#backward] is written in differentiable operations, so gradients of gradients need no code of their
/// own. The operations come in adjoint families, a file each; [Catalogue] lists them all and feeds the gradient checks.
public sealed interface Operation permits Elementwise, Reduction, Movement, Indexing, Product, Convolution, BatchNormalisation, LogisticLoss, CustomOp {
    /// What it reads, in the order of its record.
    List<Tensor> inputs();

    /// The shape of its result.
    Shape shape();

    /// Computes the result into `y`, of [#shape]'s element count.
    void forward(Kernels k, Storage y);

    /// Offers a gradient formula for each input: `d.of(input, formula)`, given the result `y` and the gradient `dy` of its shape. A formula is
    /// evaluated only if a target lies behind its input; one that broadcasts may return the broadcast shape.
    void backward(Tensor y, Tensor dy, Gradients d);

    /// The name in messages and in the catalogue.
    default String name() {
        return getClass().getSimpleName();
    }

    /// Computes it and, unless inside [Tensor#unrecorded], records it.
    default Tensor apply() {
        return Tensor.result(this);
    }
}
