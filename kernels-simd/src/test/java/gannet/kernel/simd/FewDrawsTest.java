package gannet.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gannet.kernel.Distribution;
import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import org.junit.jupiter.api.Test;

/// A few numbers are drawn one at a time, many in vectors: the first of many are the few, to the bit.
class FewDrawsTest {
    private static final int MANY = 1 << 16, FEW = 5003;

    private final Kernels k = new SimdKernels(1);

    private double[] draw(Distribution d, long seed, int draw, int n) {
        Storage step = k.allocate(1), y = k.allocate(n);
        k.write(new double[] {3}, step);
        k.random(d, seed, 7, draw, step, y);
        double[] values = new double[n];
        k.read(y, values);
        return values;
    }

    @Test void manyBeginLikeFew() {
        for (Distribution d : Distribution.values())
            for (long seed = 0; seed < 20; seed++) {
                double[] many = draw(d, seed, 1, MANY), few = draw(d, seed, 1, FEW);
                for (int i = 0; i < FEW; i++) assertEquals(many[i], few[i], d + " " + i + " of seed " + seed);
            }
    }

    /// A first word so near 2^32 that its uniform would round to 1, and one so small that its logarithm is large.
    @Test void manyBeginLikeFewAtTheEdges() {
        for (int draw : new int[] {18_592_171, 37_629_224})
            for (Distribution d : Distribution.values()) {
                double[] many = draw(d, 0, draw, MANY), few = draw(d, 0, draw, 4);
                for (int i = 0; i < 4; i++) assertEquals(many[i], few[i], d + " " + i + " of draw " + draw);
            }
    }
}
