package gannet.kernel;

import static gannet.kernel.Binary.Function.ADD;
import static gannet.kernel.Binary.Function.MAXIMUM;

import java.util.List;

/// A back end's kernels: the [Primitives] that it must write, and here those that do at one reading what a few of them do one after the
/// other. Each default spells out what the fused kernel computes; the conformance suite holds an override to it.
public interface Kernels extends Primitives, AutoCloseable {
    /// Gives back what a device holds for them; none of their storages may be used after that. Needed only where kernels are opened again and again.
    @Override default void close() {}

    /// The width of an element in memory, for files that keep it exactly: 4 bytes (float) or 8 (double).
    default int elementBytes() {
        return Float.BYTES;
    }

    /// A handle to work that is done again and again, called `name` in messages. What changes from one time to the next must lie in storages; the work must
    /// neither read results nor write numbers from the host, but for a few constants. By default it is simply run.
    default Repeated repeated(String name) {
        return Repeated.NEVER;
    }

    /// Whether kernels run on while the host goes on, so that numbers for the next step may well be fetched meanwhile.
    default boolean asynchronous() {
        return false;
    }

    /// As [#write], for a storage that nothing was called with since the last [#read], which waits for all before it: so the copy may go on beside the kernels
    /// that were called since. Whatever is called later sees the numbers.
    default void prefetch(double[] from, Storage to) {
        write(from, to);
    }

    /// Told of each change of a storage in place, [Storage#changed].
    default void changed(Storage storage) {}

    /// Told that a storage is kept although its maker's memory is given out again and again: repeated work must not write there any more.
    default void kept(Storage storage) {}

    /// `c[m,n] = act(a · b + bias[n])` for a batch of 1; `bias` and `act` may be null: none.
    default void linear(MatrixShape s, Storage a, Storage b, Storage bias, Activation act, Storage c) {
        matmul(s, a, b, c);
        biasAndActivation(bias, act, c);
    }

    /// `y = act(conv(x, w) + bias[o])`; `bias` and `act` may be null.
    default void convBias(ConvShape s, Storage x, Storage w, Storage bias, Activation act, Storage y) {
        conv(s, x, w, y);
        biasAndActivation(bias, act, y);
    }

    /// `x = act(convInput(y, w) + bias[c])`; `bias` and `act` may be null.
    default void convInputBias(ConvShape s, Storage y, Storage w, Storage bias, Activation act, Storage x) {
        convInput(s, y, w, x);
        biasAndActivation(bias, act, x);
    }

    private void biasAndActivation(Storage bias, Activation act, Storage y) {
        if (bias != null) zip(ADD, y, 1, bias, 1, y);
        if (act != null) map(act.function(), y, y);
    }

    /// Batch norm of `x[rows,c]` per column: mean `μ`, biased variance `σ²`, `inverse = 1/√(σ² + ε)`,
    /// `y = act(gamma · (x − μ) · inverse + beta)`; Ioffe & Szegedy 2015, Algorithm 1. `act` may be null. Writes `mean[c]`, `variance[c]`, `inverse[c]` too.
    default void batchNorm(int rows, double epsilon, Activation act, Storage x, Storage gamma, Storage beta, Storage mean, Storage variance,
                           Storage inverse, Storage y) {
        int c = gamma.length();
        reduce(Reduction.SUM, 1, rows, c, x, mean);
        map(new Unary.Affine(1.0 / rows, 0), mean, mean);
        zip(Binary.Function.SUBTRACT, x, 1, mean, 1, y);
        Storage squares = scratch(0, rows * c);
        map(Unary.Function.SQUARE, y, squares);
        reduce(Reduction.SUM, 1, rows, c, squares, variance);
        map(new Unary.Affine(1.0 / rows, 0), variance, variance);
        map(new Unary.Affine(1, epsilon), variance, inverse);
        map(Unary.Function.SQRT, inverse, inverse);
        map(Unary.Function.RECIPROCAL, inverse, inverse);
        zip(Binary.Function.MULTIPLY, y, 1, inverse, 1, y);
        zip(Binary.Function.MULTIPLY, y, 1, gamma, 1, y);
        biasAndActivation(beta, act, y);
    }

