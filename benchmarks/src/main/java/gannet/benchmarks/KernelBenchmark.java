package gannet.benchmarks;

import gannet.kernel.BackEnds;
import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What the benchmarks of kernels have in common: a back end, how many threads it has, and the settings of a run. The score is calls a second, as only then JMH's
/// further counters ([Flops], [Traffic]) are rates; [Table] turns it into the time of a call.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-XX:+UseParallelGC", "-XX:-UseFPUForSpilling"})
public abstract class KernelBenchmark {
    /// The batch of every layer here.
    protected static final int BATCH = 64;

    @Param({"scalar", "simd"})
    public String backEnd;

    @Param("1")
    public int threads;

    protected Kernels kernels;
    private Operands operands;

    @Setup public void open() {
        kernels = BackEnds.open(backEnd, threads).kernels();
        operands = new Operands(kernels);
        prepare();
    }

    /// Makes the operands.
    protected abstract void prepare();

    /// The back end's own kernels, or (for the form `spelledOut`) its primitives with the fused kernels made of them.
    protected Kernels in(String form) {
        return switch (form) {
            case "fused" -> kernels;
            case "spelledOut" -> new SpelledOut(kernels);
            default -> throw new IllegalArgumentException("form " + form + ": expected fused or spelledOut");
        };
    }

    /// A storage of `length` normal numbers.
    protected Storage normal(int length) {
        return operands.normal(length);
    }

    /// A storage to write to.
    protected Storage result(int length) {
        return operands.result(length);
    }
}
