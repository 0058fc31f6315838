package gannet.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;

/// What a benchmark bound by memory reports beside its calls a second: 10⁹ bytes a second, and per cent of the machine's bandwidth
/// ([Machine.Memory]), measured just before each iteration, as other programs can halve it from one second to the next.
///
/// Bytes are those that one pass has to move: an array that is read counts once, one that is written in place of what was read once more, and
/// one that is only written twice, as its cache lines come in first. Arrays that fit the caches can be far above 100 %.
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Traffic {
    public double gigabyte, percent;
    private Machine.Memory memory;
    private double bandwidth;

    @Setup public void open(BenchmarkParams p) {
        memory = new Machine.Memory(Integer.parseInt(p.getParam("threads")));
    }

    @Setup(Level.Iteration) public void measure() {
        bandwidth = memory.bandwidth();
    }

    /// A call that read `read` elements and wrote `fresh` that it hadn't read and `inPlace` that it had.
    void done(long read, long fresh, long inPlace) {
        double bytes = (double) Float.BYTES * (read + 2 * fresh + inPlace);
        gigabyte += bytes / 1e9;
        percent += 100 * bytes / bandwidth;
    }
}
