package gannet.gan.penalty;

import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// The weights of a network that multiply its features, as weight penalties read them: kernels and matrices, but no biases and no scales of a norm.
final class Matrices {
    private Matrices() {}

    /// Those among `weights`, each as `w[…,o] → [i,o]`: a column holds all that goes into one output.
    static List<Tensor> of(List<Tensor> weights) {
        List<Tensor> matrices = new ArrayList<>();
        for (Tensor w : weights) if (w.shape().rank() >= 2) matrices.add(w.reshape(-1, w.shape().size(-1)));
        return matrices;
    }

    static List<Tensor> require(String penalty, List<Tensor> weights) {
        for (Tensor w : weights) if (w.shape().rank() >= 2) return List.copyOf(weights);
        throw new IllegalArgumentException(penalty + ": among " + weights.size()
                + " weights there are no kernels and no matrices, only weights of one axis");
    }

    static Tensor sum(List<Tensor> terms) {
        Tensor sum = terms.getFirst();
        for (Tensor term : terms.subList(1, terms.size())) sum = sum.plus(term);
        return sum;
    }
}
