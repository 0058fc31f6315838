package gannet.benchmarks;

import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// An optimiser's step over all weights of a network in one pass, against the maps that it consists of, and the check that comes before it.
///
/// `java -jar benchmarks/target/benchmarks.jar Optimiser -p backEnd=simd`
public class OptimiserBenchmark extends KernelBenchmark {
    @Param({"fused", "spelledOut"})
    public String form;

    /// The weights of dcgan28's generator, and 64 MiB of them.
    @Param({"759681", "16777216"})
    public int weights;

    private Kernels formed;
    private Storage g, w, m, v, rate, correction, flag;

    @Override protected void prepare() {
        formed = in(form);
        g = normal(weights);
        w = normal(weights);
        m = result(weights);
        v = result(weights);
        rate = one(2e-4);
        correction = one(1);
        flag = one(0);
    }

    private Storage one(double value) {
        Storage s = result(1);
        kernels.write(new double[] {value}, s);
        return s;
    }

    @Benchmark public Storage adam(Traffic traffic) {
        formed.adam(0.5, 0.999, 1e-8, rate, correction, correction, flag, g, w, m, v);
        traffic.done(4L * weights, 0, 3L * weights);
        return w;
    }

    @Benchmark public Storage rmsProp(Traffic traffic) {
        formed.rmsProp(0.9, 1e-8, rate, flag, g, w, v);
        traffic.done(3L * weights, 0, 2L * weights);
        return w;
    }

    @Benchmark public Storage momentum(Traffic traffic) {
        formed.momentum(0.9, rate, flag, g, w, m);
        traffic.done(3L * weights, 0, 2L * weights);
        return w;
    }

    @Benchmark public Storage check(Traffic traffic) {
        formed.check(1e18, g, flag);
        traffic.done(weights, 0, 0);
        return flag;
    }
}
