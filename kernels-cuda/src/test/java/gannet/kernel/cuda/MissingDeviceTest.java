package gannet.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.BackEnds;
import gannet.kernel.MissingDeviceException;
import gannet.kernel.Unary;
import java.nio.file.Path;
import java.util.List;
import jcuda.driver.CUresult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whatever is wrong with the driver or the card, one line names it with the versions found and needed, and no other device takes its place.
class MissingDeviceTest {
    private final Path driver = FakeDriver.build();

    @BeforeEach void startTheDriver() {
        assertEquals("", new CudaBackEnd().missing());
    }

    @AfterEach void reset() {
        FakeDriver.reset(driver);
    }

    private void refused(String setting, long value, String... parts) {
        FakeDriver.set(driver, setting, value);
        String message = assertThrows(MissingDeviceException.class, () -> BackEnds.open("cuda", 1)).getMessage();
        assertEquals(1, message.lines().count(), message);
        for (String part : parts) assertTrue(message.contains(part), message + " should say: " + part);
    }

    @Test void aDriverThatIsTooOld() {
        refused("driver", 11_080, "CUDA 11.8", "12.0", "install a newer driver");
    }

    @Test void aDriverThatDoesNotStart() {
        refused("init", CUresult.CUDA_ERROR_SYSTEM_NOT_READY, "does not start", "CUDA_ERROR_SYSTEM_NOT_READY", "nvidia-smi");
    }

    @Test void noCard() {
        refused("devices", 0, "no card", "CUDA_VISIBLE_DEVICES");
    }

    @Test void aCardThatIsTooOld() {
        refused("capability", 70, "compute capability 7.0", "7.5");
    }

    @Test void aCardWithoutTensorCoresAtTf32() {
        String before = System.getProperty(Precision.PROPERTY);
        System.setProperty(Precision.PROPERTY, "tf32");
        try {
            refused("capability", 75, "tf32", "compute capability 7.5", "8.0");
        } finally {
            if (before == null) System.clearProperty(Precision.PROPERTY);
            else System.setProperty(Precision.PROPERTY, before);
        }
    }

    @Test void tooLittleMemory() {
        try (var kernels = new CudaKernels(Card.at(0), Precision.FP32, Graphs.FALSE)) {
            FakeDriver.set(driver, "memory", 1 << 20);
            var error = assertThrows(OutOfMemoryError.class, () -> kernels.allocate(1 << 20));
            for (String part : List.of("device memory", "4 MiB asked for")) assertTrue(error.getMessage().contains(part), error.getMessage());
        }
    }

    @Test void aCardThatIsLost() {
        try (var kernels = new CudaKernels(Card.at(0), Precision.FP32, Graphs.FALSE)) {
            FakeDriver.set(driver, "fail_with", CUresult.CUDA_ERROR_ECC_UNCORRECTABLE);
            FakeDriver.set(driver, "fail_launch", 1);
            var failure = assertThrows(CudaException.class, () -> {
                var x = kernels.allocate(8);
                kernels.map(Unary.Function.EXP, x, x);
                kernels.read(x, new double[8]);
            });
            assertTrue(failure.getMessage().contains("CUDA_ERROR_ECC_UNCORRECTABLE") && failure.getMessage().contains("the card was lost"), failure.getMessage());
        }
    }
}
