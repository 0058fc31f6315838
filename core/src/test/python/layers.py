"""Forward values and gradients of every layer, and of the functions that have kinks, at the kinks."""
import torch
import torch.nn.functional as F
from goldens import Golden, after_flatten, before_image, conv_weight, dense_weight, image, leaf, randn

golden = Golden()


def same(t):
    return t


def case(name, f, layouts, result=same, **inputs):
    """y = f(inputs) and the gradients of sum(dy * y), each tensor stored in its layout."""
    leaves = {n: leaf(t) for n, t in inputs.items()}
    y = f(*leaves.values())
    dy = randn(*y.shape)
    gradients = torch.autograd.grad(y, list(leaves.values()), dy)
    stored = dict(y=result(y), dy=result(dy))
    for (n, t), d in zip(leaves.items(), gradients):
        to = layouts.get(n, same)
        stored[n], stored["d" + n] = to(t), to(d)
    golden.put(name, **stored)


def conv(name, x, w, bias, f):
    inputs = dict(x=randn(*x), weight=randn(*w))
    if bias:
        inputs["bias"] = randn(bias)
    case(name, f, dict(x=image, weight=conv_weight), image, **inputs)


def convolutions():
    conv("conv-plain", (2, 2, 5, 6), (3, 2, 3, 3), 3, lambda x, weight, bias: F.conv2d(x, weight, bias))
    conv("conv-strided", (2, 3, 8, 6), (4, 3, 4, 4), 4, lambda x, weight, bias: F.conv2d(x, weight, bias, stride=2, padding=1))
    conv("conv-oblong", (2, 2, 7, 8), (3, 2, 3, 2), 0, lambda x, weight: F.conv2d(x, weight, stride=(2, 3), padding=(1, 0)))
    conv("conv-dilated", (1, 2, 7, 6), (2, 2, 3, 3), 2, lambda x, weight, bias: F.conv2d(x, weight, bias, padding=(2, 1), dilation=(2, 1)))
    conv("conv-asymmetric", (2, 1, 5, 6), (2, 1, 3, 3), 2,
         lambda x, weight, bias: F.conv2d(F.pad(x, (2, 0, 0, 1)), weight, bias, stride=(1, 2)))


def transposed():
    conv("transposed-stride1", (2, 3, 1, 2), (3, 2, 4, 4), 2, lambda x, weight, bias: F.conv_transpose2d(x, weight, bias))
    conv("transposed-stride2", (2, 3, 4, 3), (3, 2, 4, 4), 2, lambda x, weight, bias: F.conv_transpose2d(x, weight, bias, stride=2, padding=1))
    conv("transposed-stride3", (2, 2, 3, 3), (2, 3, 3, 4), 0,
         lambda x, weight: F.conv_transpose2d(x, weight, stride=3, padding=(0, 1), output_padding=(1, 2)))
    conv("transposed-dilated", (1, 2, 4, 3), (2, 2, 3, 2), 2,
         lambda x, weight, bias: F.conv_transpose2d(x, weight, bias, stride=(1, 2), dilation=(2, 1)))
    # padding of 1 above, 0 below, 0 left and 2 right: the full result without those rows and columns
    conv("transposed-asymmetric", (2, 2, 3, 4), (2, 2, 4, 3), 2,
         lambda x, weight, bias: F.conv_transpose2d(x, weight, bias, stride=2)[:, :, 1:, :-2])


def dense():
    case("dense", F.linear, dict(weight=dense_weight), input=randn(5, 4), weight=randn(3, 4), bias=randn(3))
    case("flatten-dense", lambda x, weight, bias: F.linear(x.flatten(1), weight, bias),
         dict(x=image, weight=lambda w: after_flatten(w, 3, 2, 4)), x=randn(2, 3, 2, 4), weight=randn(5, 24), bias=randn(5))
    case("dense-image", lambda x, weight: F.linear(x, weight).view(-1, 3, 2, 4), dict(weight=lambda w: before_image(w, 3, 2, 4)), image,
         x=randn(2, 5), weight=randn(24, 5))
    case("embedding", lambda table: F.embedding(torch.tensor([2, 0, 2, 3, 2]), table), {}, table=randn(4, 3))


def norms():
    affine = dict(gamma=randn(3), beta=randn(3))
    for name, shape, to in (("batch-norm", (4, 3, 2, 3), image), ("batch-norm-flat", (5, 3), same)):
        mean, variance, second = torch.zeros(3), torch.ones(3), randn(*shape, scale=2.0) + 0.5
        case(name, lambda x, gamma, beta: F.batch_norm(x, mean, variance, gamma, beta, training=True), dict(x=to), to, x=randn(*shape), **affine)
        F.batch_norm(second, mean, variance, affine["gamma"], affine["beta"], training=True)
        golden.put(name, second=to(second), mean=mean, variance=variance,
                   inferred=to(F.batch_norm(second, mean, variance, affine["gamma"], affine["beta"], training=False)))
    case("layer-norm", lambda x, gamma, beta: F.group_norm(x, 1, gamma, beta), dict(x=image), image, x=randn(2, 3, 4, 2), **affine)
    case("layer-norm-flat", lambda x, gamma, beta: F.layer_norm(x, (3,), gamma, beta), {}, x=randn(4, 3), **affine)
    case("instance-norm", lambda x, gamma, beta: F.instance_norm(x, weight=gamma, bias=beta), dict(x=image), image, x=randn(2, 3, 4, 2), **affine)


def images():
    case("pixel-shuffle", lambda x: F.pixel_shuffle(x, 2), dict(x=image), image, x=randn(2, 12, 2, 3))
    case("upsample", lambda x: F.interpolate(x, scale_factor=3, mode="nearest"), dict(x=image), image, x=randn(2, 2, 2, 3))


def functions():
    """x holds each function's kinks, and numbers where a careless formula would overflow."""
    x = torch.tensor([-30.0, -2.0, -1.0, -0.5, -0.0, 0.0, 0.25, 1.0, 1.5, 30.0])
    large = torch.tensor([-800.0, -1.0, 0.0, 2.0, 800.0])
    for name, f in dict(relu=F.relu, leaky=lambda x: F.leaky_relu(x, 0.2), abs=torch.abs, clamp=lambda x: x.clamp(-1.0, 1.5),
                        tanh=torch.tanh, sigmoid=torch.sigmoid, softplus=lambda x: -F.logsigmoid(-x)).items():
        case(name, f, {}, x=x)
        case(name + "-large", f, {}, x=large)
    ties = torch.tensor([[1.0, 3.0, 3.0, -1.0], [2.0, 2.0, 2.0, 2.0], [0.0, 1.0, 2.0, 3.0]])
    case("max", lambda x: torch.amax(x, 1, keepdim=True), {}, x=ties)
    a, b = torch.tensor([1.0, 2.0, 3.0, -1.0, 0.0]), torch.tensor([1.0, 3.0, 2.0, -1.0, 0.0])
    case("maximum", torch.maximum, {}, input=a, other=b)
    case("minimum", torch.minimum, {}, input=a, other=b)


if __name__ == "__main__":
    torch.manual_seed(12)
    for part in (convolutions, transposed, dense, norms, images, functions):
        part()
    golden.write("layers")
