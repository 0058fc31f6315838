package gannet.gan.remedy;

import gannet.kernel.Comparison;
import gannet.kernel.Kernels;
import gannet.tensor.Functions;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;

/// The transformations of images `x[n,h,w,c]` through which D may see them, each with an amount of its own for every image, differentiable in x; as the
/// code that goes with Zhao et al. 2020 has them. u is uniform in (0, 1). A transformation is applied to image i as far as `on[i]`, 1 or 0, says; null:
/// to all.
public enum Augmentation {
    /// `x + (u − ½)`
    BRIGHTNESS {
        @Override Tensor apply(Tensor x, Randoms randoms, Tensor on) {
            return x.plus(amount(x, randoms, 1, -0.5, on));
        }
    },
    /// `mean + 2u · (x − mean)`, the mean over a pixel's channels; nothing where there is one channel.
    SATURATION {
        @Override Tensor apply(Tensor x, Randoms randoms, Tensor on) {
            if (x.shape().size(3) == 1) return x;
            return x.plus(x.minus(x.mean(3, 4)).times(amount(x, randoms, 2, -1, on)));
        }
    },
    /// `mean + (u + ½) · (x − mean)`, the mean over the whole image.
    CONTRAST {
        @Override Tensor apply(Tensor x, Randoms randoms, Tensor on) {
            return x.plus(x.minus(x.mean(1, 4)).times(amount(x, randoms, 1, -0.5, on)));
        }
    },
    /// Shifted by up to ⅛ of its height and of its width, in whole pixels, zeros coming in.
    TRANSLATION {
        @Override Tensor apply(Tensor x, Randoms randoms, Tensor on) {
            Shape s = x.shape();
            int n = s.size(0), h = s.size(1), w = s.size(2), c = s.size(3);
            Tensor source = Tensor.unrecorded(() -> source(s, shift(n, h, randoms, on), shift(n, w, randoms, on)));
            return Functions.gather(x.reshape(n * h * w, c).pad(0, 0, 1), source).reshape(n, h, w, c);
        }
    },
    /// A rectangle of half the height and half the width set to 0, its middle anywhere in the image.
    CUTOUT {
        @Override Tensor apply(Tensor x, Randoms randoms, Tensor on) {
            Shape s = x.shape();
            int n = s.size(0), h = s.size(1), w = s.size(2);
            return x.times(Tensor.unrecorded(() -> {
                Tensor hole = hole(n, h, randoms).reshape(n, h, 1, 1).times(hole(n, w, randoms).reshape(n, 1, w, 1));
                return (on == null ? hole : hole.times(on)).negate().plus(1);
            }));
        }
    };

    /// `x[n,h,w,c]`, transformed; `on[n,1,1,1]` or null.
    abstract Tensor apply(Tensor x, Randoms randoms, Tensor on);

    private String use() {
        return "augment " + name();
    }

    /// `scale · u + shift` for each image, `[n,1,1,1]`; 0 where it is off.
    Tensor amount(Tensor x, Randoms randoms, double scale, double shift, Tensor on) {
        return Tensor.unrecorded(() -> {
            Tensor amount = randoms.uniform(use(), x.shape().perSample()).times(scale).plus(shift);
            return on == null ? amount : amount.times(on);
        });
    }

    /// Whole pixels between −size/8 and size/8, rounded as the paper's code rounds, `[n,1,1,1]`.
    Tensor shift(int n, int size, Randoms randoms, Tensor on) {
        int most = (int) (size / 8.0 + 0.5);
        Tensor shift = Draws.whole(randoms.uniform(use(), Shape.of(n, 1, 1, 1)), 2 * most + 1).plus(-most);
        return on == null ? shift : shift.times(on);
    }

    /// For each pixel of the shifted images `[n,h,w]` the number of the pixel that it shows; n·h·w, a row of zeros, for those from outside. `[n·h·w]`
    Tensor source(Shape s, Tensor down, Tensor right) {
        Kernels k = down.kernels();
        int n = s.size(0), h = s.size(1), w = s.size(2), pixels = Math.multiplyExact(n, Math.multiplyExact(h, w));
        if (pixels >= Draws.MOST) throw new IllegalArgumentException("translation of images " + s + ": a batch may have up to 2^24 pixels; take a smaller batch");
        Tensor row = Draws.counting(k, 0, 1, Shape.of(1, h, 1)).plus(down.reshape(n, 1, 1));
        Tensor column = Draws.counting(k, 0, 1, Shape.of(1, 1, w)).plus(right.reshape(n, 1, 1));
        Tensor inside = Draws.within(row, 0, h - 1).times(Draws.within(column, 0, w - 1));
        Tensor number = Draws.counting(k, 0, h * w, Shape.of(n, 1, 1)).plus(row.times(w)).plus(column);
        return Tensor.select(Comparison.GREATER, inside, Tensor.constant(k, 0), number, Tensor.constant(k, pixels)).reshape(pixels);
    }

    /// 1 where an axis of `size` pixels is in the hole, which starts half its length before a pixel drawn from the image, `[n,size]`.
    Tensor hole(int n, int size, Randoms randoms) {
        int length = (int) (size / 2.0 + 0.5);
        Tensor middle = Draws.whole(randoms.uniform(use(), Shape.of(n, 1)), size + 1 - length % 2);
        Tensor from = Draws.counting(randoms.kernels(), length / 2, 1, Shape.of(1, size)).minus(middle);
        return Draws.within(from, 0, length - 1);
    }

    /// Throws unless `x` is a batch of images.
    static void requireImages(String name, Tensor x) {
        if (x.shape().rank() != 4)
            throw new IllegalArgumentException(name + ": input " + x.shape() + "; images [n,h,w,c] are needed: leave augmentation off where samples are no images");
    }
}
