package gannet.benchmarks;

import gannet.kernel.BackEnds;
import gannet.kernel.Kernels;
import gannet.kernel.MatrixShape;
import gannet.kernel.Storage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/// Looks for cliffs in the matrix product: sizes at which it runs at less than half the rate of a neighbour, one more or one less in one of m, n
/// and k.
///
/// Random sizes of 1 … 130, half of them next to a multiple of 8, of all transpositions; the size and its six neighbours are timed in turn, and the best of
/// several rounds counts, so that a busy machine does no harm. Prints the ten worst; what is below 0.5 is timed again, when the JIT is done, before it is believed.
///
/// `java -cp benchmarks/target/benchmarks.jar --add-modules jdk.incubator.vector gannet.benchmarks.Sweep [SAMPLES [BACK-END [SEED]]]`
final class Sweep {
    private static final int LARGEST = 130, ROUNDS = 8, AGAIN = 1_500;
    private static final double ROUND_FLOP = 300_000;

    private record Size(int m, int n, int k, boolean transposeA, boolean transposeB) {
        boolean valid() {
            return Math.min(m, Math.min(n, k)) >= 1;
        }

        List<Size> withNeighbours() {
            List<Size> all = new ArrayList<>();
            for (int by : new int[]{0, -1, 1})
                for (int dimension = 0; dimension < (by == 0 ? 1 : 3); dimension++) all.add(new Size(m + (dimension == 0 ? by : 0), n + (dimension == 1 ? by : 0),
                        k + (dimension == 2 ? by : 0), transposeA, transposeB));
            all.removeIf(size -> !size.valid());
            return all;
        }
    }

    private record Finding(Size size, Size neighbour, double rate, double neighbours) {
        double ratio() {
            return rate / neighbours;
        }
    }

    private final Kernels kernels;
    private final Storage a, b, c;

    private Sweep(Kernels kernels) {
        this.kernels = kernels;
        var operands = new Operands(kernels);
        int most = (LARGEST + 1) * (LARGEST + 1);
        a = operands.normal(most);
        b = operands.normal(most);
        c = operands.result(most);
    }

    public static void main(String[] args) {
        int samples = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
        var sweep = new Sweep(BackEnds.open(args.length > 1 ? args[1] : "simd", 1).kernels());
        var random = new Random(args.length > 2 ? Long.parseLong(args[2]) : 0);
        for (int i = 0; i < 300; i++) sweep.look(size(random), 1); // for the JIT
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < samples; i++) findings.add(sweep.look(size(random), ROUNDS));
        findings.replaceAll(f -> f.ratio() < 0.5 ? sweep.look(f.size(), AGAIN) : f); // at the end, when the JIT is done
        findings.sort(Comparator.comparingDouble(Finding::ratio));
        System.out.printf("%d of %d sizes are slower than half of a neighbour's rate; the worst:%n", findings.stream().filter(f -> f.ratio() < 0.5).count(),
                samples);
        for (Finding f : findings.subList(0, Math.min(10, samples)))
            System.out.printf("%.2f  %s %.2f GFLOP/s, %s %.2f%n", f.ratio(), f.size(), f.rate(), f.neighbour(), f.neighbours());
    }

    private static Size size(Random random) {
        return new Size(length(random), length(random), length(random), random.nextBoolean(), random.nextBoolean());
    }

    private static int length(Random random) {
        int length = random.nextInt(1, LARGEST + 1);
        return random.nextBoolean() ? length : Math.clamp(length / 8 * 8 + random.nextInt(-1, 2), 1, LARGEST);
    }

    private Finding look(Size size, int rounds) {
        List<Size> all = size.withNeighbours();
        double[] best = new double[all.size()];
        for (int round = 0; round < rounds; round++) for (int i = 0; i < best.length; i++) best[i] = Math.max(best[i], rate(all.get(i)));
        int fastest = 1;
        for (int i = 2; i < best.length; i++) if (best[i] > best[fastest]) fastest = i;
        return new Finding(size, all.get(fastest), best[0], best[fastest]);
    }

    /// Floating-point operations a nanosecond of some calls in a row.
    private double rate(Size size) {
        var shape = new MatrixShape(1, size.m, size.k, size.n, size.transposeA, size.transposeB);
        Storage left = a.slice(0, size.m * size.k), right = b.slice(0, size.k * size.n), to = c.slice(0, size.m * size.n);
        double flop = 2.0 * size.m * size.n * size.k;
        int calls = (int) (ROUND_FLOP / flop) + 1;
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) kernels.matmul(shape, left, right, to);
        return flop * calls / (System.nanoTime() - start);
    }
}
