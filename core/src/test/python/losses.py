"""The losses with their gradients, and WGAN-GP's penalty with its gradients by double backward."""
import torch
import torch.nn.functional as F
from goldens import Golden, after_flatten, conv_weight, image, leaf, randn, uniform

PENALTY_SEED = 77
golden = Golden()


def scalar(case, loss, **inputs):
    gradients = torch.autograd.grad(loss, list(inputs.values()))
    golden.put(case, loss=loss, **{"d" + n: d for n, d in zip(inputs, gradients)})


def losses():
    """By their definitions in sigmoids, where Gannet has softplus."""
    real, fake = leaf(randn(6, 1, scale=3.0)), leaf(randn(6, 1, scale=3.0))
    golden.put("logits", real=real, fake=fake)
    bce, one, zero = F.binary_cross_entropy_with_logits, torch.ones(6, 1), torch.zeros(6, 1)
    scalar("minimax/discriminator", bce(real, one) + bce(fake, zero), real=real, fake=fake)
    scalar("minimax/generator", torch.log(1 - torch.sigmoid(fake)).mean(), fake=fake)
    scalar("modified-minimax/discriminator", bce(real, one) + bce(fake, zero), real=real, fake=fake)
    scalar("modified-minimax/generator", bce(fake, one), fake=fake)
    scalar("wasserstein/discriminator", fake.mean() - real.mean(), real=real, fake=fake)
    scalar("wasserstein/generator", -fake.mean(), fake=fake)


def penalty():
    """Gulrajani et al. 2017, Algorithm 1, on conv - leaky - conv - leaky - dense; epsilon as Gannet's Randoms of PENALTY_SEED draws it."""
    real, fake, e = randn(4, 2, 8, 8), randn(4, 2, 8, 8), uniform(PENALTY_SEED, "gradient penalty", 4).view(4, 1, 1, 1)
    w = {"0.weight": randn(3, 2, 4, 4, scale=0.4), "0.bias": randn(3), "2.weight": randn(4, 3, 4, 4, scale=0.4), "2.bias": randn(4),
         "5.weight": randn(1, 16, scale=0.4), "5.bias": randn(1)}
    to = {"0.weight": conv_weight, "2.weight": conv_weight, "5.weight": lambda t: after_flatten(t, 4, 2, 2)}
    w = {n: leaf(t) for n, t in w.items()}

    def critic(x):
        x = F.leaky_relu(F.conv2d(x, w["0.weight"], w["0.bias"], stride=2, padding=1), 0.2)
        x = F.leaky_relu(F.conv2d(x, w["2.weight"], w["2.bias"], stride=2, padding=1), 0.2)
        return F.linear(x.flatten(1), w["5.weight"], w["5.bias"])

    mix = leaf(e * real + (1 - e) * fake)
    slope, = torch.autograd.grad(critic(mix).sum(), mix, create_graph=True)
    value = 10 * ((slope.flatten(1).square().sum(1).add(1e-12).sqrt() - 1) ** 2).mean()
    loss = critic(fake).mean() - critic(real).mean() + value
    stored = dict(real=image(real), fake=image(fake), epsilon=e, value=value, loss=loss)
    for n, t in w.items():
        stored[n] = to.get(n, lambda same: same)(t)
    for prefix, y in (("penalty.", value), ("loss.", loss)):
        gradients = torch.autograd.grad(y, list(w.values()), retain_graph=True, allow_unused=True)
        for n, d in zip(w, gradients):
            if d is not None:
                stored[prefix + n] = to.get(n, lambda same: same)(d)
    golden.put("gradient-penalty", **stored)


if __name__ == "__main__":
    torch.manual_seed(13)
    losses()
    penalty()
    golden.write("losses")
