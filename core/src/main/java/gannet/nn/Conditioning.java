package gannet.nn;

import gannet.tensor.Functions;
import gannet.tensor.Scope;
import gannet.tensor.Shape;
import gannet.tensor.Tensor;

/// Layers that join a condition to their input; Mirza & Osindero 2014, §3.2.
public final class Conditioning {
    private Conditioning() {}

    /// A learned vector for each class beside the input's features: `x[n,f], classes[n] → [n,f+width]`. In front of a generator x is z.
    public record ClassFeatures(Embedding embedding) implements ConditionalLayer {
        @Override public Tensor apply(Tensor x, Tensor classes) {
            requireFeatures("class features", x, 0);
            return Functions.concat(1, x, rows("class features", embedding, x, classes));
        }

        @Override public Tensor infer(Tensor x, Tensor classes) {
            return apply(x, classes);
        }

        @Override public ClassFeatures with(Parts parts) {
            return new ClassFeatures(embedding.with(parts));
        }
    }

    /// A learned image of one channel for each class beside the input's channels: `x[n,h,w,c], classes[n] → [n,h,w,c+1]` from a table `[classes,h·w]`.
    public record ClassChannel(int h, int w, Embedding embedding) implements ConditionalLayer {
        public ClassChannel {
            if (embedding.weight().shape().size(1) != h * w)
                throw new IllegalArgumentException("class channel of " + h + "×" + w + " from an embedding " + embedding.weight().shape()
                        + "; needed: [classes," + h * w + "]");
        }

        @Override public Tensor apply(Tensor x, Tensor classes) {
            Shape s = x.shape();
            if (s.rank() != 4 || s.size(1) != h || s.size(2) != w)
                throw new IllegalArgumentException(Scope.place() + "class channel: input " + s + "; needed: [n," + h + "," + w + ",c]");
            return Functions.concat(3, x, rows("class channel", embedding, x, classes).reshape(-1, h, w, 1));
        }

        @Override public Tensor infer(Tensor x, Tensor classes) {
            return apply(x, classes);
        }

        @Override public ClassChannel with(Parts parts) {
            return new ClassChannel(h, w, embedding.with(parts));
        }
    }

    /// The condition itself beside the input's features: `x[n,f], code[n,width] → [n,f+width]`; the code c of InfoGAN's G(z, c), Chen et al. 2016, §3.
    public record Code(int width) implements ConditionalLayer {
        @Override public Tensor apply(Tensor x, Tensor code) {
            requireFeatures("code", x, 0);
            requirePresent("code", code);
            Shape needed = Shape.of(x.shape().size(0), width);
            if (!code.shape().equals(needed))
                throw new IllegalArgumentException(Scope.place() + "code: input " + x.shape() + " under a condition " + code.shape() + "; needed: " + needed);
            return Functions.concat(1, x, code);
        }

        @Override public Code with(Parts parts) {
            return this;
        }

        @Override public Tensor infer(Tensor x, Tensor code) {
            return apply(x, code);
        }
    }

    /// Throws unless `x` is `[n,f]`, of `f` features if that is above 0.
    static void requireFeatures(String layer, Tensor x, int f) {
        if (x.shape().rank() != 2 || f > 0 && x.shape().size(1) != f)
            throw new IllegalArgumentException(Scope.place() + layer + ": input " + x.shape() + "; needed: [n," + (f > 0 ? f : "f") + "]");
    }

    private static void requirePresent(String layer, Tensor condition) {
        if (condition == null)
            throw new IllegalArgumentException(Scope.place() + layer + ": it needs a condition and was given none; train with one (labelled data,"
                    + " Conditions.classes), sample under one");
    }

    /// `embedding(classes)[n,width]`, one row for each sample of `x[n,…]`.
    static Tensor rows(String layer, Layer embedding, Tensor x, Tensor classes) {
        requirePresent(layer, classes);
        if (classes.shape().rank() != 1 || classes.shape().size(0) != x.shape().size(0))
            throw new IllegalArgumentException(Scope.place() + layer + ": input " + x.shape() + " under classes " + classes.shape()
                    + "; needed: [" + x.shape().size(0) + "]");
        return embedding.apply(classes);
    }
}
