package gannet.gan;

import gannet.nn.Layer;
import gannet.tensor.Tensor;

/// A term added to the discriminator's loss; one element.
public interface Penalty {
    /// The penalty of `discriminator` around a real and a fake batch of one shape.
    Tensor of(Layer discriminator, Tensor real, Tensor fake);
}
