package gannet.kernel.simd;

import gannet.kernel.Binary;
import gannet.kernel.Comparison;
import gannet.kernel.FloatStorage;
import gannet.kernel.Unary;

/// Map, zip and select: large arrays are cut into parts for the threads, parts into chunks of [#CHUNK] elements for the [Loops].
///
/// A chunk is a call, and calls are what the JIT counts: a cold loop over a million elements would be compiled only after tens of
/// thousands of turns in the interpreter, where each vector operation takes microseconds. It is also what an operand that is repeated,
/// held or a scalar is spelled out to, in a buffer that stays in L1, so that every loop reads two plain arrays and there is one form of
/// each.
final class Elementwise {
    static final int CHUNK = 1024;
    private static final int PART = 16 * CHUNK;

    private final Team team;

    Elementwise(Team team) {
        this.team = team;
    }

    static void map(Unary f, float[] x, int xAt, float[] y, int yAt, int n) {
        Loops.OfOne loop = Loops.of(f);
        float p = Loops.first(f), q = Loops.second(f);
        for (int i = 0; i < n; i += CHUNK) loop.run(x, xAt + i, y, yAt + i, Math.min(CHUNK, n - i), p, q);
    }

    /// `y += b`
    static void add(float[] y, int yAt, float[] b, int bAt, int n) {
        Loops.OfTwo loop = Loops.of(Binary.Function.ADD);
        for (int i = 0; i < n; i += CHUNK) loop.run(y, yAt + i, b, bAt + i, y, yAt + i, Math.min(CHUNK, n - i), 0);
    }

    /// Runs `range` over `n` elements in parts of whole chunks.
    void split(int n, Range range) {
        int parts = Math.ceilDiv(n, PART);
        team.run(parts, n, (part, worker) -> range.run(part * PART, part * PART + Math.min(PART, n - part * PART), team.worker(worker)));
    }

    /// Elements `from` to `to`.
    interface Range {
        void run(int from, int to, Worker worker);
    }

    void map(Unary f, FloatStorage x, FloatStorage y) {
        float[] xs = x.array(), ys = y.array();
        split(y.length(), (from, to, _) -> map(f, xs, x.offset() + from, ys, y.offset() + from, to - from));
    }

    void zip(Binary f, FloatStorage a, int everyA, FloatStorage b, int everyB, FloatStorage y) {
        int n = y.length();
        float[] ys = y.array();
        var left = new Operand(a, everyA, n);
        var right = new Operand(b, everyB, n);
        Loops.OfTwo loop = Loops.of(f);
        float p = Loops.first(f);
        split(n, (from, to, worker) -> {
            float[] bufferA = left.buffer(worker, 0), bufferB = right.buffer(worker, 1);
            for (int i = from; i < to; i += CHUNK) {
                int length = Math.min(CHUNK, to - i);
                float[] as = left.at(i, length, bufferA), bs = right.at(i, length, bufferB);
                loop.run(as, left.offset(as, i), bs, right.offset(bs, i), ys, y.offset() + i, length, p);
            }
        });
    }

    void select(Comparison c, FloatStorage l, FloatStorage r, FloatStorage a, FloatStorage b, FloatStorage y) {
        int n = y.length();
        float[] ys = y.array();
        var operands = new Operand[] {new Operand(l, 1, n), new Operand(r, 1, n), new Operand(a, 1, n), new Operand(b, 1, n)};
        split(n, (from, to, worker) -> {
            for (int i = from; i < to; i += CHUNK) {
                int length = Math.min(CHUNK, to - i);
                float[] ls = operands[0].at(i, length, operands[0].buffer(worker, 0)), rs = operands[1].at(i, length,
                        operands[1].buffer(worker, 1));
                float[] as = operands[2].at(i, length, operands[2].buffer(worker, 2)), bs = operands[3].at(i, length,
                        operands[3].buffer(worker, 3));
                SelectLoop.run(c, ls, operands[0].offset(ls, i), rs, operands[1].offset(rs, i), as, operands[2].offset(as, i), bs,
                        operands[3].offset(bs, i), ys, y.offset() + i, length);
            }
        });
    }
}
