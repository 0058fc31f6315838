package gannet.gan;

import gannet.tensor.Tensor;

/// What a discriminator minimises, one element, and the logits `[n,1]` that it gave the real and the fake batch.
public record Judgement(Tensor loss, Tensor real, Tensor fake) {}
