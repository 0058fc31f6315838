package gannet.kernel.simd;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gannet.gan.DcganStep;
import gannet.kernel.Kernels;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A whole training step on vectors of 32-bit floats against PyTorch's in double, relative to the largest element of each tensor.
class SimdGoldenTest {
    private static final double TOLERANCE = 1e-4;

    private static Kernels kernels(int threads) {
        var backEnd = new SimdBackEnd();
        assumeTrue(backEnd.missing().isEmpty(), () -> "SKIPPED, not tested: " + backEnd.missing());
        return backEnd.open(threads);
    }

    @ParameterizedTest @ValueSource(ints = {1, 2, 3})
    void lossesAndGradients(int threads) throws IOException {
        new DcganStep(kernels(threads)).checkGradients(TOLERANCE);
    }

    @ParameterizedTest @ValueSource(ints = {1, 2, 3})
    void weightsAndRunningStatisticsAfterAStep(int threads) throws IOException {
        new DcganStep(kernels(threads)).checkTraining(TOLERANCE);
    }
}
