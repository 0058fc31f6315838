package gannet.gan;

import gannet.kernel.BackEnds;
import gannet.kernel.ReferenceKernels;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// A whole training step against PyTorch's, in double and in 32-bit floats.
class DcganStepGoldenTest {
    private static final double DOUBLE = 1e-8, FLOAT = 1e-4;

    @Test void lossesAndGradients() throws IOException {
        new DcganStep(new ReferenceKernels()).checkGradients(DOUBLE);
    }

    @Test void weightsAndRunningStatisticsAfterAStep() throws IOException {
        new DcganStep(new ReferenceKernels()).checkTraining(DOUBLE);
    }

    @Test void inFloats() throws IOException {
        new DcganStep(BackEnds.open("scalar", 1).kernels()).checkGradients(FLOAT);
        new DcganStep(BackEnds.open("scalar", 1).kernels()).checkTraining(FLOAT);
    }
}
