package gannet.kernel.cuda;

import gannet.kernel.BackEnd;
import gannet.kernel.Kernels;
import gannet.kernel.MissingDeviceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jcuda.driver.CUresult;

/// The back end `cuda`, for an NVIDIA graphics card of compute capability 7.5 or newer: the first that the driver shows (`CUDA_VISIBLE_DEVICES` chooses).
///
/// System properties: `gannet.precision`, `fp32`, `tf32` or `tf32x3`; `gannet.cuda.graphs`, `false` to launch every kernel from the host or `check` to look for
/// what must not be recorded; `gannet.cuda.driver`, the path of the driver's library where the system's loader does not find it.
public final class CudaBackEnd implements BackEnd {
    @Override public String name() {
        return "cuda";
    }

    /// Above every back end that runs on the CPU.
    @Override public int rank() {
        return 100;
    }

    @Override public String missing() {
        return missing(System.getProperty(DriverLibrary.PROPERTY, DriverLibrary.system()), CudaBackEnd.class.getModule().isNativeAccessEnabled());
    }

    @Override public List<String> report() {
        return CudaBackEnd.class.getModule().isNativeAccessEnabled() ? Report.of(System.getProperty(DriverLibrary.PROPERTY, DriverLibrary.system())) : List.of();
    }

    @Override public Kernels open(int threads) {
        String missing = missing();
        if (!missing.isEmpty()) throw new MissingDeviceException("device 'cuda' can't be had: " + missing, null);
        Precision precision = Precision.chosen();
        Card card = Card.at(0);
        if (precision.tensorCores() && card.capability() < Modules.WITH_TENSOR_CORES)
            throw new MissingDeviceException("precision " + precision + " takes tensor cores of compute capability 8.0 or newer, and " + card + " is older; leave the precision at fp32", null);
        return new CudaKernels(card, precision, Graphs.chosen());
    }

    /// Asks for the driver with the means of the JDK alone, and for cards through JCuda only once there is a driver that JCuda can be linked to. Without native
    /// access the JVM would answer with a warning of four lines, so then nothing is asked.
    static String missing(String library, boolean nativeAccess) {
        if (!nativeAccess) return "whether there is an NVIDIA driver can be told only with java --enable-native-access=ALL-UNNAMED";
        if (library.contains("/") && !Files.isRegularFile(Path.of(library))) return "no NVIDIA driver (" + library + " is no file)";
        int version = DriverLibrary.version(library);
        if (version == DriverLibrary.ABSENT)
            return "no NVIDIA driver (" + library + (library.contains("/") ? " is no driver's library" : " was not found") + "); install one, or name its library: GANNET_JAVA_OPTS=-D" + DriverLibrary.PROPERTY + "=PATH";
        if (version < DriverLibrary.LEAST)
            return "the NVIDIA driver supports CUDA " + DriverLibrary.text(version) + ", and Gannet needs " + DriverLibrary.text(DriverLibrary.LEAST) + " or newer: install a newer driver";
        return noCard(library);
    }

    private static String noCard(String library) {
        try {
            int result = DriverLibrary.initialise(library);
            if (result == CUresult.CUDA_ERROR_NO_DEVICE || result == CUresult.CUDA_SUCCESS && Card.count() == 0)
                return "the NVIDIA driver shows no card; look at nvidia-smi and CUDA_VISIBLE_DEVICES";
            if (result != CUresult.CUDA_SUCCESS) return "the NVIDIA driver does not start: " + Driver.name(result) + " (" + result + "); look at nvidia-smi";
            Card card = Card.at(0);
            return card.capability() >= Modules.LEAST ? "" : card + " is too old: Gannet needs compute capability 7.5 (Turing, 2018) or newer";
        } catch (CudaException failure) {
            return failure.getMessage();
        } catch (UnsatisfiedLinkError unlinked) {
            return "JCuda's native library does not load: " + unlinked.getMessage();
        } catch (NoClassDefFoundError absent) {
            // The second time that a class whose native library did not load is asked for, the JVM says this, with the first failure as its cause.
            return absent.getCause() != null ? "JCuda's native library does not load: " + absent.getCause().getMessage()
                    : "the classes of JCuda are not on the class path (" + absent.getMessage() + "); add jcuda-12.6.0.jar and jcuda-natives-12.6.0 of this platform";
        }
    }
}
