package gannet.kernel.simd;

import gannet.kernel.Activation;
import gannet.kernel.Binary;
import gannet.kernel.Comparison;
import gannet.kernel.ConvShape;
import gannet.kernel.Distribution;
import gannet.kernel.FloatStorage;
import gannet.kernel.MatrixShape;
import gannet.kernel.Reduction;
import gannet.kernel.ScalarKernels;
import gannet.kernel.Storage;
import gannet.kernel.StridedCopy;
import gannet.kernel.Unary;
import java.util.concurrent.atomic.AtomicBoolean;

/// The kernels on the JDK's Vector API and on several threads; what is never hot is inherited. One object is used by one thread at a
/// time.
///
/// Each family of kernels has a class of its own, whose opening comment says how it works: [Gemm], [Convolution], [ConvolutionInput],
/// [ConvolutionWeight] (which of several ways they go says [Way]), most on top of the [MicroKernel]; [Elementwise], [Reductions], [Copies], [BatchNorm], [Optimisers], [Draws]; and the [Pool].
public final class SimdKernels extends ScalarKernels {
    /// Elementwise results of so few elements (a batch's losses, one number) are left to plain loops: the vector loops would be called so rarely that C2 compiles them only after a minute of
    /// training, and until then each of their vectors is an object, tens of kilobytes a step.
    private static final int FEW = 64;

    private final Team team;
    private final Gemm gemm;
    private final Convolution convolution;
    private final ConvolutionInput convolutionInput;
    private final ConvolutionWeight convolutionWeight;
    private final Elementwise elementwise;
    private final Reductions reductions;
    private final Copies copies;
    private final BatchNorm batchNorm;
    private final Optimisers optimisers;
    private final Draws draws;

    /// Kernels that use up to `threads` threads, the caller's among them.
    public SimdKernels(int threads) {
        team = new Team(threads);
        gemm = new Gemm(team);
        convolution = new Convolution(team, gemm);
        convolutionInput = new ConvolutionInput(team, gemm);
        convolutionWeight = new ConvolutionWeight(team, gemm);
        elementwise = new Elementwise(team);
        reductions = new Reductions(team);
        copies = new Copies(team);
        batchNorm = new BatchNorm(team);
        optimisers = new Optimisers(elementwise);
        draws = new Draws(elementwise);
    }

    @Override public String name() {
        return "simd";
    }

    @Override public String description() {
        return "32-bit floats, vectors of " + Width.SPECIES.vectorBitSize() + " bits";
    }

    private FloatStorage at(Storage storage) {
        return FloatStorage.of(this, storage);
    }

    /// A one-element storage's element.
    private float scalar(Storage storage) {
        FloatStorage s = at(storage);
        return s.array()[s.offset()];
    }

    @Override public void map(Unary f, Storage x, Storage y) {
        if (y.length() <= FEW) super.map(f, x, y);
        else elementwise.map(f, at(x), at(y));
    }

    @Override public void zip(Binary f, Storage a, int everyA, Storage b, int everyB, Storage y) {
        if (y.length() <= FEW) super.zip(f, a, everyA, b, everyB, y);
        else elementwise.zip(f, at(a), everyA, at(b), everyB, at(y));
    }

    @Override public void select(Comparison c, Storage l, Storage r, Storage a, Storage b, Storage y) {
        if (y.length() <= FEW) super.select(c, l, r, a, b, y);
        else elementwise.select(c, at(l), at(r), at(a), at(b), at(y));
    }

    @Override public void reduce(Reduction r, int outer, int axis, int inner, Storage x, Storage y) {
        FloatStorage from = at(x), to = at(y);
        reductions.reduce(r, outer, axis, inner, from.array(), from.offset(), to.array(), to.offset());
    }

    @Override public void copy(StridedCopy c, Storage x, Storage y) {
        copies.copy(c, at(x), at(y));
    }

    @Override public void matmul(MatrixShape s, Storage a, Storage b, Storage c) {
        product(s, a, b, c, Finish.NONE);
    }

    @Override public void linear(MatrixShape s, Storage a, Storage b, Storage bias, Activation act, Storage c) {
        product(s, a, b, c, finish(bias, act));
    }

