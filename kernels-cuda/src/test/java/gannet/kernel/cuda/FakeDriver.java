package gannet.kernel.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;

/// The fake `libcuda.so.1` with this module's kernels and the tests' probes in it. It lies at `target/fake-cuda`, which is where the system property
/// `gannet.cuda.driver` points to in the tests and in the processes that they start: [#build] before the first of them opens the device. The settings
/// that a test may change are those of `settings.cpp`.
final class FakeDriver {
    private FakeDriver() {}

    /// Builds it if a source has changed. Where there is no g++ the test is skipped, which its report says.
    static Path build() {
        assumeTrue(HostBuild.hasCompiler(), "no g++ on this machine: the kernels can't be compiled for it, and nothing of CUDA is tested");
        Path module = HostBuild.module(), cpp = module.resolve("src/test/cpp");
        try {
            return new HostBuild(cpp, List.of(module.resolve("src/main/cuda"), cpp.resolve("probes")), module.resolve("target/fake-cuda"),
                    HostBuild.Watch.NOTHING).library();
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException("the fake driver was not built: " + failed.getMessage(), failed);
        }
    }

    @SuppressWarnings("restricted")
    static void set(Path library, String name, long value) {
        try (var arena = Arena.ofConfined()) {
            int known = (int) Linker.nativeLinker().downcallHandle(symbol(library, arena, "gannet_fake_set"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG)).invokeExact(arena.allocateFrom(name), value);
            if (known == 0) throw new IllegalArgumentException("the fake driver has no setting " + name);
        } catch (Throwable failed) {
            throw failure(failed);
        }
    }

    /// Settings as at the start, and no error left behind.
    static void reset(Path library) {
        number(library, "gannet_fake_reset");
    }

    /// How many allocations of device memory are live.
    static int live(Path library) {
        return number(library, "gannet_fake_live");
    }

    /// What the driver said last about something that was wrong.
    @SuppressWarnings("restricted")
    static String note(Path library) {
        try (var arena = Arena.ofConfined()) {
            var text = (MemorySegment) Linker.nativeLinker().downcallHandle(symbol(library, arena, "gannet_fake_note"),
                    FunctionDescriptor.of(ValueLayout.ADDRESS)).invokeExact();
            return text.reinterpret(Integer.MAX_VALUE).getString(0);
        } catch (Throwable failed) {
            throw failure(failed);
        }
    }

    @SuppressWarnings("restricted")
    private static int number(Path library, String function) {
        try (var arena = Arena.ofConfined()) {
            return (int) Linker.nativeLinker().downcallHandle(symbol(library, arena, function), FunctionDescriptor.of(ValueLayout.JAVA_INT)).invokeExact();
        } catch (Throwable failed) {
            throw failure(failed);
        }
    }

    @SuppressWarnings("restricted")
    private static MemorySegment symbol(Path library, Arena arena, String name) {
        return SymbolLookup.libraryLookup(library, arena).find(name).orElseThrow();
    }

    private static RuntimeException failure(Throwable failed) {
        return failed instanceof RuntimeException known ? known : new IllegalStateException(failed);
    }
}
