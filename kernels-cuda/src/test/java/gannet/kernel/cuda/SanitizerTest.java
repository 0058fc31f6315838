package gannet.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gannet.kernel.cuda.HostBuild.Watch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The shipped kernels under sanitizers, in processes of their own; and mistakes planted in them, which must be found.
///
/// AddressSanitizer watches a Java that runs tests on a fake driver made for it. ThreadSanitizer and a Java don't bear one another: there the tests are
/// run by an ordinary Java whose driver writes down all that it does, and a program without Java repeats it (`replay.cpp`).
class SanitizerTest {
    private static final String SUITE = "gannet.kernel.cuda.CudaConformanceTest#";
    /// What is run: short, but with nearly all kernels in it.
    private static final List<List<String>> RUNS = List.of(
            List.of("gannet.kernel.cuda.TestRun", "gannet.kernel.cuda.AlignedTest", SUITE + "copyAgrees", SUITE + "gatherAndScatterAddAgree"),
            List.of("gannet.kernel.Bits", "cuda", "MODERATE"));

    private static final Path CPP = HostBuild.module().resolve("src/test/cpp"), CUDA = HostBuild.module().resolve("src/main/cuda"),
            OUT = HostBuild.module().resolve("target/sanitizers");

    private record Ended(int code, String said) {
        /// What a sanitizer has found, and where.
        void found(String what, String where) {
            assertNotEquals(0, code, said);
            assertTrue(said.contains(what) && said.contains(where), said);
        }
    }

    @BeforeAll static void writeDownAllWork() throws IOException, InterruptedException {
        assumeTrue(HostBuild.hasCompiler(), "no g++ on this machine: nothing of CUDA is tested");
        Files.createDirectories(OUT);
        Path driver = FakeDriver.build();
        for (int i = 0; i <= RUNS.size(); i++) {
            List<String> run = i < RUNS.size() ? RUNS.get(i) : alignedCalls(driver, "FP32", "TF32", "TF32X3");
            Ended ended = java(driver, Map.of("GANNET_FAKE_TRACE", trace(i).toString()), run);
            assertEquals(0, ended.code, ended.said);
        }
    }

    @AfterAll static void throwItAway() throws IOException {
        for (int i = 0; i <= RUNS.size(); i++) Files.deleteIfExists(trace(i));
    }

    private static Path trace(int run) {
        return OUT.resolve("trace-" + run);
    }

    private static List<String> alignedCalls(Path driver, String... precisions) {
        var run = new ArrayList<>(List.of("gannet.kernel.cuda.AlignedCalls", driver.toString()));
        run.addAll(List.of(precisions));
        return run;
    }

    private static Ended java(Path driver, Map<String, String> environment, List<String> mainAndArguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        for (String each : ManagementFactory.getRuntimeMXBean().getInputArguments())
            if (!each.startsWith("-agentlib") && !each.startsWith("-javaagent") && !each.startsWith("-Xrun")) command.add(each);
        command.addAll(List.of("-Dgannet.cuda.driver=" + driver, "-Dgannet.conformance.shapes=3", "-cp", System.getProperty("java.class.path")));
        command.addAll(mainAndArguments);
        return run(command, environment);
    }

    private static Ended run(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        var said = new String(process.getInputStream().readAllBytes());
        return new Ended(process.waitFor(), said);
    }

    private static Ended replayed(List<Path> kernels) throws IOException, InterruptedException {
        Path program = new HostBuild(CPP, kernels, OUT.resolve("threads"), Watch.THREADS).program(CPP.resolve("replay.cpp"));
        var command = new ArrayList<>(List.of(program.toString()));
        for (int i = 0; i <= RUNS.size(); i++) command.add(trace(i).toString());
        return run(command, Map.of("TSAN_OPTIONS", "halt_on_error=1"));
    }

