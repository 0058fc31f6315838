package gannet.tensor;

import gannet.kernel.Binary;
import gannet.kernel.Comparison;
import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import gannet.kernel.Unary;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// A shape and the storage of its elements, last axis fastest; images are channels last, `[n,h,w,c]`. Operations return new tensors and, unless
/// inside [#unrecorded], remember how they were made, so that [Gradients] can follow them back.
///
/// A tensor made inside an open [Workspace] dies with it unless [#keep] is called; elsewhere the garbage collector sees to it. Tensors
/// are used by one thread at a time. Elementwise operations broadcast as in NumPy.
public final class Tensor {
    private static final int[] NOTHING_READ = {};

    private final Shape shape;
    private final Storage data;
    private final Operation maker;
    private final int[] versions;
    private final int depth;
    private final String origin;
    private boolean weight;

    private Tensor(Shape shape, Storage data, Operation maker, int[] versions, int depth, String origin) {
        this.shape = shape;
        this.data = data;
        this.maker = maker;
        this.versions = versions;
        this.depth = depth;
        this.origin = origin;
        data.hold();
    }

    // ---- making

    /// A tensor of its own storage, outside of any workspace, with the given elements: weights, state, test data.
    public static Tensor of(Kernels kernels, Shape shape, double... elements) {
        if (elements.length != shape.count())
            throw new IllegalArgumentException("tensor " + shape + " needs " + shape.count() + " elements, not " + elements.length);
        Storage data = kernels.allocate(shape.count());
        kernels.write(elements, data);
        return leaf(shape, data);
    }

    /// As [#of], for a layer's weight: a network that reads it must list it, which replaces it by a slice of the network's own storage.
    public static Tensor weight(Kernels kernels, Shape shape, double... elements) {
        Tensor t = of(kernels, shape, elements);
        t.weight = true;
        return t;
    }

    /// A tensor over a storage, which it shares; a leaf of every graph.
    public static Tensor leaf(Shape shape, Storage data) {
        if (data.length() != shape.count())
            throw new IllegalArgumentException("tensor " + shape + " needs a storage of " + shape.count() + " elements, not " + data.length());
        return new Tensor(shape, data, null, NOTHING_READ, 0, Scope.current().layer);
    }

    /// A temporary with the given elements, from the open workspace if there is one.
    public static Tensor temporary(Kernels kernels, Shape shape, double... elements) {
        Tensor t = uninitialised(kernels, shape);
        kernels.write(elements, t.data);
        return t;
    }

    /// A one-element temporary `[]`.
    public static Tensor constant(Kernels kernels, double value) {
        return temporary(kernels, Shape.of(), value);
    }

    /// A temporary of one value everywhere.
    public static Tensor full(Kernels kernels, Shape shape, double value) {
        return unrecorded(() -> constant(kernels, value).broadcastTo(shape));
    }

    /// A temporary for a kernel to write to; what it holds at first is whatever was there.
    static Tensor uninitialised(Kernels kernels, Shape shape) {
        return leaf(shape, Workspace.allocate(kernels, shape.count()));
    }

    /// Runs an operation and, if its scope records, remembers it.
    static Tensor result(Operation op) {
        List<Tensor> inputs = op.inputs();
        Kernels kernels = sameKernels(op, inputs);
        Storage y = Workspace.allocate(kernels, op.shape().count());
        op.forward(kernels, y);
        return over(op, inputs, y);
    }

    /// The result of an operation that shares its input's storage.
    static Tensor view(Operation op) {
        Storage x = op.inputs().getFirst().data;
        Workspace.share(x);
        return over(op, op.inputs(), x);
    }

    private static Tensor over(Operation op, List<Tensor> inputs, Storage y) {
        var scope = Scope.current();
        if (!scope.recording) {
            var t = new Tensor(op.shape(), y, null, NOTHING_READ, 0, scope.layer);
            if (scope.checking) NonFiniteException.require("result of " + op.name(), t);
            return t;
        }
        int[] versions = new int[inputs.size() + 1]; // the inputs', then the result's
        versions[inputs.size()] = y.version();
        int depth = 0;
        for (int i = 0; i < inputs.size(); i++) {
            Tensor input = inputs.get(i);
            versions[i] = input.data.version();
            depth = Math.max(depth, input.depth);
            input.data.hold();
        }
        var t = new Tensor(op.shape(), y, op, versions, depth + 1, scope.layer);
        if (scope.checking) NonFiniteException.require("result of " + op.name(), t);
        return t;
    }

