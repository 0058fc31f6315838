package gannet.kernel.cuda;

import gannet.kernel.Activation;
import gannet.kernel.Binary;
import gannet.kernel.Comparison;
import gannet.kernel.ConvShape;
import gannet.kernel.Distribution;
import gannet.kernel.Kernels;
import gannet.kernel.MatrixShape;
import gannet.kernel.Reduction;
import gannet.kernel.Repeated;
import gannet.kernel.Storage;
import gannet.kernel.StridedCopy;
import gannet.kernel.Unary;
import java.util.ArrayList;
import java.util.List;

/// Kernels on an NVIDIA card: 32-bit floats in its memory, everything on one stream. A call returns when the work is asked for, not when it is done; only
/// [#read] waits.
final class CudaKernels implements Kernels {
    /// So many numbers from the host are written by launches at most.
    private static final int FEW = 256;

    private final Cuda cuda;
    private final Precision precision;
    private final Graphs graphs;
    private final Elementwise elementwise;
    private final Movement movement;
    private final Assignment assignment;
    private final Draws draws;
    private final Reductions reductions;
    private final Normalisation normalisation;
    private final Losses losses;
    private final Optimisers optimisers;
    private final Products products;
    private final Convolutions convolutions;
    private final List<CudaStorage> scratch = new ArrayList<>();

    /// Opens `card`; products and convolutions multiply at `precision`. `graphs` says what becomes of repeated work.
    CudaKernels(Card card, Precision precision, Graphs graphs) {
        this.precision = precision;
        this.graphs = graphs;
        cuda = new Cuda(card);
        elementwise = new Elementwise(cuda);
        movement = new Movement(cuda, elementwise);
        assignment = new Assignment(cuda);
        draws = new Draws(cuda);
        reductions = new Reductions(cuda);
        normalisation = new Normalisation(cuda);
        losses = new Losses(cuda);
        optimisers = new Optimisers(cuda);
        products = new Products(cuda, precision);
        convolutions = new Convolutions(cuda, precision);
    }

    @Override public String name() {
        return "cuda";
    }

    @Override public String description() {
        return "32-bit floats, " + (precision == Precision.FP32 ? "" : "products of " + precision + ", ") + cuda.card().model();
    }

    @Override public Repeated repeated(String name) {
        return graphs.repeated(cuda, name);
    }

    /// How often a recording did the work of the host.
    long replays() {
        return cuda.replays();
    }

    @Override public void changed(Storage storage) {
        cuda.trace().changed(storage);
    }

    @Override public void kept(Storage storage) {
        at(storage).block().keep();
        cuda.keptSomething();
    }

    @Override public Storage allocate(int length) {
        return cuda.allocate(this, length);
    }

    @Override public Storage scratch(int slot, int length) {
        while (scratch.size() <= slot) scratch.add(null);
        if (scratch.get(slot) == null || scratch.get(slot).length() < length) scratch.set(slot, cuda.allocate(this, length));
        return scratch.get(slot).slice(0, length);
    }

    /// A few numbers go as kernels' arguments: no copy, and a recording can repeat them.
    @Override public void write(double[] from, Storage to) {
        CudaStorage t = at(to);
        if (t.length() == 1) elementwise.fill((float) from[0], t);
        else if (t.length() <= FEW) elementwise.write(from, t);
        else cuda.upload(from, t);
    }

    @Override public boolean asynchronous() {
        return true;
    }

    @Override public void prefetch(double[] from, Storage to) {
        cuda.prefetch(from, at(to));
    }

    @Override public void read(Storage from, double[] to) {
        cuda.download(at(from), to);
    }

    @Override public void map(Unary f, Storage x, Storage y) {
        elementwise.map(f, at(x), at(y));
    }

    @Override public void zip(Binary f, Storage a, int everyA, Storage b, int everyB, Storage y) {
        elementwise.zip(f, at(a), everyA, at(b), everyB, at(y));
    }

    @Override public void select(Comparison c, Storage l, Storage r, Storage a, Storage b, Storage y) {
        elementwise.select(c, at(l), at(r), at(a), at(b), at(y));
    }

    @Override public void reduce(Reduction r, int outer, int axis, int inner, Storage x, Storage y) {
        reductions.reduce(r, outer, axis, inner, at(x), at(y));
    }

    @Override public void check(double limit, Storage x, Storage flag) {
        reductions.check(limit, at(x), at(flag));
    }

    @Override public void checkAll(double limit, List<Storage> all, Storage flag) {
        reductions.checkAll(limit, all.stream().map(this::at).toList(), at(flag));
    }

