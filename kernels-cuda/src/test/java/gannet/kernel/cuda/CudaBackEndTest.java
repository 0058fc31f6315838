package gannet.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.BackEnd;

import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class CudaBackEndTest {
    @Test void isFoundAsAServiceAndRanksHighest() {
        BackEnd cuda = null;
        for (BackEnd each : ServiceLoader.load(BackEnd.class)) {
            if (each.name().equals("cuda")) cuda = each;
            else assertTrue(each.rank() < new CudaBackEnd().rank(), each.name() + " ranks " + each.rank());
        }
        assertNotNull(cuda, "no back end named cuda among the services");
    }

    @Test void namesTheDriverThatIsNotThere() {
        String missing = CudaBackEnd.missing("libcuda-of-nobody.so.1", true);
        assertOneLine(missing);
        assertTrue(missing.startsWith("no NVIDIA driver (libcuda-of-nobody.so.1 was not found)"), missing);
    }

    @Test void looksForNoDriverWithoutNativeAccess() {
        String missing = CudaBackEnd.missing("libcuda-of-nobody.so.1", false);
        assertOneLine(missing);
        assertTrue(missing.contains("--enable-native-access"), missing);
        assertFalse(missing.contains("was not found"), missing);
    }

    @Test void anythingElseUnderTheDriversNameIsNoDriver() {
        String aLibraryWithoutCuInit = System.mapLibraryName("java");
        assertTrue(CudaBackEnd.missing(System.getProperty("java.home") + "/lib/" + aLibraryWithoutCuInit, true).startsWith("no NVIDIA driver"));
    }

    private static void assertOneLine(String missing) {
        assertEquals(1, missing.lines().count(), missing);
    }
}