    private void product(MatrixShape s, Storage a, Storage b, Storage c, Finish finish) {
        FloatStorage left = at(a), right = at(b), to = at(c);
        gemm.matmul(s, left.array(), left.offset(), right.array(), right.offset(), to.array(), to.offset(), finish);
    }

    private Finish finish(Storage bias, Activation act) {
        return new Finish(bias == null ? null : at(bias), act);
    }

    @Override public void conv(ConvShape s, Storage x, Storage w, Storage y) {
        convolution(s, x, w, y, Finish.NONE);
    }

    @Override public void convBias(ConvShape s, Storage x, Storage w, Storage bias, Activation act, Storage y) {
        convolution(s, x, w, y, finish(bias, act));
    }

    private void convolution(ConvShape s, Storage x, Storage w, Storage y, Finish finish) {
        FloatStorage image = at(x), weights = at(w), result = at(y);
        convolution.run(s, image.array(), image.offset(), weights.array(), weights.offset(), result.array(), result.offset(), finish);
    }

    @Override public void convInput(ConvShape s, Storage y, Storage w, Storage x) {
        convolutionInput(s, y, w, x, Finish.NONE);
    }

    @Override public void convInputBias(ConvShape s, Storage y, Storage w, Storage bias, Activation act, Storage x) {
        convolutionInput(s, y, w, x, finish(bias, act));
    }

    private void convolutionInput(ConvShape s, Storage y, Storage w, Storage x, Finish finish) {
        FloatStorage result = at(y), weights = at(w), image = at(x);
        convolutionInput.run(s, result.array(), result.offset(), weights.array(), weights.offset(), image.array(), image.offset(), finish);
    }

    @Override public void convWeight(ConvShape s, Storage x, Storage y, Storage w) {
        FloatStorage image = at(x), result = at(y), weights = at(w);
        convolutionWeight.run(s, image.array(), image.offset(), result.array(), result.offset(), weights.array(), weights.offset());
    }

    @Override public void random(Distribution d, long seed, int use, int draw, Storage step, Storage y) {
        draws.draw(d, seed, use, draw, (int) scalar(step), at(y));
    }

    @Override public void batchNorm(int rows, double epsilon, Activation act, Storage x, Storage gamma, Storage beta, Storage mean,
            Storage variance, Storage inverse, Storage y) {
        batchNorm.forward(rows, epsilon, act, at(x), at(gamma), at(beta), at(mean), at(variance), at(inverse), at(y));
    }

    @Override public void batchNormGradient(int rows, Activation act, Storage x, Storage y, Storage dy, Storage gamma, Storage mean,
            Storage inverse, Storage dx, Storage dgamma, Storage dbeta) {
        batchNorm.gradient(rows, act, at(x), at(y), at(dy), at(gamma), at(mean), at(inverse), at(dx), at(dgamma), at(dbeta));
    }

    @Override public void check(double limit, Storage x, Storage flag) {
        FloatStorage from = at(x), to = at(flag);
        float most = (float) limit;
        float[] xs = from.array(), flags = to.array();
        var exceeds = new AtomicBoolean();
        elementwise.split(from.length(), (first, end, _) -> {
            for (int i = first; i < end; i += Elementwise.CHUNK)
                if (Check.exceeds(most, xs, from.offset() + i, Math.min(Elementwise.CHUNK, end - i))) exceeds.setPlain(true);
        });
        if (exceeds.get()) flags[to.offset()] = Math.max(flags[to.offset()], 1);
    }

    @Override public void adam(double beta1, double beta2, double epsilon, Storage rate, Storage correction1, Storage correction2,
            Storage flag, Storage g, Storage w, Storage m, Storage v) {
        if (scalar(flag) > 0) return;
        optimisers.adam(beta1, beta2, epsilon, scalar(rate), scalar(correction1), scalar(correction2), at(g), at(w), at(m), at(v));
    }

    @Override public void momentum(double momentum, Storage rate, Storage flag, Storage g, Storage w, Storage buffer) {
        if (scalar(flag) > 0) return;
        optimisers.momentum(momentum, scalar(rate), at(g), at(w), at(buffer));
    }

    @Override public void rmsProp(double decay, double epsilon, Storage rate, Storage flag, Storage g, Storage w, Storage v) {
        if (scalar(flag) > 0) return;
        optimisers.rmsProp(decay, epsilon, scalar(rate), at(g), at(w), at(v));
    }
}
