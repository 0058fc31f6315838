package gannet.kernel.cuda;

import gannet.io.Json;
import gannet.kernel.BackEnds;
import gannet.kernel.Binary;
import gannet.kernel.Distribution;
import gannet.kernel.Kernels;
import gannet.kernel.MatrixShape;
import gannet.kernel.Storage;
import gannet.kernel.Unary;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import jcuda.driver.JCudaDriver;

/// How fast single kernels are on the card, a JSON line a case: a product against what the card can compute, elementwise work against what its memory can copy.
/// `DeviceTimes [--smoke]`; `--smoke` tries the program on small sizes.
///
/// Calls follow one another without a look in between, as in a training step, so the card waits for nobody: the time of a round is from before its first call
/// until the card has done its last, over the number of calls. A line has the median and the least of five rounds.
final class DeviceTimes {
    private static final int ROUNDS = 5;

    private final Kernels kernels;
    private final int calls;

    private DeviceTimes(Kernels kernels, int calls) {
        this.kernels = kernels;
        this.calls = calls;
    }

    public static void main(String[] arguments) {
        boolean smoke = Arrays.asList(arguments).contains("--smoke");
        BackEnds.Choice choice = BackEnds.open("cuda", 1);
        System.err.println(choice.line());
        var times = new DeviceTimes(choice.kernels(), smoke ? 2 : 50);
        times.product(smoke ? 64 : 4096);
        times.elementwise(smoke ? 1 << 10 : 1 << 26);
    }

    private void product(int side) {
        Storage a = normal(0, side * side), b = normal(1, side * side), c = kernels.allocate(side * side);
        var shape = MatrixShape.of(side, side, side);
        print("sgemm_" + side + "x" + side + "x" + side, "gflops", 2.0 * side * side * side, () -> kernels.matmul(shape, a, b, c), c);
    }

    /// Bytes are those that memory must move; the driver's own copy is what 100 % is.
    private void elementwise(int length) {
        Storage a = normal(0, length), b = normal(1, length), y = kernels.allocate(length);
        long bytes = (long) length * Float.BYTES;
        var from = Address.of(CudaStorage.of(kernels, a).address());
        var to = Address.of(CudaStorage.of(kernels, y).address());
        print("copy", "gb_per_s", 2.0 * bytes, () -> Driver.check(JCudaDriver.cuMemcpyDtoDAsync(to, from, bytes, null), "copying on the card"), y);
        print("map_relu", "gb_per_s", 2.0 * bytes, () -> kernels.map(Unary.Function.RELU, a, y), y);
        print("map_tanh", "gb_per_s", 2.0 * bytes, () -> kernels.map(Unary.Function.TANH, a, y), y);
        print("zip_add", "gb_per_s", 3.0 * bytes, () -> kernels.zip(Binary.Function.ADD, a, 1, b, 1, y), y);
    }

    private Storage normal(int use, int length) {
        Storage elements = kernels.allocate(length);
        kernels.random(Distribution.NORMAL, 1, use, 0, kernels.allocate(1), elements);
        return elements;
    }

    private void print(String name, String rate, double work, Runnable call, Storage result) {
        for (int i = 0; i < calls; i++) call.run();
        finish(result);
        double[] rounds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) rounds[round] = roundMs(call, result);
        Arrays.sort(rounds);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("peer", "gannet");
        line.put("case", name);
        line.put("precision", Precision.chosen().toString());
        line.put("device", kernels.description());
        line.put("median_ms", Math.round(rounds[ROUNDS / 2] * 1e5) / 1e5);
        line.put("min_ms", Math.round(rounds[0] * 1e5) / 1e5);
        line.put("reps", calls * ROUNDS);
        line.put(rate, Math.round(work / rounds[ROUNDS / 2] / 1e5) / 10.0);
        System.out.println(Json.line(line));
    }

    private double roundMs(Runnable call, Storage result) {
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) call.run();
        finish(result);
        return (System.nanoTime() - start) * 1e-6 / calls;
    }

    /// Waits for the kernels' stream by reading an element, and for the copies, which are on another.
    private void finish(Storage result) {
        kernels.read(result.slice(0, 1), new double[1]);
        Driver.check(JCudaDriver.cuCtxSynchronize(), "running the benchmark");
    }
}