    private static Kernels sameKernels(Operation op, List<Tensor> inputs) {
        Kernels kernels = inputs.getFirst().kernels();
        for (Tensor input : inputs)
            if (input.kernels() != kernels)
                throw new IllegalArgumentException(op.name() + ": inputs of two back ends, " + kernels.name() + " and " + input.kernels().name()
                        + "; make both tensors with the same Kernels");
        return kernels;
    }

    /// Evaluates without recording: sampling, the generator's part of a discriminator step. What comes out is a constant to any gradient
    /// (unless it is [Gradients#differentiable], which records on purpose).
    public static Tensor unrecorded(Supplier<Tensor> computation) {
        return recording(false, computation);
    }

    static Tensor recording(boolean on, Supplier<Tensor> computation) {
        var scope = Scope.current();
        boolean before = scope.recording;
        scope.recording = on;
        try {
            return computation.get();
        } finally {
            scope.recording = before;
        }
    }

    // ---- looking

    /// The sizes of its axes.
    public Shape shape() {
        return shape;
    }

    /// The elements, in the back end's memory.
    public Storage data() {
        return data;
    }

    /// The back end that it lives on.
    public Kernels kernels() {
        return data.kernels();
    }

    /// The layer it was made in, or "".
    public String origin() {
        return origin;
    }

    /// Whether it is a layer's weight that no network has listed.
    public boolean unlistedWeight() {
        return weight;
    }

    Operation maker() {
        return maker;
    }

    int depth() {
        return depth;
    }

    /// Throws if this, or an input of the operation that made it, was changed in place since: its gradient would be that of other numbers.
    void requireUnchanged() {
        List<Tensor> inputs = maker.inputs();
        String what = data.version() == versions[inputs.size()] ? null : "result " + shape;
        for (int i = 0; i < inputs.size(); i++) if (inputs.get(i).data.version() != versions[i]) what = "input " + inputs.get(i).shape;
        if (what != null)
            throw new IllegalStateException("gradient of " + maker.name() + (origin.isEmpty() ? "" : " in layer " + origin) + ": its " + what
                    + " was changed in place since the forward pass (a weight updated by descend()?); run the forward pass again");
    }

    /// A copy of the elements on the host.
    public double[] toArray() {
        double[] elements = new double[shape.count()];
        kernels().read(data, elements);
        return elements;
    }

    /// The one element of a one-element tensor, read to the host.
    public double item() {
        if (shape.count() != 1) throw new IllegalStateException("item() of a tensor " + shape + ": it must have one element");
        return toArray()[0];
    }

    /// Sets the elements in place; recorded operations that read the old ones refuse to be differentiated from now on.
    public void assign(Tensor value) {
        if (!value.shape.equals(shape)) throw new IllegalArgumentException("assign: " + value.shape + " to a tensor " + shape);
        kernels().map(new Unary.Affine(1, 0), value.data, data);
        data.changed();
    }

    /// The same elements as a constant: no gradient goes through.
    public Tensor detach() {
        return new Tensor(shape, data, null, NOTHING_READ, 0, origin);
    }

    /// Takes it out of its workspace: it lives on after the step.
    public Tensor keep() {
        data.owner(null);
        data.hold();
        kernels().kept(data);
        return this;
    }

    // ---- elementwise, one argument

    /// `f(x)` for any function of the family.
    public Tensor map(Unary f) {
        return new Elementwise.Map(f, this).apply();
    }

    /// `−x`, element by element.
    public Tensor negate() {
        return map(Unary.Function.NEGATE);
    }

    /// |x|, with gradient sign(x) (0 at 0).
    public Tensor abs() {
        return map(Unary.Function.ABS);
    }

    /// −1, 0 or 1; no gradient.
    public Tensor sign() {
        return unrecorded(() -> map(Unary.Function.SIGN));
    }

    /// `1 / x`, element by element.
    public Tensor reciprocal() {
        return map(Unary.Function.RECIPROCAL);
    }

    /// `x²`, element by element.
    public Tensor square() {
        return map(Unary.Function.SQUARE);
    }

    /// `√x`, element by element.
    public Tensor sqrt() {
        return map(Unary.Function.SQRT);
    }

    /// `eˣ`, element by element.
    public Tensor exp() {
        return map(Unary.Function.EXP);
    }

    /// `ln x`, element by element.
    public Tensor log() {
        return map(Unary.Function.LOG);
    }

    /// `sin x`, x in radians, element by element.
    public Tensor sin() {
        return map(Unary.Function.SIN);
    }

    /// `cos x`, x in radians, element by element.
    public Tensor cos() {
        return map(Unary.Function.COS);
    }

    /// `tanh x`, element by element.
    public Tensor tanh() {
        return map(Unary.Function.TANH);
    }

    /// `1 / (1 + e^−x)`
    public Tensor sigmoid() {
        return map(Unary.Function.SIGMOID);
    }

