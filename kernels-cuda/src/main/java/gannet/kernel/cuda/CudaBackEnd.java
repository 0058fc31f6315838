package gannet.kernel.cuda;

import gannet.kernel.BackEnd;
import gannet.kernel.Kernels;
import gannet.kernel.MissingDeviceException;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;

/// The back end `cuda`, for an NVIDIA graphics card. It has no kernels in this version: it takes part in the choice of a back end so that
/// `--device cuda` and `doctor` get a true answer, and it never says that it is available.
public final class CudaBackEnd implements BackEnd {
    @Override public String name() {
        return "cuda";
    }

    /// Above every back end that runs on the CPU.
    @Override public int rank() {
        return 100;
    }

    @Override public String missing() {
        return missing(driverLibrary(), CudaBackEnd.class.getModule().isNativeAccessEnabled());
    }

    @Override public Kernels open(int threads) {
        throw new MissingDeviceException("device 'cuda' can't be had: " + missing(), null);
    }

    /// Asks the system's own loader for the driver, since only it knows every place where one may lie. Without native access
    /// the JVM would answer with a warning of four lines, so then it is not asked.
    static String missing(String library, boolean nativeAccess) {
        String kernels = "this version of Gannet has no CUDA kernels";
        if (!nativeAccess)
            return kernels + "; whether there is an NVIDIA driver can be told only with java --enable-native-access=ALL-UNNAMED";
        return loads(library) ? kernels + ", though there is an NVIDIA driver (" + library + ")"
                : "no NVIDIA driver (" + library + " was not found), and " + kernels;
    }

    @SuppressWarnings("restricted")
    private static boolean loads(String library) {
        try (var arena = Arena.ofConfined()) {
            return SymbolLookup.libraryLookup(library, arena).find("cuInit").isPresent();
        } catch (IllegalArgumentException notFound) {
            return false;
        }
    }

    private static String driverLibrary() {
        return System.getProperty("os.name").startsWith("Windows") ? "nvcuda.dll" : "libcuda.so.1";
    }
}
