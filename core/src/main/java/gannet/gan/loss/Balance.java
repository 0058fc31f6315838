package gannet.gan.loss;

import gannet.tensor.Gradients;
import gannet.tensor.Tensor;
import java.util.List;

/// How an adversarial loss and a content loss (pixels, features) of one generator are weighed.
public sealed interface Balance {
    /// The sum that a generator of these weights minimises; both losses are one element.
    Tensor of(Tensor adversarial, Tensor content, List<Tensor> weights);

    /// `adversarial + λ · content`; Isola et al. 2017, eq. 4, with λ = 100 for pixels.
    record Factor(double lambda) implements Balance {
        public Factor {
            if (!(lambda >= 0 && lambda < Double.POSITIVE_INFINITY))
                throw new IllegalArgumentException("content loss: its weight " + lambda + " must be at least 0");
        }

        /// λ = 100.
        public Factor() {
            this(100);
        }

        @Override public Tensor of(Tensor adversarial, Tensor content, List<Tensor> weights) {
            return adversarial.plus(content.times(lambda));
        }
    }

    /// `content + r · adversarial`, `r = ‖∇content‖ / ((‖∇adversarial‖ + 10⁻⁶) · ratio)` a constant: the content's gradient by all weights
    /// together is `ratio` times as long as the adversarial one's, whatever either loss's scale; as TF-GAN's `combine_adversarial_loss` has it.
    /// Costs both backward passes once more.
    record GradientRatio(double ratio) implements Balance {
        /// As in TF-GAN: an adversarial gradient of 0 gives a finite r.
        private static final double EPSILON = 1e-6;

        public GradientRatio {
            if (!(ratio > 0 && ratio < Double.POSITIVE_INFINITY)) throw new IllegalArgumentException("ratio of gradients " + ratio + " must be above 0");
        }

        @Override public Tensor of(Tensor adversarial, Tensor content, List<Tensor> weights) {
            Tensor toContent = norm(content, weights), toAdversarial = norm(adversarial, weights);
            Tensor r = Tensor.unrecorded(() -> toContent.dividedBy(toAdversarial.plus(EPSILON)).times(1 / ratio));
            return content.plus(adversarial.times(r));
        }

        private static Tensor norm(Tensor loss, List<Tensor> weights) {
            Gradients d = Gradients.of(loss, weights);
            return Tensor.unrecorded(() -> {
                Tensor squares = d.get(weights.getFirst()).square().sum();
                for (Tensor w : weights.subList(1, weights.size())) squares = squares.plus(d.get(w).square().sum());
                return squares.sqrt();
            });
        }
    }
}
