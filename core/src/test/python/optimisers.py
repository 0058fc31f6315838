"""Weights after each five of 20 steps of torch.optim on f(w) = sum a/2 (w - c)^2 + b/4 w^4 over two tensors."""
import torch
from goldens import Golden, leaf, randn

SHAPES = dict(u=(3, 7), v=(5,))
CASES = {
    "sgd": lambda w: torch.optim.SGD(w, lr=0.05),
    "momentum": lambda w: torch.optim.SGD(w, lr=0.05, momentum=0.9),
    "adam-paper": lambda w: torch.optim.Adam(w, lr=1e-3),
    "adam-dcgan": lambda w: torch.optim.Adam(w, lr=2e-4, betas=(0.5, 0.999)),
    "adam-fast": lambda w: torch.optim.Adam(w, lr=0.1, betas=(0.9, 0.999), eps=1e-3),
    "rmsprop-lecture": lambda w: torch.optim.RMSprop(w, lr=1e-2, alpha=0.9),
    "rmsprop-wgan": lambda w: torch.optim.RMSprop(w, lr=5e-5),
}


def loss(w, f):
    return sum((f[n + ".a"] / 2 * (w[n] - f[n + ".c"]) ** 2 + f[n + ".b"] / 4 * w[n] ** 4).sum() for n in SHAPES)


if __name__ == "__main__":
    torch.manual_seed(11)
    golden, start, f = Golden(), {}, {}
    for n, shape in SHAPES.items():
        start[n] = randn(*shape)
        f[n + ".a"], f[n + ".b"], f[n + ".c"] = torch.rand(shape) + 0.1, torch.rand(shape), torch.randn(shape)
    golden.put("function", **f)
    golden.put("start", **start)
    for case, make in CASES.items():
        w = {n: leaf(t) for n, t in start.items()}
        optimizer = make(list(w.values()))
        for step in range(1, 21):
            optimizer.zero_grad()
            loss(w, f).backward()
            optimizer.step()
            if step % 5 == 0:
                golden.put("%s/%d" % (case, step), **{n: t.clone() for n, t in w.items()})
    golden.write("optimisers")