    @Override public void moveTowards(double weight, Storage flag, Storage value, Storage average) {
        optimisers.moveTowards(weight, at(flag), at(value), at(average));
    }

    @Override public void logisticLoss(double sign, Storage x, Storage y) {
        losses.logistic(sign, at(x), at(y));
    }

    @Override public void copy(StridedCopy c, Storage x, Storage y) {
        movement.copy(c, at(x), at(y));
    }

    @Override public void gather(int width, Storage table, Storage indices, Storage y) {
        movement.gather(width, at(table), at(indices), at(y));
    }

    @Override public void scatterAdd(int width, Storage y, Storage indices, Storage table) {
        movement.scatterAdd(width, at(y), at(indices), at(table));
    }

    @Override public void matmul(MatrixShape s, Storage a, Storage b, Storage c) {
        products.linear(s, at(a), at(b), null, null, at(c));
    }

    @Override public void linear(MatrixShape s, Storage a, Storage b, Storage bias, Activation act, Storage c) {
        products.linear(s, at(a), at(b), orNull(bias), act, at(c));
    }

    @Override public void conv(ConvShape s, Storage x, Storage w, Storage y) {
        convolutions.conv(s, at(x), at(w), null, null, at(y));
    }

    @Override public void convBias(ConvShape s, Storage x, Storage w, Storage bias, Activation act, Storage y) {
        convolutions.conv(s, at(x), at(w), orNull(bias), act, at(y));
    }

    @Override public void convInput(ConvShape s, Storage y, Storage w, Storage x) {
        convolutions.convInput(s, at(y), at(w), null, null, at(x));
    }

    @Override public void convInputBias(ConvShape s, Storage y, Storage w, Storage bias, Activation act, Storage x) {
        convolutions.convInput(s, at(y), at(w), orNull(bias), act, at(x));
    }

    @Override public void convWeight(ConvShape s, Storage x, Storage y, Storage w) {
        convolutions.convWeight(s, at(x), at(y), at(w));
    }

    @Override public void random(Distribution d, long seed, int use, int draw, Storage step, Storage y) {
        draws.random(d, seed, use, draw, at(step), at(y));
    }

    @Override public void batchNorm(int rows, double epsilon, Activation act, Storage x, Storage gamma, Storage beta, Storage mean, Storage variance, Storage inverse, Storage y) {
        normalisation.batchNorm(rows, epsilon, act, at(x), at(gamma), at(beta), at(mean), at(variance), at(inverse), at(y));
    }

    @Override public void batchNormGradient(int rows, Activation act, Storage x, Storage y, Storage dy, Storage gamma, Storage mean, Storage inverse, Storage dx, Storage dgamma,
                                            Storage dbeta) {
        normalisation.batchNormGradient(rows, act, at(x), at(y), at(dy), at(gamma), at(mean), at(inverse), at(dx), at(dgamma), at(dbeta));
    }

    @Override public void assign(List<Storage> from, List<Storage> to) {
        assignment.assign(from.stream().map(this::at).toList(), to.stream().map(this::at).toList());
    }

    @Override public void adamCorrections(double beta1, double beta2, Storage flag, Storage q1, Storage q2, Storage correction1, Storage correction2) {
        optimisers.adamCorrections(beta1, beta2, at(flag), at(q1), at(q2), at(correction1), at(correction2));
    }

    @Override public void adam(double beta1, double beta2, double epsilon, Storage rate, Storage correction1, Storage correction2, Storage flag, Storage g, Storage w, Storage m,
                               Storage v) {
        optimisers.adam(beta1, beta2, epsilon, at(rate), at(correction1), at(correction2), at(flag), at(g), at(w), at(m), at(v));
    }

    @Override public void momentum(double momentum, Storage rate, Storage flag, Storage g, Storage w, Storage buffer) {
        optimisers.momentum(momentum, at(rate), at(flag), at(g), at(w), at(buffer));
    }

    @Override public void rmsProp(double decay, double epsilon, Storage rate, Storage flag, Storage g, Storage w, Storage v) {
        optimisers.rmsProp(decay, epsilon, at(rate), at(flag), at(g), at(w), at(v));
    }

    private CudaStorage at(Storage s) {
        return CudaStorage.of(this, s);
    }

    private CudaStorage orNull(Storage s) {
        return s == null ? null : at(s);
    }

    /// Gives everything back to the driver.
    @Override public void close() {
        cuda.close();
    }
}
