"""What the golden scripts share: a safetensors writer, the ways from PyTorch's layouts to Gannet's, and Gannet's random numbers.

PyTorch's images are NCHW and its weights OIHW; Gannet's are NHWC and [kh,kw,in,out]. All goldens are stored in Gannet's layouts.
"""
import json
import os
import struct
import torch

torch.set_default_dtype(torch.float64)
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "resources", "gannet", "goldens")


class Golden(dict):
    """Named tensors, to be written as one file of 64-bit floats."""

    def put(self, case, **tensors):
        for name, t in tensors.items():
            self[case + "/" + name] = t

    def write(self, name):
        header, data, at = {}, [], 0
        for key in sorted(self):
            t = self[key].detach().double().contiguous()
            raw = struct.pack("<%dd" % t.numel(), *t.flatten().tolist())
            header[key] = dict(dtype="F64", shape=list(t.shape), data_offsets=[at, at + len(raw)])
            data.append(raw)
            at += len(raw)
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        path = os.path.join(FOLDER, name + ".safetensors")
        with open(path, "wb") as out:
            out.write(struct.pack("<Q", len(text)) + text + b"".join(data))
        print("%s: %d tensors, %d bytes" % (os.path.normpath(path), len(self), os.path.getsize(path)))


def randn(*shape, scale=1.0):
    """Normal numbers that 32-bit floats hold exactly, so that any back end starts from the same ones."""
    return (torch.randn(*shape) * scale).float().double()


def leaf(t):
    return t.clone().requires_grad_(True)


# ---- layouts

def image(x):
    """[n,c,h,w] -> [n,h,w,c]"""
    return x.permute(0, 2, 3, 1)


def conv_weight(w):
    """[out,in,kh,kw] -> [kh,kw,in,out]; and a transposed convolution's [in,out,kh,kw] -> [kh,kw,out,in]"""
    return w.permute(2, 3, 1, 0)


def dense_weight(w):
    """[out,in] -> [in,out]"""
    return w.t()


def after_flatten(w, c, h, w_):
    """A dense weight [out, c*h*w] behind a flattened NCHW image -> [h*w*c, out]"""
    return w.reshape(-1, c, h, w_).permute(2, 3, 1, 0).reshape(h * w_ * c, -1)


def before_image(w, c, h, w_):
    """A dense weight [c*h*w, in] in front of an NCHW image -> [in, h*w*c]"""
    return w.reshape(c, h, w_, -1).permute(3, 1, 2, 0).reshape(-1, h * w_ * c)


# ---- Gannet's random numbers: Philox4x32-10, counter (block, step, use, draw)

def crc32c(text):
    crc = 0xFFFFFFFF
    for byte in text.encode():
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def philox(key, c):
    k, mask = [key & 0xFFFFFFFF, key >> 32 & 0xFFFFFFFF], 0xFFFFFFFF
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [p1 >> 32 ^ c[1] ^ k[0], p1 & mask, p0 >> 32 ^ c[3] ^ k[1], p0 & mask]
        k = [k[0] + 0x9E3779B9 & mask, k[1] + 0xBB67AE85 & mask]
    return c


def uniform(seed, use, count, step=0, draw=0):
    words = [philox(seed, [i // 4, step, crc32c(use), draw])[i % 4] for i in range(count)]
    return torch.tensor([(word + 0.5) / 2 ** 32 for word in words])
