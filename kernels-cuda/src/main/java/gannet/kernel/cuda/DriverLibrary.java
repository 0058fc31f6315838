package gannet.kernel.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import jcuda.driver.JCudaDriver;

/// The driver's library, before JCuda is linked to it. JCuda's own native library refers to all of CUDA 12's functions and fails to load, with a message about
/// symbols, where there is no driver or an old one; so the driver is looked for and asked for its version first, through `java.lang.foreign`.
final class DriverLibrary {
    /// The system property with the path of a driver that the system's loader does not find.
    static final String PROPERTY = "gannet.cuda.driver";
    /// No library of that name, or one that is no driver.
    static final int ABSENT = -1;
    /// CUDA 12.0: what JCuda 12.6's native library refers to begins there.
    static final int LEAST = 12_000;

    private DriverLibrary() {}

    /// What the system's loader knows the driver by.
    static String system() {
        return System.getProperty("os.name").startsWith("Windows") ? "nvcuda.dll" : "libcuda.so.1";
    }

    /// The CUDA version that the driver supports, 12080 for 12.8; [#ABSENT] if there is none.
    @SuppressWarnings("restricted")
    static int version(String library) {
        try (var arena = Arena.ofConfined()) {
            // The driver must not be unloaded again: it may have started threads.
            SymbolLookup symbols = library.contains("/") ? SymbolLookup.libraryLookup(Path.of(library), Arena.global()) : SymbolLookup.libraryLookup(library, Arena.global());
            MemorySegment function = symbols.find("cuDriverGetVersion").orElse(null);
            if (function == null) return ABSENT;
            MemorySegment version = arena.allocate(ValueLayout.JAVA_INT);
            int result = (int) Linker.nativeLinker().downcallHandle(function, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS)).invokeExact(version);
            return result == 0 ? version.get(ValueLayout.JAVA_INT, 0) : ABSENT;
        } catch (IllegalArgumentException notFound) {
            return ABSENT;
        } catch (Throwable impossible) {
            throw new IllegalStateException("asking " + library + " for its version", impossible);
        }
    }

    /// `12.8` for 12080.
    static String text(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }

    /// Starts the driver through JCuda: what `cuInit` answered.
    @SuppressWarnings("restricted")
    static int initialise(String library) {
        if (library.contains("/")) System.load(Path.of(library).toAbsolutePath().toString()); // JCuda's native library is linked to whatever bears the name libcuda.so.1
        return JCudaDriver.cuInit(0);
    }
}
