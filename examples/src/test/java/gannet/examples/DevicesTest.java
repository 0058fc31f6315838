package gannet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DevicesTest {
    private final String before = System.getProperty(Devices.PRECISION);

    @AfterEach void putBack() {
        if (before == null) System.clearProperty(Devices.PRECISION);
        else System.setProperty(Devices.PRECISION, before);
    }

    @Test void everyDeviceHasFp32AndOnlyCudaMore() {
        assertEquals("scalar", Devices.open("scalar", 1, "fp32").kernels().name());
        String message = assertThrows(UsageException.class, () -> Devices.open("scalar", 1, "tf32")).getMessage();
        assertTrue(message.contains("tf32") && message.contains("device 'scalar'") && !message.contains("\n"), message);
    }

    @Test void theSystemPropertyChoosesWhereNoOptionDoes() {
        System.setProperty(Devices.PRECISION, "tf32");
        assertEquals("tf32", Settings.of(Map.of()).precision());
        assertEquals("fp32", Settings.of(Map.of("precision", "fp32")).precision());
        assertThrows(UsageException.class, () -> Devices.open("scalar", 1));
        System.setProperty(Devices.PRECISION, "fp64");
        assertTrue(assertThrows(UsageException.class, () -> Settings.of(Map.of())).getMessage().contains("there are: fp32, tf32"));
    }

    @Test void openingLeavesThePropertyAsItWas() {
        System.clearProperty(Devices.PRECISION);
        Devices.open("scalar", 1, "fp32");
        assertNull(System.getProperty(Devices.PRECISION));
        System.setProperty(Devices.PRECISION, "tf32");
        Devices.open("scalar", 1, "fp32");
        assertEquals("tf32", System.getProperty(Devices.PRECISION));
    }
}
