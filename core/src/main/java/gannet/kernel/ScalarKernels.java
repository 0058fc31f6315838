package gannet.kernel;

import java.util.Arrays;

/// Plain loops over 32-bit floats on one thread: no module flag, no device, any JDK. A faster back end of floats may extend it and override
/// what it does better. One object is used by one thread at a time.
public class ScalarKernels implements Kernels {
    private static final int BLOCK = 1024;

    private final ScalarProduct product = new ScalarProduct();
    private final ScalarConvolution convolution = new ScalarConvolution(product);
    private final ScalarReduction reduction = new ScalarReduction();
    private final ScalarOperand[] operands = {new ScalarOperand(BLOCK), new ScalarOperand(BLOCK), new ScalarOperand(BLOCK), new ScalarOperand(BLOCK)};
    private FloatStorage[] scratch = new FloatStorage[0];

    @Override public String name() {
        return "scalar";
    }

    @Override public String description() {
        return "32-bit floats, plain loops";
    }

    @Override public Storage allocate(int length) {
        return new FloatStorage(this, length);
    }

    @Override public Storage scratch(int slot, int length) {
        if (slot >= scratch.length) scratch = Arrays.copyOf(scratch, slot + 1);
        if (scratch[slot] == null || scratch[slot].length() < length) scratch[slot] = new FloatStorage(this, length);
        return scratch[slot].slice(0, length);
    }

    @Override public void write(double[] from, Storage to) {
        FloatStorage t = at(to);
        float[] ts = t.array();
        for (int i = 0; i < t.length(); i++) ts[t.offset() + i] = (float) from[i];
    }

    @Override public void read(Storage from, double[] to) {
        FloatStorage f = at(from);
        float[] fs = f.array();
        for (int i = 0; i < f.length(); i++) to[i] = fs[f.offset() + i];
    }

    @Override public void map(Unary f, Storage x, Storage y) {
        FloatStorage from = at(x), to = at(y);
        float[] block = operands[0].block;
        for (int i = 0; i < to.length(); i += BLOCK) {
            int n = Math.min(BLOCK, to.length() - i);
            System.arraycopy(from.array(), from.offset() + i, block, 0, n);
            ScalarElementwise.map(f, block, n);
            System.arraycopy(block, 0, to.array(), to.offset() + i, n);
        }
    }

    @Override public void zip(Binary f, Storage a, int everyA, Storage b, int everyB, Storage y) {
        FloatStorage left = at(a), right = at(b), to = at(y);
        for (int i = 0; i < to.length(); i += BLOCK) {
            int n = Math.min(BLOCK, to.length() - i);
            float[] block = operands[0].load(left, everyA, i, n);
            ScalarElementwise.zip(f, block, operands[1].load(right, everyB, i, n), n);
            System.arraycopy(block, 0, to.array(), to.offset() + i, n);
        }
    }

    @Override public void select(Comparison c, Storage l, Storage r, Storage a, Storage b, Storage y) {
        FloatStorage left = at(l), right = at(r), yes = at(a), no = at(b), to = at(y);
        for (int i = 0; i < to.length(); i += BLOCK) {
            int n = Math.min(BLOCK, to.length() - i);
            float[] block = operands[2].load(yes, 1, i, n);
            ScalarElementwise.select(c, operands[0].load(left, 1, i, n), operands[1].load(right, 1, i, n), block, operands[3].load(no, 1, i, n), n);
            System.arraycopy(block, 0, to.array(), to.offset() + i, n);
        }
    }

    @Override public void reduce(Reduction r, int outer, int axis, int inner, Storage x, Storage y) {
        FloatStorage from = at(x), to = at(y);
        reduction.reduce(r, outer, axis, inner, from.array(), from.offset(), to.array(), to.offset());
    }

    @Override public void copy(StridedCopy c, Storage x, Storage y) {
        FloatStorage from = at(x), to = at(y);
        if (c.count() < to.length()) Arrays.fill(to.array(), to.offset(), to.offset() + to.length(), 0);
        ScalarCopy.copy(c, from.array(), from.offset(), to.array(), to.offset());
    }

    @Override public void gather(int width, Storage table, Storage indices, Storage y) {
        FloatStorage from = at(table), which = at(indices), to = at(y);
        for (int i = 0; i < which.length(); i++) {
            int row = row(which, i, from.length() / width);
            System.arraycopy(from.array(), from.offset() + row * width, to.array(), to.offset() + i * width, width);
        }
    }

