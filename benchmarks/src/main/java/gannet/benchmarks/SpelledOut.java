package gannet.benchmarks;

import gannet.kernel.Binary;
import gannet.kernel.Comparison;
import gannet.kernel.ConvShape;
import gannet.kernel.Distribution;
import gannet.kernel.Kernels;
import gannet.kernel.MatrixShape;
import gannet.kernel.Reduction;
import gannet.kernel.Storage;
import gannet.kernel.StridedCopy;
import gannet.kernel.Unary;

/// A back end's primitives under the fused kernels' defaults: what a fused kernel is measured against.
record SpelledOut(Kernels of) implements Kernels {
    @Override public String name() {
        return of.name();
    }

    @Override public String description() {
        return of.description() + ", nothing fused";
    }

    @Override public Storage allocate(int length) {
        return of.allocate(length);
    }

    @Override public Storage scratch(int slot, int length) {
        return of.scratch(slot, length);
    }

    @Override public void write(double[] from, Storage to) {
        of.write(from, to);
    }

    @Override public void read(Storage from, double[] to) {
        of.read(from, to);
    }

    @Override public void map(Unary f, Storage x, Storage y) {
        of.map(f, x, y);
    }

    @Override public void zip(Binary f, Storage a, int everyA, Storage b, int everyB, Storage y) {
        of.zip(f, a, everyA, b, everyB, y);
    }

    @Override public void select(Comparison c, Storage l, Storage r, Storage a, Storage b, Storage y) {
        of.select(c, l, r, a, b, y);
    }

    @Override public void reduce(Reduction r, int outer, int axis, int inner, Storage x, Storage y) {
        of.reduce(r, outer, axis, inner, x, y);
    }

    @Override public void copy(StridedCopy c, Storage x, Storage y) {
        of.copy(c, x, y);
    }

    @Override public void gather(int width, Storage table, Storage indices, Storage y) {
        of.gather(width, table, indices, y);
    }

    @Override public void scatterAdd(int width, Storage y, Storage indices, Storage table) {
        of.scatterAdd(width, y, indices, table);
    }

    @Override public void matmul(MatrixShape s, Storage a, Storage b, Storage c) {
        of.matmul(s, a, b, c);
    }

    @Override public void conv(ConvShape s, Storage x, Storage w, Storage y) {
        of.conv(s, x, w, y);
    }

    @Override public void convInput(ConvShape s, Storage y, Storage w, Storage x) {
        of.convInput(s, y, w, x);
    }

    @Override public void convWeight(ConvShape s, Storage x, Storage y, Storage w) {
        of.convWeight(s, x, y, w);
    }

    @Override public void random(Distribution d, long seed, int use, int draw, Storage step, Storage y) {
        of.random(d, seed, use, draw, step, y);
    }
}