    /// The gradients of [#batchNorm] from its result's gradient `dy` and what it saved. With `g = act'(dy)`, `x̂ = (x − μ) · inverse`:
    /// `dbeta = Σ g`, `dgamma = Σ g·x̂`, `dx = gamma · inverse · (g − dbeta/rows − x̂ · dgamma/rows)`.
    default void batchNormGradient(int rows, Activation act, Storage x, Storage y, Storage dy, Storage gamma, Storage mean, Storage inverse,
                                   Storage dx, Storage dgamma, Storage dbeta) {
        int c = gamma.length();
        Storage g = dy;
        if (act != null) zip(act.gradient(), dy, 1, y, 1, g = scratch(0, rows * c));
        Storage normalised = scratch(1, rows * c);
        zip(Binary.Function.SUBTRACT, x, 1, mean, 1, normalised);
        zip(Binary.Function.MULTIPLY, normalised, 1, inverse, 1, normalised);
        reduce(Reduction.SUM, 1, rows, c, g, dbeta);
        zip(Binary.Function.MULTIPLY, g, 1, normalised, 1, dx);
        reduce(Reduction.SUM, 1, rows, c, dx, dgamma);
        zip(Binary.Function.MULTIPLY, normalised, 1, dgamma, 1, normalised);
        zip(ADD, normalised, 1, dbeta, 1, normalised);
        map(new Unary.Affine(1.0 / rows, 0), normalised, normalised);
        zip(Binary.Function.SUBTRACT, g, 1, normalised, 1, dx);
        zip(Binary.Function.MULTIPLY, dx, 1, gamma, 1, dx);
        zip(Binary.Function.MULTIPLY, dx, 1, inverse, 1, dx);
    }

    /// `flag[0] = max(flag[0], 1)` if any |x[i]| is above `limit` or not a number, else `flag[0]` stays. A step starts from 0 and is
    /// committed only if the flag is still 0.
    default void check(double limit, Storage x, Storage flag) {
        Storage each = scratch(0, x.length()), any = scratch(1, 1);
        map(new Unary.Exceeds(limit), x, each);
        reduce(Reduction.MAX, 1, x.length(), 1, each, any);
        zip(MAXIMUM, flag, 1, any, 1, flag);
    }

    /// [#check] of each of `all`.
    default void checkAll(double limit, List<Storage> all, Storage flag) {
        for (Storage each : all) check(limit, each, flag);
    }

    /// `average = average + weight · (value − average)` in place, unless `flag[0]` is set: a running statistic. At weight 1 it is the value, to the bit.
    default void moveTowards(double weight, Storage flag, Storage value, Storage average) {
        Storage next = scratch(0, average.length()), zero = scratch(2, 1);
        write(new double[1], zero);
        if (weight == 1) map(new Unary.Affine(1, 0), value, next);
        else {
            zip(Binary.Function.SUBTRACT, value, 1, average, 1, next);
            map(new Unary.Affine(weight, 0), next, next);
            zip(ADD, average, 1, next, 1, next);
        }
        select(Comparison.GREATER, flag, zero, average, next, average);
    }

    /// `y[0] = E log(1 + e^{sign·x})`, the mean over x: a logistic loss of logits.
    default void logisticLoss(double sign, Storage x, Storage y) {
        Storage each = scratch(0, x.length());
        map(new Unary.Affine(sign, 0), x, each);
        map(Unary.Function.SOFTPLUS, each, each);
        reduce(Reduction.SUM, 1, x.length(), 1, each, y);
        map(new Unary.Affine(1.0 / x.length(), 0), y, y);
    }

    /// `to[i] = from[i]` for storages of one length each: gradients to their places in one pass.
    default void assign(List<Storage> from, List<Storage> to) {
        for (int i = 0; i < to.size(); i++) map(new Unary.Affine(1, 0), from.get(i), to.get(i));
    }

    /// The corrections of [#adam]'s next step, from counters that begin at 0, all of one element: `nextᵢ = βᵢ·qᵢ + (1 − βᵢ)`, which is `1 − βᵢᵗ` and stays
    /// accurate in 32-bit floats; `correctionᵢ = 1/nextᵢ`; `qᵢ = nextᵢ` unless `flag[0]` is set.
    default void adamCorrections(double beta1, double beta2, Storage flag, Storage q1, Storage q2, Storage correction1, Storage correction2) {
        Storage zero = scratch(2, 1);
        write(new double[1], zero);
        correction(beta1, flag, zero, q1, correction1);
        correction(beta2, flag, zero, q2, correction2);
    }

