package gannet.kernel;

import static gannet.kernel.Operand.in;
import static gannet.kernel.Operand.out;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Calls of matmul and linear.
final class MatrixCalls {
    private MatrixCalls() {}

    static Call matmul(MatrixShape s, RandomGenerator random) {
        List<Operand> operands = List.of(in(Values.normal(random, s.batch() * s.m() * s.k())), in(Values.normal(random, s.batch() * s.k() * s.n())),
                out(s.batch() * s.m() * s.n()));
        Call.Run run = (k, to) -> k.matmul(s, to[0], to[1], to[2]);
        return new Call("matmul " + s, operands, Tolerance.sums(s.k(), 0, operands, run), run);
    }

    static Call linear(MatrixShape s, boolean bias, Activation act, RandomGenerator random) {
        List<Operand> operands = List.of(in(Values.normal(random, s.m() * s.k())), in(Values.normal(random, s.k() * s.n())),
                in(Values.normal(random, s.n())), out(s.m() * s.n()));
        return new Call("linear " + s + (bias ? " with bias, " : " without bias, ") + act, operands,
                Tolerance.sums(s.k() + 1, 1e-6, operands, (k, to) -> k.linear(s, to[0], to[1], bias ? to[2] : null, null, to[3])),
                (k, to) -> k.linear(s, to[0], to[1], bias ? to[2] : null, act, to[3]));
    }

    /// Every activation that a fused kernel may be given, and none; a test holds the list to the sealed family.
    static List<Activation> activations() {
        var all = new ArrayList<Activation>(List.of(Activation.Function.values()));
        all.add(new Activation.Leaky(0.2));
        all.add(null);
        return all;
    }

    /// Mostly small, sometimes long in one direction or around a block's end.
    static MatrixShape shape(RandomGenerator random, int batches) {
        int m = size(random), k = size(random), n = size(random);
        if (random.nextInt(20) == 0) k = 100 + random.nextInt(700);
        if (random.nextInt(20) == 0) n = 200 + random.nextInt(200);
        return new MatrixShape(Values.between(random, 1, batches), m, k, n, random.nextBoolean(), random.nextBoolean());
    }

    private static int size(RandomGenerator random) {
        return Values.between(random, 1, random.nextInt(3) == 0 ? 70 : 20);
    }
}
