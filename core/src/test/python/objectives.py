"""What D minimises under several losses and penalties, with the gradient by each of its weights, and what G minimises, with its gradient by the fakes."""
import torch
import torch.nn.functional as F
from goldens import Golden, after_flatten, conv_weight, image, leaf, randn

CLASSES = 3
golden = Golden()


def make():
    """conv - leaky - conv - leaky - dense, a logit and CLASSES class logits."""
    w = {"0.weight": randn(3, 2, 4, 4, scale=0.4), "0.bias": randn(3), "2.weight": randn(4, 3, 4, 4, scale=0.4), "2.bias": randn(4),
         "5.weight": randn(1 + CLASSES, 16, scale=0.4), "5.bias": randn(1 + CLASSES)}
    return {n: leaf(t) for n, t in w.items()}


TO = {"0.weight": conv_weight, "2.weight": conv_weight, "5.weight": lambda t: after_flatten(t, 4, 2, 2)}


def outputs(w, x):
    x = F.leaky_relu(F.conv2d(x, w["0.weight"], w["0.bias"], stride=2, padding=1), 0.2)
    x = F.leaky_relu(F.conv2d(x, w["2.weight"], w["2.bias"], stride=2, padding=1), 0.2)
    return F.linear(x.flatten(1), w["5.weight"], w["5.bias"])


def slope(s, x):
    """The squared norm of each sample's gradient."""
    return torch.autograd.grad(s.sum(), x, create_graph=True)[0].flatten(1).square().sum(1)


def objectives(w, real, fake, real_class, fake_class):
    """Name -> (what D minimises, what G minimises)."""
    on_real, on_fake = outputs(w, real), outputs(w, fake)
    r, f = on_real[:, :1], on_fake[:, :1]
    bce, one, zero = F.binary_cross_entropy_with_logits, torch.ones_like(r), torch.zeros_like(r)
    logistic, modified = bce(r, one) + bce(f, zero), bce(f, one)
    on_classes = F.cross_entropy(on_real[:, 1:], real_class) + F.cross_entropy(on_fake[:, 1:], fake_class)
    roth = ((1 - torch.sigmoid(r[:, 0])) ** 2 * slope(r, real)).mean() + (torch.sigmoid(f[:, 0]) ** 2 * slope(f, fake)).mean()
    return {
        "lsgan": (0.5 * F.mse_loss(r, one) + 0.5 * F.mse_loss(f, zero), 0.5 * F.mse_loss(f, one)),
        "hinge": (F.relu(1 - r).mean() + F.relu(1 + f).mean(), -f.mean()),
        "relativistic": (bce(r - f, one), bce(f - r, one)),
        "relativistic-average": (bce(r - f.mean(), one) + bce(f - r.mean(), zero), bce(f - r.mean(), one) + bce(r - f.mean(), zero)),
        "relativistic-average-lsgan": (F.mse_loss(r - f.mean(), one) + F.mse_loss(f - r.mean(), -one),
                                       F.mse_loss(f - r.mean(), one) + F.mse_loss(r - f.mean(), -one)),
        "smoothed": (bce(r, 0.9 * one) + bce(f, zero), modified),
        "r1": (logistic + 10 / 2 * slope(r, real).mean(), modified),
        "r2": (logistic + 10 / 2 * slope(f, fake).mean(), modified),
        "roth": (logistic + 2 / 2 * roth, modified),
        "drift": (f.mean() - r.mean() + 0.001 * r.square().mean(), -f.mean()),
        "acgan": (logistic + on_classes, modified + F.cross_entropy(on_fake[:, 1:], fake_class)),
    }


if __name__ == "__main__":
    torch.manual_seed(29)
    w, real, fake = make(), leaf(randn(4, 2, 8, 8)), leaf(randn(4, 2, 8, 8))
    real_class, fake_class = torch.tensor([2, 0, 1, 2]), torch.tensor([1, 1, 0, 2])
    golden.put("given", real=image(real), fake=image(fake), realclass=real_class, fakeclass=fake_class, **{n: TO.get(n, lambda t: t)(t) for n, t in w.items()})
    for name, (d, g) in objectives(w, real, fake, real_class, fake_class).items():
        by_fake, = torch.autograd.grad(g, fake, retain_graph=True)
        golden.put(name, discriminator=d, generator=g, byfake=image(by_fake))
        for n, dw in zip(w, torch.autograd.grad(d, list(w.values()), retain_graph=True, allow_unused=True)):
            golden.put(name, **{n: TO.get(n, lambda t: t)(torch.zeros_like(w[n]) if dw is None else dw)})
    golden.write("objectives")