    /// All kernels but those for tensor cores, which take longest to compile and whose neighbours do the same things to memory; `planted` in place of
    /// the file of that name, null for none.
    private static Path driverForAddresses(Path planted) throws IOException, InterruptedException {
        var kernels = new ArrayList<Path>();
        try (Stream<Path> all = Files.list(CUDA)) {
            all.filter(each -> each.toString().endsWith(".cu") && !each.toString().contains("_tf32"))
                    .filter(each -> planted == null || !each.getFileName().equals(planted.getFileName())).sorted().forEach(kernels::add);
        }
        if (planted != null) kernels.add(planted); // after the others, beside which the headers lie
        return new HostBuild(CPP, kernels, OUT.resolve("addresses"), Watch.ADDRESSES).library();
    }

    private static Map<String, String> preloaded() throws IOException, InterruptedException {
        String sanitizer = HostBuild.run(List.of("g++", "-print-file-name=libasan.so")).strip();
        // A Java's own faults are part of how it works, and it never frees all.
        return Map.of("LD_PRELOAD", sanitizer, "ASAN_OPTIONS", "handle_segv=0:detect_leaks=0:alloc_dealloc_mismatch=0");
    }

    /// A copy of a file of kernels with one piece of its text replaced by another, the first time it occurs.
    private static Path planted(String file, String text, String instead) throws IOException {
        String source = Files.readString(CUDA.resolve(file));
        int at = source.indexOf(text);
        assertTrue(at >= 0, file + " has no '" + text + "' any more: plant this test's mistake elsewhere");
        Path copy = OUT.resolve("planted").resolve(file);
        Files.createDirectories(copy.getParent());
        for (Path each : headers()) Files.copy(each, copy.resolveSibling(each.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        return Files.writeString(copy, source.substring(0, at) + instead + source.substring(at + text.length()));
    }

    private static List<Path> headers() throws IOException {
        try (Stream<Path> all = Files.list(CUDA)) {
            return all.filter(each -> each.toString().endsWith(".cuh")).toList();
        }
    }

    @Test void theThreadsOfNoKernelRace() throws IOException, InterruptedException {
        Ended ended = replayed(List.of(CUDA));
        assertEquals(0, ended.code, ended.said);
        assertFalse(ended.said.contains("WARNING: ThreadSanitizer"), ended.said);
        System.out.println("ThreadSanitizer: " + ended.said.strip());
    }

    @Test void aMissingBarrierIsARace() throws IOException, InterruptedException {
        for (String file : List.of("movement.cu", "scatter.cu"))
            replayed(List.of(planted(file, "__syncthreads();", ";"))).found("WARNING: ThreadSanitizer: data race", file);
    }

    @Test void noKernelLeavesItsMemory() throws IOException, InterruptedException {
        Path driver = driverForAddresses(null);
        for (int i = 0; i <= RUNS.size(); i++) {
            Ended ended = java(driver, preloaded(), i < RUNS.size() ? RUNS.get(i) : alignedCalls(driver, "FP32"));
            assertEquals(0, ended.code, ended.said);
        }
    }

    @Test void aMissingBoundIsFound() throws IOException, InterruptedException {
        Path driver = driverForAddresses(planted("random.cu", "if (block >= n / 4 + (n % 4 != 0)) return;", ";"));
        java(driver, preloaded(), List.of("gannet.kernel.Bits", "cuda", "TINY")).found("AddressSanitizer: heap-buffer-overflow", "random.cu");
    }

    /// PTX that was made before a kernel got another parameter.
    @Test void stalePtxIsRefused() {
        var probes = new Probes();
        String ptx = Ptx.shipped().getFirst().text();
        FakeDriver.set(probes.library, "quiet", 1);
        assertEquals(CUresult.CUDA_SUCCESS, Probes.load(new CUmodule(), ptx));
        assertEquals(CUresult.CUDA_ERROR_INVALID_PTX, Probes.load(new CUmodule(), ptx.replaceFirst("\\.param \\.u32", ".param .u64")));
        assertEquals(CUresult.CUDA_ERROR_INVALID_PTX, Probes.load(new CUmodule(), ptx.replaceFirst("\\.entry (\\w+)", ".entry $1_renamed")));
        FakeDriver.reset(probes.library);
    }
}
