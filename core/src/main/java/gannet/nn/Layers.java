package gannet.nn;

import gannet.kernel.Kernels;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.Arrays;

/// Makes layers with freshly drawn weights. Biases start at 0 and normalisations shift by 0; weights and normalisation scales as given. Each weight has a stream of its own,
/// numbered in the order of making, so the same seed and the same network give the same weights on every back end.
public final class Layers {
    private final Kernels kernels;
    private final long seed;
    private final Initialiser weights, scales;
    private int made;

    /// Draws weights by `weights` and normalisation scales by `scales`, on one back end, from `seed`.
    public Layers(Kernels kernels, long seed, Initialiser weights, Initialiser scales) {
        this.kernels = kernels;
        this.seed = seed;
        this.weights = weights;
        this.scales = scales;
    }

    /// Weights N(0, 0.02²), Radford et al. 2016 §4, with batch-norm scales N(1, 0.02²) as in the authors' code.
    public static Layers dcgan(Kernels kernels, long seed) {
        return new Layers(kernels, seed, Initialiser.normal(0, 0.02), Initialiser.normal(1, 0.02));
    }

    /// Weights U(±1/√fanIn), scales 1.
    public static Layers fanIn(Kernels kernels, long seed) {
        return new Layers(kernels, seed, Initialiser.fanInUniform(), Initialiser.constant(1));
    }

    /// `[n,in] → [n,out]`, with a bias.
    public Dense dense(int in, int out) {
        return new Dense(weight(in, out, in, out), zeros(out), null);
    }

    /// Without a bias, as before a batch norm.
    public Dense denseUnbiased(int in, int out) {
        return new Dense(weight(in, out, in, out), null, null);
    }

    /// A square kernel.
    public Conv conv(int in, int out, int kernel, int stride, int padding) {
        return new Conv(kernel(kernel, in, out), zeros(out), Window.of(stride, padding), null);
    }

    /// A square kernel without a bias, as before a batch norm.
    public Conv convUnbiased(int in, int out, int kernel, int stride, int padding) {
        return new Conv(kernel(kernel, in, out), null, Window.of(stride, padding), null);
    }

    /// A square kernel; `h' = (h − 1)·stride − 2·padding + kernel`.
    public ConvTranspose convTranspose(int in, int out, int kernel, int stride, int padding) {
        return new ConvTranspose(kernel(kernel, out, in), zeros(out), Window.of(stride, padding), 0, 0, null);
    }

    /// A square kernel without a bias, as before a batch norm.
    public ConvTranspose convTransposeUnbiased(int in, int out, int kernel, int stride, int padding) {
        return new ConvTranspose(kernel(kernel, out, in), null, Window.of(stride, padding), 0, 0, null);
    }

    /// For the last axis of `[…,channels]`.
    public BatchNorm batchNorm(int channels) {
        return batchNorm(scale(channels), zeros(channels), channels);
    }

    private BatchNorm batchNorm(Tensor gamma, Tensor beta, int channels) {
        return new BatchNorm(gamma, beta, new State.OfTensor("mean", Tensor.of(kernels, Shape.of(channels), new double[channels])),
                new State.OfTensor("variance", Tensor.of(kernels, Shape.of(channels), ones(channels))), null);
    }

    /// For the last axis of `[n,…,channels]` under classes `[n]`; every class starts with scale 1 and shift 0, whatever the scales of other norms.
    public ConditionalBatchNorm conditionalBatchNorm(int classes, int channels) {
        Shape table = Shape.of(classes, channels);
        return new ConditionalBatchNorm(new Embedding(Tensor.weight(kernels, table, ones(table.count()))),
                new Embedding(Tensor.weight(kernels, table, new double[table.count()])), batchNorm(null, null, channels));
    }

    /// For `[n,…,channels]`.
    public LayerNorm layerNorm(int channels) {
        return new LayerNorm(scale(channels), zeros(channels));
    }

    /// For images `[n,h,w,channels]`.
    public InstanceNorm instanceNorm(int channels) {
        return new InstanceNorm(scale(channels), zeros(channels));
    }

    public Embedding embedding(int classes, int width) {
        return new Embedding(weight(classes, width, classes, width));
    }

    /// `[n,f]` and classes `[n]` → `[n,f+width]`, with vectors that start N(0, 1), as z is.
    public Conditioning.ClassFeatures classFeatures(int classes, int width) {
        return new Conditioning.ClassFeatures(standardEmbedding(classes, width));
    }

    /// `[n,h,w,c]` and classes `[n]` → `[n,h,w,c+1]`, with channels that start N(0, 1).
    public Conditioning.ClassChannel classChannel(int classes, int h, int w) {
        return new Conditioning.ClassChannel(h, w, standardEmbedding(classes, h * w));
    }

    private Embedding standardEmbedding(int classes, int width) {
        return new Embedding(draw(Initialiser.normal(0, 1), Shape.of(classes, width), classes, width));
    }

    /// `[n,features]` and classes `[n]` → logits `[n,1]`.
    public Projection projection(int classes, int features) {
        return new Projection(dense(features, 1), embedding(classes, features));
    }

    /// `[n,in] → [n,out]`, the greatest of `pieces` linear functions each.
    public Sequential maxout(int in, int out, int pieces) {
        return Sequential.of(dense(in, pieces * out), new Maxout(pieces));
    }

    /// `layer` with its weight divided by the greatest singular value; u starts in a random direction.
    public SpectralNorm spectralNorm(Linear layer) {
        int out = layer.matrix(layer.weight()).shape().size(1);
        double[] u = Initialiser.normal(0, 1).draw(out, 1, out, new Initialiser.Stream(seed, made++));
        double squares = 0;
        for (double element : u) squares += element * element;
        for (int i = 0; i < out; i++) u[i] /= Math.sqrt(squares);
        return new SpectralNorm(layer, new State.OfTensor("u", Tensor.of(kernels, Shape.of(out), u)));
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private Tensor kernel(int size, int c, int o) {
        return draw(weights, Shape.of(size, size, c, o), size * size * c, size * size * o);
    }

    private Tensor weight(int in, int out, int fanIn, int fanOut) {
        return draw(weights, Shape.of(in, out), fanIn, fanOut);
    }

    private Tensor scale(int channels) {
        return draw(scales, Shape.of(channels), channels, channels);
    }

    private Tensor zeros(int size) {
        return Tensor.weight(kernels, Shape.of(size), new double[size]);
    }

    private Tensor draw(Initialiser initialiser, Shape shape, int fanIn, int fanOut) {
        return Tensor.weight(kernels, shape, initialiser.draw(shape.count(), fanIn, fanOut, new Initialiser.Stream(seed, made++)));
    }
}
