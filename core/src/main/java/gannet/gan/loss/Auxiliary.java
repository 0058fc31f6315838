package gannet.gan.loss;

import gannet.tensor.Tensor;

/// What a discriminator's outputs beyond the first are trained for: the class (ACGAN), the code (InfoGAN). A discriminator with such outputs gives
/// `[n,1+k]`, of which column 0 is the logit that a [GanLoss] reads. Conditions are what the batches were made under; null where there is none.
public interface Auxiliary {
    /// Added to what the discriminator minimises. Outputs are whole, `[n,1+k]`.
    Tensor discriminator(Tensor real, Tensor realCondition, Tensor fake, Tensor fakeCondition);

    /// Added to what the generator minimises.
    Tensor generator(Tensor fake, Tensor fakeCondition);
}
