"""One training step of a narrow DCGAN for 28x28 images: D on real and fake apart, Adam, then G through the updated D with the same fake, Adam.

D's running statistics are those before G's turn: a frozen network changes nothing of its own, whereas PyTorch's batch norm would.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F
from goldens import Golden, after_flatten, before_image, conv_weight, image, randn

BATCH, Z = 4, 16


def generator():
    return nn.Sequential(nn.Linear(Z, 8 * 49, bias=False), nn.Unflatten(1, (8, 7, 7)), nn.BatchNorm2d(8), nn.ReLU(),
                         nn.ConvTranspose2d(8, 4, 4, 2, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.ConvTranspose2d(4, 1, 4, 2, 1), nn.Tanh())


def discriminator():
    return nn.Sequential(nn.Conv2d(1, 4, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(4, 8, 4, 2, 1, bias=False), nn.BatchNorm2d(8), nn.LeakyReLU(0.2),
                         nn.Flatten(), nn.Linear(8 * 49, 1))


NORM = {"weight": "gamma", "bias": "beta", "running_mean": "mean", "running_var": "variance"}


def named(network, name, what):
    """Gannet's name and layout for each tensor that `what` gives."""
    for full, t in what:
        position, kind = full.split(".")
        layer = network[int(position)]
        if isinstance(layer, nn.BatchNorm2d):
            if kind not in NORM:
                continue
            kind = NORM[kind]
        elif t.dim() == 4:
            t = conv_weight(t)
        elif t.dim() == 2:
            t = before_image(t, 8, 7, 7) if name == "generator" else after_flatten(t, 8, 7, 7)
        yield "%s.%s.%s" % (name, position, kind), t.clone()


def main():
    torch.manual_seed(14)
    golden, g, d = Golden(), generator(), discriminator()
    players = dict(generator=g, discriminator=d)
    for network in players.values():
        for layer in network:
            for kind, p in layer.named_parameters():
                is_scale = isinstance(layer, nn.BatchNorm2d) and kind == "weight"
                p.data = randn(*p.shape, scale=0.1) + (1 if is_scale else 0)
                p.data = p.data.float().double()
    real, z = torch.tanh(randn(BATCH, 1, 28, 28)).float().double(), randn(BATCH, Z)
    golden.put("input", real=image(real), z=z)
    for name, network in players.items():
        golden.put("before", **dict(named(network, name, network.state_dict().items())))

    adam = {n: torch.optim.Adam(p.parameters(), lr=2e-4, betas=(0.5, 0.999)) for n, p in players.items()}
    bce, one, zero = F.binary_cross_entropy_with_logits, torch.ones(BATCH, 1), torch.zeros(BATCH, 1)
    fake = g(z)
    d_loss = bce(d(real), one) + bce(d(fake.detach()), zero)
    d_loss.backward()
    golden.put("gradient", **dict(named(d, "discriminator", ((n, p.grad) for n, p in d.named_parameters()))))
    adam["discriminator"].step()
    golden.put("after", **dict(named(d, "discriminator", d.state_dict().items())))

    g_loss = bce(d(fake), one)
    g_loss.backward()
    golden.put("gradient", **dict(named(g, "generator", ((n, p.grad) for n, p in g.named_parameters()))))
    adam["generator"].step()
    golden.put("after", **dict(named(g, "generator", g.state_dict().items())))
    golden.put("loss", discriminator=d_loss, generator=g_loss)
    golden.put("output", fake=image(fake))
    golden.write("dcgan-step")


if __name__ == "__main__":
    main()
