package gannet.nn;

import gannet.tensor.Scope;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;

/// Layers without weights that rearrange images.
public final class Images {
    private Images() {}

    /// `x[n,h,w,c] → y[n,h·w·c]`. The image shape is declared, so that formats which order it otherwise can be converted.
    public record Flatten(int h, int w, int c) implements Layer {
        @Override public Tensor apply(Tensor x) {
            if (x.shape().rank() != 4 || !x.shape().equals(Shape.of(x.shape().size(0), h, w, c)))
                throw new IllegalArgumentException(Scope.place() + "flatten: input " + x.shape() + "; needed: [n," + h + "," + w + "," + c + "]");
            return x.reshape(-1, h * w * c);
        }
    }

    /// `x[n,h·w·c] → y[n,h,w,c]`
    public record ToImage(int h, int w, int c) implements Layer {
        @Override public Tensor apply(Tensor x) {
            if (x.shape().rank() != 2 || x.shape().size(1) != h * w * c)
                throw new IllegalArgumentException(Scope.place() + "to image: input " + x.shape() + "; needed: [n," + h * w * c + "]");
            return x.reshape(-1, h, w, c);
        }
    }

    /// `x[n,h,w,c] → y[n,h·factor,w·factor,c]`, each pixel repeated (nearest neighbour).
    public record Upsample(int factor) implements Layer {
        public Upsample {
            if (factor < 1) throw new IllegalArgumentException("upsample by " + factor + ": the factor must be at least 1");
        }

        @Override public Tensor apply(Tensor x) {
            Shape s = requireImage("upsample", x, 1, "c");
            int n = s.size(0), h = s.size(1), w = s.size(2), c = s.size(3);
            return x.reshape(n, h, 1, w, 1, c).broadcastTo(Shape.of(n, h, factor, w, factor, c)).reshape(n, h * factor, w * factor, c);
        }
    }

    /// Pixel shuffle: `x[n,h,w,c·r²] → y[n,h·r,w·r,c]`, `y[n, h·r + i, w·r + j, k] = x[n, h, w, k·r² + i·r + j]`; Shi et al. 2016, §3.2, in
    /// PyTorch's order of channels.
    public record PixelShuffle(int r) implements Layer {
        public PixelShuffle {
            if (r < 1) throw new IllegalArgumentException("pixel shuffle by " + r + ": the factor must be at least 1");
        }

        @Override public Tensor apply(Tensor x) {
            Shape s = requireImage("pixel shuffle", x, r * r, "c·" + r + "²");
            int n = s.size(0), h = s.size(1), w = s.size(2), c = s.size(3) / (r * r);
            return x.reshape(n, h, w, c, r, r).permute(0, 1, 4, 2, 5, 3).reshape(n, h * r, w * r, c);
        }
    }

    private static Shape requireImage(String name, Tensor x, int multiple, String channels) {
        if (x.shape().rank() != 4 || x.shape().size(3) % multiple != 0)
            throw new IllegalArgumentException(Scope.place() + name + ": input " + x.shape() + "; needed: [n,h,w," + channels + "]");
        return x.shape();
    }
}
