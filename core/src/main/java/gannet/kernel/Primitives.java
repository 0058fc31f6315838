package gannet.kernel;

/// What a back end must write: eighteen methods; the fused ones in [Kernels] are built from them and overridden for speed.
///
/// - Shapes come already checked. Outputs are overwritten, whatever they held. Kernels keep no result and allocate none; scratch
///   memory belongs to the back end.
/// - An output must not overlap an input, except that the elementwise kernels ([#map], [#zip], [#select]) may write to one of
///   their same-length inputs.
/// - The same inputs give the same bits, in the first call and in the 20,000th, on one thread and on many.
/// - The element type is the back end's own (double in the reference, 32-bit floats elsewhere); numbers that cross this
///   interface are doubles, rounded once.
public interface Primitives {
    /// The name that `--device` knows it by.
    String name();

    /// What its bits depend on besides the inputs, for checkpoints and `doctor`: element type, vector width.
    String description();

    /// Fresh memory, all zero, outside of any workspace.
    Storage allocate(int length);

    /// Memory of at least `length` elements for the fused defaults, the same each time for one `slot`.
    Storage scratch(int slot, int length);

    /// `to[i] = from[i]`, rounded to the element type. `from` and `to` are of one length.
    void write(double[] from, Storage to);

    /// `to[i] = from[i]`.
    void read(Storage from, double[] to);

    /// `y[i] = f(x[i])`.
    void map(Unary f, Storage x, Storage y);

    /// `y[i] = f(a[(i / everyA) mod |a|], b[(i / everyB) mod |b|])`: an operand of y's length and every = 1 is read straight, one of length 1 is
    /// a scalar, `every` = 1 repeats a short one along the last axes, `every` > 1 holds each element for that many results.
    void zip(Binary f, Storage a, int everyA, Storage b, int everyB, Storage y);

    /// `y[i] = (l[i] c r[i]) ? a[i] : b[i]`; an operand of length 1 is a scalar.
    void select(Comparison c, Storage l, Storage r, Storage a, Storage b, Storage y);

    /// `x[outer, axis, inner] → y[outer, inner]`, combined over the axis.
    void reduce(Reduction r, int outer, int axis, int inner, Storage x, Storage y);

    /// See [StridedCopy].
    void copy(StridedCopy c, Storage x, Storage y);

    /// `y[i, :] = table[indices[i], :]` for rows of `width`. An index that is no row of the table throws an IndexOutOfBoundsException that names it.
    void gather(int width, Storage table, Storage indices, Storage y);

    /// `table[indices[i], :] += y[i, :]` in the order of i, from a table of zeros: the gradient of [#gather].
    void scatterAdd(int width, Storage y, Storage indices, Storage table);

    /// `c = a · b` for each of the batch; see [MatrixShape].
    void matmul(MatrixShape s, Storage a, Storage b, Storage c);

    /// `x[n,h,w,c], w[kh,kw,c,o] → y[n,oh,ow,o]`; see [ConvShape].
    void conv(ConvShape s, Storage x, Storage w, Storage y);

    /// `y[n,oh,ow,o], w[kh,kw,c,o] → x[n,h,w,c]`, the transpose of [#conv] in x: the gradient of its input, and transposed convolution.
    void convInput(ConvShape s, Storage y, Storage w, Storage x);

    /// `x[n,h,w,c], y[n,oh,ow,o] → w[kh,kw,c,o]`, the transpose of [#conv] in w: the gradient of its weights.
    void convWeight(ConvShape s, Storage x, Storage y, Storage w);

    /// Element i of `y` from Philox4x32-10 word i mod 4 of block i / 4, under the key `seed` and the counter (i / 4, step[0], use, draw), where
    /// `step` is a one-element storage read where the kernel runs; see [Philox].
    void random(Distribution d, long seed, int use, int draw, Storage step, Storage y);
}