    /// `log(1 + e^x)`
    public Tensor softplus() {
        return map(Unary.Function.SOFTPLUS);
    }

    /// `max(x, 0)`, with gradient 0 at 0.
    public Tensor relu() {
        return map(Unary.Function.RELU);
    }

    /// `x > 0 ? x : slope · x`
    public Tensor leakyRelu(double slope) {
        return map(new Unary.Leaky(slope));
    }

    /// `min(max(x, low), high)`, with gradient 1 from low to high inclusive.
    public Tensor clamp(double low, double high) {
        return map(new Unary.Clamp(low, high));
    }

    /// `x + c`. For a number that never changes: one that changes between steps is a one-element tensor.
    public Tensor plus(double c) {
        return map(new Unary.Affine(1, c));
    }

    /// `x · c`. For a number that never changes between steps.
    public Tensor times(double c) {
        return map(new Unary.Affine(c, 0));
    }

    // ---- elementwise, two arguments

    /// `f(a, b)` for any function of the family, broadcast.
    public Tensor zip(Binary f, Tensor b) {
        return Elementwise.zip(f, this, b);
    }

    /// `a + b`, element by element, broadcast.
    public Tensor plus(Tensor b) {
        return zip(Binary.Function.ADD, b);
    }

    /// `a − b`, element by element, broadcast.
    public Tensor minus(Tensor b) {
        return zip(Binary.Function.SUBTRACT, b);
    }

    /// `a · b`, element by element, broadcast.
    public Tensor times(Tensor b) {
        return zip(Binary.Function.MULTIPLY, b);
    }

    /// `a / b`, element by element, broadcast.
    public Tensor dividedBy(Tensor b) {
        return zip(Binary.Function.DIVIDE, b);
    }

    /// The greater one; at ties each gets half of the gradient.
    public Tensor maximum(Tensor b) {
        return zip(Binary.Function.MAXIMUM, b);
    }

    /// The lesser one; at ties each gets half of the gradient.
    public Tensor minimum(Tensor b) {
        return zip(Binary.Function.MINIMUM, b);
    }

    /// `l c r ? a : b`, element by element; operands are of one shape, or of one element.
    public static Tensor select(Comparison c, Tensor l, Tensor r, Tensor a, Tensor b) {
        return Elementwise.select(c, l, r, a, b);
    }

    // ---- reductions and broadcasts

    /// The sum of all elements, `[]`.
    public Tensor sum() {
        return Reduction.sum(this, 0, shape.rank(), false);
    }

    /// The sum along the axes `from` to `to` (exclusive), which keep size 1.
    public Tensor sum(int from, int to) {
        return Reduction.sum(this, from, to, true);
    }

    /// The mean of all elements, `[]`.
    public Tensor mean() {
        return sum().times(1.0 / shape.count());
    }

    /// The mean along the axes `from` to `to` (exclusive), which keep size 1.
    public Tensor mean(int from, int to) {
        return sum(from, to).times(1.0 / shape.count(from, to));
    }

    /// The greatest element along an axis, which keeps size 1; ties share the gradient evenly, as PyTorch's `amax` has it.
    public Tensor max(int axis) {
        return Reduction.max(this, axis);
    }

    /// Repeats axes of size 1 (and adds outer ones) up to `target`.
    public Tensor broadcastTo(Shape target) {
        return Reduction.broadcast(this, target);
    }

    // ---- movement

    /// The same elements in the same order under another shape; one size may be −1: whatever is left.
    public Tensor reshape(int... sizes) {
        return Movement.reshape(this, sizes);
    }

    /// `y[…]` whose axis i is this tensor's axis `axes[i]`.
    public Tensor permute(int... axes) {
        return Movement.permute(this, axes);
    }

    /// The elements `from` to `to` (exclusive) along an axis.
    public Tensor slice(int axis, int from, int to) {
        return Movement.slice(this, axis, from, to);
    }

    /// Zeros before and after along an axis.
    public Tensor pad(int axis, int before, int after) {
        return Movement.pad(this, axis, before, after);
    }

    /// The elements along an axis, last first.
    public Tensor flip(int axis) {
        return Movement.flip(this, axis);
    }

    // ---- products

    /// `[m,k] · [k,n] → [m,n]`, or a batch of such, `[b,m,k] · [b,k,n] → [b,m,n]`.
    public Tensor matmul(Tensor b) {
        return Product.matmul(this, b, false, false);
    }

    @Override public String toString() {
        String from = maker == null ? "leaf" : maker.name();
        return "Tensor" + shape + " (" + from + ", " + kernels().name() + ")" + (shape.count() <= 16 && !data.released() ? " " + Arrays.toString(toArray()) : "");
    }
}
