package gannet.kernel;

import static gannet.kernel.Operand.in;
import static gannet.kernel.Operand.out;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Calls of reduce, copy, gather, scatterAdd and random.
final class ReductionCalls {
    private ReductionCalls() {}

    static Call reduce(Reduction r, int outer, int axis, int inner, double[] x) {
        List<Operand> operands = List.of(in(x), out(outer * inner));
        Call.Run run = (k, s) -> k.reduce(r, outer, axis, inner, s[0], s[1]);
        Tolerance tolerance = switch (r) {
            case SUM -> Tolerance.sums(axis, 0, operands, run);
            case MAX -> Tolerance.EXACT;
        };
        return new Call("reduce " + r + " of [" + outer + "," + axis + "," + inner + "]", operands, tolerance, run);
    }

    /// A source of random strides (0, negative, with gaps) and a target whose strides leave gaps, axes in any order.
    static Call copy(RandomGenerator random, int rank, int largest) {
        var sizes = new int[rank];
        var fromStrides = new int[rank];
        var toStrides = new int[rank];
        int fromOffset = random.nextInt(3), fromLast = fromOffset, toOffset = random.nextInt(3), toLength = 1;
        for (int axis = 0; axis < rank; axis++) sizes[axis] = Values.between(random, 1, largest);
        for (int axis = 0; axis < rank; axis++) {
            int stride = random.nextInt(-2, 4) * (random.nextBoolean() ? 1 : largest);
            if (stride < 0) fromOffset -= stride * (sizes[axis] - 1);
            fromLast += Math.abs(stride) * (sizes[axis] - 1);
            fromStrides[axis] = stride;
        }
        var order = new int[rank];
        for (int i = 0; i < rank; i++) order[i] = i;
        for (int i = rank - 1; i > 0; i--) {
            int other = random.nextInt(i + 1), kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        for (int axis : order) {
            toStrides[axis] = toLength * (random.nextInt(3) == 0 ? 2 : 1);
            toLength = toStrides[axis] * sizes[axis];
        }
        return copy(new StridedCopy(sizes, fromOffset, fromStrides, toOffset, toStrides), Values.normal(random, fromLast + 1),
                toOffset + toLength + random.nextInt(3));
    }

    static Call copy(StridedCopy c, double[] x, int length) {
        String name = "copy of " + Arrays.toString(c.sizes()) + " from " + c.fromOffset() + " by " + Arrays.toString(c.fromStrides())
                + " to " + c.toOffset() + " by " + Arrays.toString(c.toStrides());
        return new Call(name, List.of(in(x), out(length)), Tolerance.EXACT, (k, s) -> k.copy(c, s[0], s[1]));
    }

    static Call gather(RandomGenerator random, int rows, int width, int count) {
        return new Call("gather " + count + " of " + rows + " rows of " + width, List.of(in(Values.normal(random, rows * width)),
                in(Values.rows(random, count, rows)), out(count * width)), Tolerance.EXACT, (k, s) -> k.gather(width, s[0], s[1], s[2]));
    }

    static Call scatterAdd(RandomGenerator random, int rows, int width, int count) {
        List<Operand> operands = List.of(in(Values.normal(random, count * width)), in(Values.rows(random, count, rows)), out(rows * width));
        Call.Run run = (k, s) -> k.scatterAdd(width, s[0], s[1], s[2]);
        return new Call("scatter-add " + count + " to " + rows + " rows of " + width, operands, Tolerance.sums(count, 0, operands, run), run);
    }

    /// The same words on every back end: within a rounding for uniforms, within the errors of a float's logarithm, sine and root for normals
    /// (which must not lose the digits of `1 − u₁` near 1).
    static Call random(Distribution d, long seed, int use, int draw, double step, int length) {
        Tolerance tolerance = switch (d) {
            case UNIFORM -> Tolerance.relative(2 * Tolerance.EPSILON);
            case NORMAL -> (want, o, i) -> 2e-6 * (1 + Math.abs(want[o][i]));
        };
        return new Call("random " + d + " of " + length + ", seed " + seed + ", use " + use + ", draw " + draw + ", step " + step,
                List.of(in(step), out(length)), tolerance, (k, s) -> k.random(d, seed, use, draw, s[0], s[1]));
    }
}