    @Override public void scatterAdd(int width, Storage y, Storage indices, Storage table) {
        FloatStorage from = at(y), which = at(indices), to = at(table);
        float[] fs = from.array(), ts = to.array();
        Arrays.fill(ts, to.offset(), to.offset() + to.length(), 0);
        for (int i = 0; i < which.length(); i++) {
            int start = to.offset() + row(which, i, to.length() / width) * width, at = from.offset() + i * width;
            for (int j = 0; j < width; j++) ts[start + j] += fs[at + j];
        }
    }

    private static int row(FloatStorage indices, int i, int rows) {
        float index = indices.array()[indices.offset() + i];
        int row = (int) index;
        if (row != index || row < 0 || row >= rows)
            throw new IndexOutOfBoundsException("indices[" + i + "] = " + index + " is no row of a table of " + rows + " rows");
        return row;
    }

    @Override public void matmul(MatrixShape s, Storage a, Storage b, Storage c) {
        FloatStorage left = at(a), right = at(b), to = at(c);
        int m = s.m(), k = s.k(), n = s.n();
        for (int i = 0; i < s.batch(); i++) {
            product.left(left.array(), left.offset() + i * m * k, s.transposeA() ? 1 : k, s.transposeA() ? m : 1)
                    .right(right.array(), right.offset() + i * k * n, s.transposeB() ? 1 : n, s.transposeB() ? k : 1)
                    .into(to.array(), to.offset() + i * m * n, m, k, n, false);
        }
    }

    @Override public void conv(ConvShape s, Storage x, Storage w, Storage y) {
        FloatStorage image = at(x), weights = at(w), result = at(y);
        convolution.conv(s, image.array(), image.offset(), weights.array(), weights.offset(), result.array(), result.offset());
    }

    @Override public void convInput(ConvShape s, Storage y, Storage w, Storage x) {
        FloatStorage image = at(x), weights = at(w), result = at(y);
        convolution.convInput(s, result.array(), result.offset(), weights.array(), weights.offset(), image.array(), image.offset());
    }

    @Override public void convWeight(ConvShape s, Storage x, Storage y, Storage w) {
        FloatStorage image = at(x), weights = at(w), result = at(y);
        convolution.convWeight(s, image.array(), image.offset(), result.array(), result.offset(), weights.array(), weights.offset());
    }

    @Override public void random(Distribution d, long seed, int use, int draw, Storage step, Storage y) {
        FloatStorage to = at(y);
        float[] ys = to.array();
        int counter = (int) first(step);
        int[] words = new int[4];
        for (int i = 0; i < to.length(); i += 4) {
            Philox.block(seed, i / 4, counter, use, draw, words, 0);
            for (int j = 0; j < Math.min(4, to.length() - i); j++) {
                int first = j / 2 * 2;
                ys[to.offset() + i + j] = switch (d) {
                    case UNIFORM -> Math.min((float) Philox.uniform(words[j]), Math.nextDown(1f));
                    case NORMAL -> (float) Philox.normal(words[first], words[first + 1], j % 2 == 1);
                };
            }
        }
    }

    @Override public void adam(double beta1, double beta2, double epsilon, Storage rate, Storage correction1, Storage correction2, Storage flag,
                               Storage g, Storage w, Storage m, Storage v) {
        if (first(flag) > 0) return;
        float[] gs = at(g).array(), ws = at(w).array(), ms = at(m).array(), vs = at(v).array();
        int go = at(g).offset(), wo = at(w).offset(), mo = at(m).offset(), vo = at(v).offset();
        float keep1 = (float) beta1, take1 = (float) (1 - beta1), keep2 = (float) beta2, take2 = (float) (1 - beta2), small = (float) epsilon;
        float alpha = first(rate), unbias1 = first(correction1), unbias2 = first(correction2);
        for (int i = 0; i < w.length(); i++) {
            float gradient = gs[go + i], mean = keep1 * ms[mo + i] + take1 * gradient, square = keep2 * vs[vo + i] + take2 * (gradient * gradient);
            ms[mo + i] = mean;
            vs[vo + i] = square;
            ws[wo + i] -= alpha * (mean * unbias1) / ((float) Math.sqrt(square * unbias2) + small);
        }
    }

    private float first(Storage s) {
        return at(s).array()[at(s).offset()];
    }

    private FloatStorage at(Storage s) {
        return FloatStorage.of(this, s);
    }
}
