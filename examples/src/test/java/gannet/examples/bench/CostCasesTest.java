package gannet.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.Activation;
import gannet.kernel.ConvShape;
import gannet.kernel.Kernels;
import gannet.kernel.MatrixShape;
import gannet.kernel.ScalarKernels;
import gannet.kernel.Storage;
import gannet.kernel.Unary;
import org.junit.jupiter.api.Test;

/// The memory that remedies cost, which depends on shapes alone; time is for `bench --only cost_`.
class CostCasesTest {
    private static final int BATCH = 16;
    private final Kernels kernels = new Shapes();

    /// All that costs time gives zeros.
    private static final class Shapes extends ScalarKernels {
        private void zeros(Storage y) {
            map(new Unary.Affine(0, 0), y, y);
        }

        @Override public void matmul(MatrixShape s, Storage a, Storage b, Storage c) {
            zeros(c);
        }

        @Override public void conv(ConvShape s, Storage x, Storage w, Storage y) {
            zeros(y);
        }

        @Override public void convInput(ConvShape s, Storage y, Storage w, Storage x) {
            zeros(x);
        }

        @Override public void convWeight(ConvShape s, Storage x, Storage y, Storage w) {
            zeros(w);
        }

        @Override public void linear(MatrixShape s, Storage a, Storage b, Storage bias, Activation act, Storage c) {
            zeros(c);
        }

        @Override public void convBias(ConvShape s, Storage x, Storage w, Storage bias, Activation act, Storage y) {
            zeros(y);
        }

        @Override public void convInputBias(ConvShape s, Storage y, Storage w, Storage bias, Activation act, Storage x) {
            zeros(x);
        }
    }

    /// What a call has come to hold after two steps; a third needs no more.
    private static double bytes(Call call) {
        call.run();
        call.run();
        long bytes = call.bytes().getAsLong();
        call.run();
        assertEquals(bytes, call.bytes().getAsLong(), "a steady step allocates nothing");
        return bytes;
    }

    private static void between(double least, double most, double ratio, String what) {
        assertTrue(ratio >= least && ratio <= most, what + " has " + ratio + " times the memory, expected " + least + " to " + most);
    }

    @Test void aGradientPenaltyTakesLessThanAsMuchAgain() {
        between(1.05, 2, bytes(CostCases.critic(kernels, BATCH, true)) / bytes(CostCases.critic(kernels, BATCH, false)), "a critic's step with a gradient penalty");
    }

    /// The graphs of all steps are held at once: at least one more for each.
    @Test void unrollingTakesTheGraphsOfAllItsSteps() {
        between(5, 12, bytes(CostCases.unrolled(kernels, BATCH, 5)) / bytes(CostCases.unrolled(kernels, BATCH, 0)), "a step with K = 5");
    }
}
