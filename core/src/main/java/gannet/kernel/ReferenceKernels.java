package gannet.kernel;

import java.util.Arrays;

/// The oracle: every primitive by its definition, in double, one element after the other. The other back ends are held to these
/// loops, and gradient checks run on them, so nothing in here is clever; the fused kernels are the defaults of [Kernels].
public final class ReferenceKernels implements Kernels {
    private DoubleStorage[] scratch = new DoubleStorage[0];

    @Override public String name() {
        return "reference";
    }

    @Override public String description() {
        return "64-bit doubles, naive loops";
    }

    @Override public int elementBytes() {
        return Double.BYTES;
    }

    @Override public Storage allocate(int length) {
        return new DoubleStorage(this, length);
    }

    @Override public Storage scratch(int slot, int length) {
        if (slot >= scratch.length) scratch = Arrays.copyOf(scratch, slot + 1);
        if (scratch[slot] == null || scratch[slot].length() < length) scratch[slot] = new DoubleStorage(this, length);
        return scratch[slot].slice(0, length);
    }

    @Override public void write(double[] from, Storage to) {
        DoubleStorage t = at(to);
        System.arraycopy(from, 0, t.array(), t.offset(), to.length());
    }

    @Override public void read(Storage from, double[] to) {
        DoubleStorage f = at(from);
        System.arraycopy(f.array(), f.offset(), to, 0, from.length());
    }

    @Override public void map(Unary f, Storage x, Storage y) {
        double[] xs = at(x).array(), ys = at(y).array();
        int xo = at(x).offset(), yo = at(y).offset();
        for (int i = 0; i < y.length(); i++) ys[yo + i] = f.of(xs[xo + i]);
    }

    @Override public void zip(Binary f, Storage a, int everyA, Storage b, int everyB, Storage y) {
        double[] as = at(a).array(), bs = at(b).array(), ys = at(y).array();
        int ao = at(a).offset(), bo = at(b).offset(), yo = at(y).offset();
        for (int i = 0; i < y.length(); i++)
            ys[yo + i] = f.of(as[ao + (i / everyA) % a.length()], bs[bo + (i / everyB) % b.length()]);
    }

    @Override public void select(Comparison c, Storage l, Storage r, Storage a, Storage b, Storage y) {
        DoubleStorage out = at(y);
        for (int i = 0; i < y.length(); i++)
            out.array()[out.offset() + i] = c.of(element(l, i), element(r, i)) ? element(a, i) : element(b, i);
    }

    /// Element i, of a scalar the only one.
    private double element(Storage s, int i) {
        DoubleStorage d = at(s);
        return d.array()[d.offset() + (s.length() == 1 ? 0 : i)];
    }

    @Override public void reduce(Reduction r, int outer, int axis, int inner, Storage x, Storage y) {
        double[] xs = at(x).array(), ys = at(y).array();
        int xo = at(x).offset(), yo = at(y).offset();
        for (int i = 0; i < outer; i++)
            for (int j = 0; j < inner; j++) {
                double all = switch (r) {
                    case SUM -> 0;
                    case MAX -> Double.NEGATIVE_INFINITY;
                };
                for (int a = 0; a < axis; a++) {
                    double each = xs[xo + (i * axis + a) * inner + j];
                    all = switch (r) {
                        case SUM -> all + each;
                        case MAX -> Math.max(all, each);
                    };
                }
                ys[yo + i * inner + j] = all;
            }
    }

    @Override public void copy(StridedCopy c, Storage x, Storage y) {
        double[] xs = at(x).array(), ys = at(y).array();
        int xo = at(x).offset(), yo = at(y).offset(), count = c.count();
        Arrays.fill(ys, yo, yo + y.length(), 0);
        for (int i = 0; i < count; i++) {
            int from = c.fromOffset(), to = c.toOffset(), rest = i;
            for (int axis = c.sizes().length - 1; axis >= 0; axis--) {
                int index = rest % c.sizes()[axis];
                rest /= c.sizes()[axis];
                from += index * c.fromStrides()[axis];
                to += index * c.toStrides()[axis];
            }
            ys[yo + to] = xs[xo + from];
        }
    }

    @Override public void gather(int width, Storage table, Storage indices, Storage y) {
        DoubleStorage t = at(table), out = at(y);
        for (int i = 0; i < indices.length(); i++) {
            int row = row(indices, i, table.length() / width);
            System.arraycopy(t.array(), t.offset() + row * width, out.array(), out.offset() + i * width, width);
        }
    }

