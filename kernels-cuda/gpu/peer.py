"""The same work as `gannet bench --device cuda` and DeviceTimes, by PyTorch on the same card: a JSON line a case.

    peer.py [--precision fp32|tf32] [--only REGEX] [--calls N] [--device cuda|cpu]

Training steps run twice: as they are ("eager"), and with their networks compiled into CUDA graphs ("reduce-overhead"). Calls are timed with CUDA events, N at a
time without a look in between, as training runs them; a line has the median and the least of five such rounds. --device cpu --smoke tries the program itself,
on small sizes: its figures mean nothing.
"""
import argparse
import json
import re
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

BATCH, ROUNDS = 64, 5


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--precision", choices=["fp32", "tf32"], default="fp32")
    parser.add_argument("--only", default=".")
    parser.add_argument("--calls", type=int, default=50)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--smoke", action="store_true")
    return parser.parse_args()


class Bench:
    """Measures calls and prints what it finds."""

    def __init__(self, asked):
        self.asked, self.device = asked, torch.device(asked.device)
        self.name = torch.cuda.get_device_name() if asked.device == "cuda" else "cpu"

    def round_ms(self, call, calls):
        """Milliseconds a call, of `calls` calls on end."""
        if self.device.type == "cpu":
            start = time.perf_counter()
            for _ in range(calls):
                call()
            return (time.perf_counter() - start) * 1e3 / calls
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begin.record()
        for _ in range(calls):
            call()
        end.record()
        end.synchronize()
        return begin.elapsed_time(end) / calls

    def case(self, name, mode, set_up, flop=0, bytes_moved=0, images=0):
        """`set_up` gives a call; it is not called for a case that was not asked for."""
        if not re.search(self.asked.only, name):
            return
        calls = 2 if self.asked.smoke else self.asked.calls
        line = {"peer": "pytorch-" + torch.__version__, "mode": mode, "case": name, "precision": self.asked.precision, "device": self.name}
        try:
            call = set_up()
            for _ in range(2 if self.asked.smoke else 20):  # compiles, captures, chooses algorithms
                call()
            rounds = [self.round_ms(call, calls) for _ in range(1 if self.asked.smoke else ROUNDS)]
        except Exception as failure:  # a mode that this release or card doesn't have must not end the others
            line["failed"] = str(failure).strip().split("\n")[0][:300]
            print(json.dumps(line), flush=True)
            return
        median = statistics.median(rounds)
        line.update(median_ms=round(median, 5), min_ms=round(min(rounds), 5), reps=calls * len(rounds))
        if flop:
            line["gflops"] = round(flop / median / 1e6, 1)
        if bytes_moved:
            line["gb_per_s"] = round(bytes_moved / median / 1e6, 1)
        if images:
            line["images_per_s"] = round(images / median * 1e3, 1)
        print(json.dumps(line), flush=True)


# ---- the networks of the cases step_*

def leaky():
    return nn.LeakyReLU(0.2)


def mlp():
    generator = nn.Sequential(nn.Linear(100, 256), leaky(), nn.Linear(256, 512), leaky(), nn.Linear(512, 1024), leaky(), nn.Linear(1024, 784), nn.Tanh())
    discriminator = nn.Sequential(nn.Linear(784, 512), leaky(), nn.Linear(512, 256), leaky(), nn.Linear(256, 1))
    return generator, discriminator, (784,), (100,)


def dcgan28(normalised=True):
    generator = nn.Sequential(
        nn.Linear(100, 128 * 49, bias=False), nn.Unflatten(1, (128, 7, 7)), nn.BatchNorm2d(128), nn.ReLU(),
        nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh())
    norm = [nn.BatchNorm2d(128)] if normalised else []
    discriminator = nn.Sequential(nn.Conv2d(1, 64, 4, 2, 1), leaky(), nn.Conv2d(64, 128, 4, 2, 1, bias=not normalised), *norm, leaky(),
                                  nn.Flatten(), nn.Linear(128 * 49, 1))
    return generator, discriminator, (1, 28, 28), (100,)


