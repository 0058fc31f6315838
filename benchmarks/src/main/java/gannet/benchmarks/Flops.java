package gannet.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;

/// What a benchmark bound by arithmetic reports beside its calls a second: 10⁹ floating-point operations a second (two to a multiply-add of the direct form,
/// so an algorithm that needs fewer can be above the peak), and per cent of [Machine#peak], measured just before in the same process.
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Flops {
    public double gflop, percent;
    private double peak;

    @Setup public void measure(BenchmarkParams p) {
        peak = Machine.peak(Integer.parseInt(p.getParam("threads")));
    }

    void done(double flop) {
        gflop += flop / 1e9;
        percent += 100 * flop / peak;
    }
}