    private void correction(double beta, Storage flag, Storage zero, Storage q, Storage correction) {
        map(new Unary.Affine(beta, 0), q, correction);
        map(new Unary.Affine(1, 1 - beta), correction, correction);
        select(Comparison.GREATER, flag, zero, q, correction, q);
        map(Unary.Function.RECIPROCAL, correction, correction);
    }

    /// One step of Adam over all weights, in place, unless `flag[0]` is set; Kingma & Ba 2015, Algorithm 1:
    /// `m = β₁m + (1 − β₁)g`, `v = β₂v + (1 − β₂)g²`, `w = w − α · m̂ / (√v̂ + ε)` with `m̂ = m · correction1[0]`, `v̂ = v · correction2[0]`,
    /// where `correctionᵢ = 1/(1 − βᵢᵗ)` and the learning rate `α = rate[0]` are one-element storages.
    default void adam(double beta1, double beta2, double epsilon, Storage rate, Storage correction1, Storage correction2, Storage flag,
                      Storage g, Storage w, Storage m, Storage v) {
        int n = w.length();
        Storage next = scratch(0, n), update = scratch(1, n), zero = scratch(2, 1);
        write(new double[1], zero);
        moving(beta1, g, m, next);
        select(Comparison.GREATER, flag, zero, m, next, m);
        map(Unary.Function.SQUARE, g, update);
        moving(beta2, update, v, next);
        select(Comparison.GREATER, flag, zero, v, next, v);
        zip(Binary.Function.MULTIPLY, v, 1, correction2, 1, next);
        map(Unary.Function.SQRT, next, next);
        map(new Unary.Affine(1, epsilon), next, next);
        zip(Binary.Function.MULTIPLY, m, 1, correction1, 1, update);
        zip(Binary.Function.MULTIPLY, update, 1, rate, 1, update);
        zip(Binary.Function.DIVIDE, update, 1, next, 1, update);
        zip(Binary.Function.SUBTRACT, w, 1, update, 1, next);
        select(Comparison.GREATER, flag, zero, w, next, w);
    }

    /// One step of stochastic gradient descent with momentum, in place, unless `flag[0]` is set: `b = momentum · b + g`, `w = w − rate[0] · b`;
    /// Sutskever et al. 2013, §2 (classical momentum), with the learning rate outside of the buffer as PyTorch has it.
    default void momentum(double momentum, Storage rate, Storage flag, Storage g, Storage w, Storage buffer) {
        int n = w.length();
        Storage next = scratch(0, n), zero = scratch(2, 1);
        write(new double[1], zero);
        map(new Unary.Affine(momentum, 0), buffer, next);
        zip(ADD, next, 1, g, 1, next);
        select(Comparison.GREATER, flag, zero, buffer, next, buffer);
        zip(Binary.Function.MULTIPLY, buffer, 1, rate, 1, next);
        zip(Binary.Function.SUBTRACT, w, 1, next, 1, next);
        select(Comparison.GREATER, flag, zero, w, next, w);
    }

    /// One step of RMSProp, in place, unless `flag[0]` is set: `v = decay · v + (1 − decay)g²`, `w = w − rate[0] · g / (√v + ε)`; Tieleman &
    /// Hinton 2012, lecture 6.5.
    default void rmsProp(double decay, double epsilon, Storage rate, Storage flag, Storage g, Storage w, Storage v) {
        int n = w.length();
        Storage next = scratch(0, n), update = scratch(1, n), zero = scratch(2, 1);
        write(new double[1], zero);
        map(Unary.Function.SQUARE, g, update);
        moving(decay, update, v, next);
        select(Comparison.GREATER, flag, zero, v, next, v);
        map(Unary.Function.SQRT, v, next);
        map(new Unary.Affine(1, epsilon), next, next);
        zip(Binary.Function.DIVIDE, g, 1, next, 1, update);
        zip(Binary.Function.MULTIPLY, update, 1, rate, 1, update);
        zip(Binary.Function.SUBTRACT, w, 1, update, 1, next);
        select(Comparison.GREATER, flag, zero, w, next, w);
    }

    /// `next = β·average + (1 − β)·x`.
    private void moving(double beta, Storage x, Storage average, Storage next) {
        Storage part = scratch(3, x.length());
        map(new Unary.Affine(beta, 0), average, next);
        map(new Unary.Affine(1 - beta, 0), x, part);
        zip(ADD, next, 1, part, 1, next);
    }
}