def dcgan64():
    up = [nn.ConvTranspose2d(100, 512, 4, 1, 0, bias=False), nn.BatchNorm2d(512), nn.ReLU()]
    down = [nn.Conv2d(3, 64, 4, 2, 1, bias=False), leaky()]
    for wide in (512, 256, 128):
        up += [nn.ConvTranspose2d(wide, wide // 2, 4, 2, 1, bias=False), nn.BatchNorm2d(wide // 2), nn.ReLU()]
    for narrow in (64, 128, 256):
        down += [nn.Conv2d(narrow, 2 * narrow, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * narrow), leaky()]
    up += [nn.ConvTranspose2d(64, 3, 4, 2, 1, bias=False), nn.Tanh()]
    down += [nn.Conv2d(512, 1, 4, 1, 0, bias=False), nn.Flatten()]
    return nn.Sequential(*up), nn.Sequential(*down), (3, 64, 64), (100, 1, 1)


# ---- the steps

class Gan:
    """Two networks, their Adam and one real batch. `compiled` makes CUDA graphs of the networks' forward and backward passes, and of Adam."""

    def __init__(self, bench, build, compiled, batch):
        generator, discriminator, image, noise = build()
        generator.to(bench.device), discriminator.to(bench.device)
        adam = dict(lr=2e-4, betas=(0.5, 0.999), **({"capturable": True} if compiled else {}))
        self.g_adam, self.d_adam = (torch.optim.Adam(network.parameters(), **adam) for network in (generator, discriminator))
        self.weights = list(discriminator.parameters())
        self.g, self.d = generator, discriminator
        self.real = torch.rand(batch, *image, device=bench.device) * 2 - 1
        self.noise = lambda: torch.randn(batch, *noise, device=bench.device)
        self.one, self.zero = torch.ones(batch, 1, device=bench.device), torch.zeros(batch, 1, device=bench.device)
        self.mixing = lambda: torch.rand(batch, *[1] * len(image), device=bench.device)

    def freeze(self, frozen):
        for weight in self.weights:
            weight.requires_grad_(not frozen)


def alternating(gan):
    """D on the real and the fake batch apart, Adam; G on the same fakes through the updated D, whose weights get no gradient."""
    bce = F.binary_cross_entropy_with_logits

    def discriminator_loss(fake):
        return bce(gan.d(gan.real), gan.one) + bce(gan.d(fake), gan.zero)

    def generator_loss(fake):
        return bce(gan.d(fake), gan.one)

    return discriminator_loss, generator_loss


def alternating_step(gan, generate, discriminator_loss, generator_loss):
    def step():
        fake = generate(gan.noise())
        gan.d_adam.zero_grad(set_to_none=True)
        discriminator_loss(fake.detach()).backward()
        gan.d_adam.step()
        gan.freeze(True)
        gan.g_adam.zero_grad(set_to_none=True)
        generator_loss(fake).backward()
        gan.g_adam.step()
        gan.freeze(False)
    return step


def wasserstein_step(gan, generate, critic=5, weight=10.0):
    """Five critic steps with a gradient penalty, each with fresh fakes, then one of G; Gulrajani et al. 2017, algorithm 1."""
    def critic_step():
        with torch.no_grad():
            fake = generate(gan.noise())
        u = gan.mixing()
        mixed = (u * gan.real + (1 - u) * fake).requires_grad_(True)
        gradient, = torch.autograd.grad(gan.d(mixed).sum(), mixed, create_graph=True)
        penalty = ((gradient.flatten(1).norm(2, dim=1) - 1) ** 2).mean()
        gan.d_adam.zero_grad(set_to_none=True)
        (gan.d(fake).mean() - gan.d(gan.real).mean() + weight * penalty).backward()
        gan.d_adam.step()

    def step():
        for _ in range(critic):
            critic_step()
        gan.freeze(True)
        gan.g_adam.zero_grad(set_to_none=True)
        (-gan.d(generate(gan.noise())).mean()).backward()
        gan.g_adam.step()
        gan.freeze(False)
    return step


def graphed(function):
    return torch.compile(function, mode="reduce-overhead")


def whole_graph(step, warm_up=11):
    """The whole step as one CUDA graph, captured by hand: torch.compile does not take double backward."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(warm_up):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay


def steps(bench):
    batch = 4 if bench.asked.smoke else BATCH
    for name, build in (("mlp", mlp), ("dcgan28", dcgan28), ("dcgan64", dcgan64)):
        def eager(build=build):
            gan = Gan(bench, build, False, batch)
            return alternating_step(gan, gan.g, *alternating(gan))

        def compiled(build=build):
            gan = Gan(bench, build, True, batch)
            step = alternating_step(gan, graphed(gan.g), *(graphed(loss) for loss in alternating(gan)))

            def marked():
                torch.compiler.cudagraph_mark_step_begin()
                step()
            return marked

        def captured(build=build):
            gan = Gan(bench, build, True, batch)
            return whole_graph(alternating_step(gan, gan.g, *alternating(gan)))

        bench.case("step_" + name, "eager", eager, images=batch)
        bench.case("step_" + name, "reduce-overhead", compiled, images=batch)
        bench.case("step_" + name, "one-graph", captured, images=batch)

    def critic28():
        return dcgan28(normalised=False)

    def eager_wasserstein():
        gan = Gan(bench, critic28, False, batch)
        return wasserstein_step(gan, gan.g)

    def captured_wasserstein():
        gan = Gan(bench, critic28, True, batch)
        return whole_graph(wasserstein_step(gan, gan.g))

    bench.case("step_wgan-gp28", "eager", eager_wasserstein, images=batch)
    bench.case("step_wgan-gp28", "one-graph", captured_wasserstein, images=batch)


# ---- single kernels, with the names of DeviceTimes

def kernels(bench):
    side, length = (64, 1 << 10) if bench.asked.smoke else (4096, 1 << 26)
    device = bench.device

    def product():
        a, b, c = (torch.randn(side, side, device=device) for _ in range(3))
        return lambda: torch.mm(a, b, out=c)

    def elementwise(function, inputs):
        def make():
            given, y = [torch.randn(length, device=device) for _ in range(inputs)], torch.empty(length, device=device)
            return lambda: function(*given, y)
        return make

    bench.case(f"sgemm_{side}x{side}x{side}", "eager", product, flop=2 * side ** 3)
    bench.case("copy", "eager", elementwise(lambda x, y: y.copy_(x), 1), bytes_moved=8 * length)
    bench.case("map_relu", "eager", elementwise(lambda x, y: torch.clamp(x, min=0, out=y), 1), bytes_moved=8 * length)
    bench.case("zip_add", "eager", elementwise(lambda a, b, y: torch.add(a, b, out=y), 2), bytes_moved=12 * length)


def main():
    asked = options()
    if asked.device == "cuda" and not torch.cuda.is_available():
        sys.exit("peer.py: this torch sees no card")
    torch.manual_seed(1)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = asked.precision == "tf32"
    torch.backends.cudnn.benchmark = asked.device == "cuda"
    bench = Bench(asked)
    kernels(bench)
    steps(bench)


if __name__ == "__main__":
    main()