    @Override public void scatterAdd(int width, Storage y, Storage indices, Storage table) {
        double[] ts = at(table).array(), ys = at(y).array();
        int to = at(table).offset(), yo = at(y).offset();
        Arrays.fill(ts, to, to + table.length(), 0);
        for (int i = 0; i < indices.length(); i++) {
            int row = row(indices, i, table.length() / width);
            for (int j = 0; j < width; j++) ts[to + row * width + j] += ys[yo + i * width + j];
        }
    }

    private int row(Storage indices, int i, int rows) {
        double index = element(indices, i);
        int row = (int) index;
        if (row != index || row < 0 || row >= rows)
            throw new IndexOutOfBoundsException("indices[" + i + "] = " + index + " is no row of a table of " + rows + " rows");
        return row;
    }

    @Override public void matmul(MatrixShape s, Storage a, Storage b, Storage c) {
        double[] as = at(a).array(), bs = at(b).array(), cs = at(c).array();
        for (int batch = 0; batch < s.batch(); batch++) {
            int ao = at(a).offset() + batch * s.m() * s.k(), bo = at(b).offset() + batch * s.k() * s.n(), co = at(c).offset() + batch * s.m() * s.n();
            for (int i = 0; i < s.m(); i++)
                for (int j = 0; j < s.n(); j++) {
                    double sum = 0;
                    for (int k = 0; k < s.k(); k++)
                        sum += as[ao + (s.transposeA() ? k * s.m() + i : i * s.k() + k)] * bs[bo + (s.transposeB() ? j * s.k() + k : k * s.n() + j)];
                    cs[co + i * s.n() + j] = sum;
                }
        }
    }

    @Override public void conv(ConvShape s, Storage x, Storage w, Storage y) {
        trilinear(s, x, w, y, Operand.Y);
    }

    @Override public void convInput(ConvShape s, Storage y, Storage w, Storage x) {
        trilinear(s, x, w, y, Operand.X);
    }

    @Override public void convWeight(ConvShape s, Storage x, Storage y, Storage w) {
        trilinear(s, x, w, y, Operand.W);
    }

    private enum Operand { X, W, Y }

    /// The three partial maps of `Σ x·w·y` over every output pixel, window position, input and output channel whose input pixel lies inside
    /// of the image: the `result` takes the product of the other two.
    private void trilinear(ConvShape s, Storage x, Storage w, Storage y, Operand result) {
        DoubleStorage to = at(switch (result) {
            case X -> x;
            case W -> w;
            case Y -> y;
        });
        Arrays.fill(to.array(), to.offset(), to.offset() + to.length(), 0);
        for (int image = 0; image < s.n(); image++)
            for (int i = 0; i < s.oh(); i++)
                for (int j = 0; j < s.ow(); j++)
                    for (int p = 0; p < s.kh(); p++)
                        for (int q = 0; q < s.kw(); q++) {
                            int row = i * s.strideH() + p * s.dilationH() - s.top(), column = j * s.strideW() + q * s.dilationW() - s.left();
                            if (row < 0 || row >= s.h() || column < 0 || column >= s.w()) continue;
                            int xi = ((image * s.h() + row) * s.w() + column) * s.c(), wi = (p * s.kw() + q) * s.c() * s.o();
                            channels(s, at(x), xi, at(w), wi, at(y), ((image * s.oh() + i) * s.ow() + j) * s.o(), result);
                        }
    }

    /// One input pixel `x[c]`, one window position `w[c,o]`, one output pixel `y[o]`.
    private static void channels(ConvShape s, DoubleStorage x, int xi, DoubleStorage w, int wi, DoubleStorage y, int yi, Operand result) {
        double[] xs = x.array(), ws = w.array(), ys = y.array();
        int xo = x.offset() + xi, wo = w.offset() + wi, yo = y.offset() + yi;
        for (int c = 0; c < s.c(); c++)
            for (int o = 0; o < s.o(); o++)
                switch (result) {
                    case X -> xs[xo + c] += ws[wo + c * s.o() + o] * ys[yo + o];
                    case W -> ws[wo + c * s.o() + o] += xs[xo + c] * ys[yo + o];
                    case Y -> ys[yo + o] += xs[xo + c] * ws[wo + c * s.o() + o];
                }
    }

    @Override public void random(Distribution d, long seed, int use, int draw, Storage step, Storage y) {
        double[] ys = at(y).array();
        int yo = at(y).offset();
        int[] words = new int[4];
        for (int i = 0; i < y.length(); i++) {
            Philox.block(seed, i / 4, (int) element(step, 0), use, draw, words, 0);
            int first = i % 4 / 2 * 2;
            ys[yo + i] = switch (d) {
                case UNIFORM -> Philox.uniform(words[i % 4]);
                case NORMAL -> Philox.normal(words[first], words[first + 1], i % 2 == 1);
            };
        }
    }

    private DoubleStorage at(Storage s) {
        return DoubleStorage.of(this, s);
    }
}
