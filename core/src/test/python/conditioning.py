"""Layers of discriminators and of conditional networks: spectral norm, minibatch stddev, conditional batch norm, the projection discriminator."""
import torch
import torch.nn.functional as F
from torch.nn.utils import spectral_norm
from goldens import Golden, after_flatten, conv_weight, dense_weight, image, leaf, randn

golden = Golden()
CLASSES = torch.tensor([2, 0, 2, 1, 0, 2])


def same(t):
    return t


def spectral(name, module, x, layout, to=same, dim=None):
    """One application in training from a random u: result, the new u, and the gradients of sum(dy * y)."""
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(randn(*p.shape))
    u = F.normalize(torch.randn(spectral_size(module, dim)), dim=0)
    module = spectral_norm(module, dim=dim)
    module.weight_u.copy_(u)
    if x.is_floating_point():
        x = leaf(x)
    y = module(x)
    dy = randn(*y.shape)
    y.backward(dy)
    golden.put(name, x=to(x), y=to(y), dy=to(dy), u=u, next=module.weight_u, weight=layout(module.weight_orig), dweight=layout(module.weight_orig.grad))
    if x.is_floating_point():
        golden.put(name, dx=to(x.grad))
    if getattr(module, "bias", None) is not None:
        golden.put(name, bias=module.bias, dbias=module.bias.grad)


def spectral_size(module, dim):
    if dim is None:
        dim = 1 if isinstance(module, torch.nn.ConvTranspose2d) else 0
    return module.weight.shape[dim]


def spectral_norms():
    spectral("spectral-dense", torch.nn.Linear(4, 3), randn(5, 4), dense_weight)
    spectral("spectral-conv", torch.nn.Conv2d(2, 3, 4, stride=2, padding=1), randn(2, 2, 6, 4), conv_weight, image)
    spectral("spectral-transposed", torch.nn.ConvTranspose2d(3, 2, 4, stride=2, padding=1), randn(2, 3, 3, 2), conv_weight, image)
    spectral("spectral-embedding", torch.nn.Embedding(3, 4), CLASSES, same, dim=1)


def stddev(x, group=4):
    """Karras et al.'s code, minibatch_stddev_layer of networks.py, on [n,c,h,w]."""
    n, c, h, w = x.shape
    group = group if n % group == 0 else n
    y = x.reshape(group, -1, c, h, w)
    y = y - y.mean(0, keepdim=True)
    y = (y.square().mean(0) + 1e-8).sqrt().mean((1, 2, 3), keepdim=True)
    return torch.cat([x, y.repeat(group, 1, h, w)], 1)


def stddevs():
    for name, n in (("stddev-groups", 8), ("stddev-whole", 6)):
        x = leaf(randn(n, 3, 2, 3))
        y = stddev(x)
        dy = randn(*y.shape)
        golden.put(name, x=image(x), y=image(y), dy=image(dy), dx=image(torch.autograd.grad(y, x, dy)[0]))
    x = leaf(randn(8, 5))
    y = stddev(x.reshape(8, 5, 1, 1)).reshape(8, 6)
    dy = randn(8, 6)
    golden.put("stddev-flat", x=x, y=y, dy=dy, dx=torch.autograd.grad(y, x, dy)[0])


def conditional_norms():
    for name, shape, to in (("conditional-norm", (6, 4, 2, 3), image), ("conditional-norm-flat", (6, 4), same)):
        mean, variance = torch.zeros(4), torch.ones(4)
        x, gamma, beta = leaf(randn(*shape, scale=2.0) + 0.5), leaf(randn(3, 4)), leaf(randn(3, 4))
        rows = (6, 4) + (1,) * (len(shape) - 2)

        def affine(normalised):
            return normalised * gamma[CLASSES].reshape(rows) + beta[CLASSES].reshape(rows)

        y = affine(F.batch_norm(x, mean, variance, training=True))
        dy = randn(*shape)
        dx, dgamma, dbeta = torch.autograd.grad(y, (x, gamma, beta), dy)
        golden.put(name, x=to(x), classes=CLASSES, gamma=gamma, beta=beta, y=to(y), dy=to(dy), dx=to(dx), dgamma=dgamma, dbeta=dbeta, mean=mean, variance=variance,
                   inferred=to(affine(F.batch_norm(x, mean, variance, training=False))))


def projection():
    """A convolution, then psi and the projection on its features; the hinge loss of a discriminator on a real batch."""
    x, weight, bias = leaf(randn(6, 2, 6, 4)), leaf(randn(3, 2, 4, 4)), leaf(randn(3))
    psi, psi_bias, v = leaf(randn(1, 18)), leaf(randn(1)), leaf(randn(3, 18))
    features = F.leaky_relu(F.conv2d(x, weight, bias, stride=2, padding=1), 0.2).flatten(1)
    y = F.linear(features, psi, psi_bias) + (v[CLASSES] * features).sum(1, keepdim=True)
    loss = F.relu(1 - y).mean()
    d = torch.autograd.grad(loss, (x, weight, bias, psi, psi_bias, v))

    def flat(w):
        return after_flatten(w, 3, 3, 2)

    layouts = dict(x=image, weight=conv_weight, bias=same, psi=flat, psi_bias=same, v=lambda w: flat(w).t())
    for (n, to), t, dt in zip(layouts.items(), (x, weight, bias, psi, psi_bias, v), d):
        golden.put("projection", **{n: to(t), "d" + n: to(dt)})
    golden.put("projection", classes=CLASSES, y=y, loss=loss)


if __name__ == "__main__":
    torch.manual_seed(15)
    for part in (spectral_norms, stddevs, conditional_norms, projection):
        part()
    golden.write("conditioning")
