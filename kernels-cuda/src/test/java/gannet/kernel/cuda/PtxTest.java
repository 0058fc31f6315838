package gannet.kernel.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The PTX that is shipped is what the sources give, and the compiler for every card takes it. None of this needs a card or a driver.
class PtxTest {
    /// For which cards the PTX for a capability is tried.
    private static final Map<Integer, List<Integer>> CARDS = Map.of(75, List.of(75), 80, List.of(80, 90));
    private static final Pattern SPILL = Pattern.compile("([1-9]\\d*) bytes spill (stores|loads)");

    @Test void everySourceIsShippedForBothCapabilities() {
        var expected = new TreeSet<String>();
        for (String source : Ptx.sources())
            for (int capability : Ptx.VERSIONS.keySet()) expected.add(source + "-" + capability + ".ptx");
        assertFalse(expected.isEmpty(), "there are no sources");
        assertEquals(expected, Ptx.shipped().stream().map(Ptx::toString).collect(Collectors.toCollection(TreeSet::new)), "make the PTX with kernels-cuda/ptx");
    }

    /// `ptx --check` compiles the sources again.
    @Test void isWhatTheSourcesGive() throws IOException, InterruptedException {
        assumeTrue(onThePath("nvcc"), "there is no nvcc on the PATH: whether the PTX is what the sources give was not looked at");
        Process check = new ProcessBuilder("sh", "ptx", "--check").redirectErrorStream(true).start();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(check.waitFor(1, TimeUnit.MINUTES), "ptx --check closed its output and goes on");
        assumeTrue(check.exitValue() != 3, said);
        assertEquals(0, check.exitValue(), said);
    }

    private static boolean onThePath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /// A driver refuses a `.version` above its own, and a `.target` above its card's.
    @TestFactory Stream<DynamicTest> loadsOnOldDrivers() {
        return Ptx.shipped().stream().map(ptx -> DynamicTest.dynamicTest(ptx.toString(), () -> {
            assertEquals(List.of(".version " + Ptx.VERSIONS.get(ptx.capability()), ".target sm_" + ptx.capability()),
                    ptx.text().lines().filter(line -> line.startsWith(".version") || line.startsWith(".target")).toList());
            assertFalse(ptx.text().contains(".extern"), "calls what is not in it");
        }));
    }

    @TestFactory Stream<DynamicTest> compilesForEveryCardWithoutSpilling() {
        return Ptx.shipped().stream().flatMap(ptx -> CARDS.get(ptx.capability()).stream().map(card -> DynamicTest.dynamicTest(ptx + " for sm_" + card, () -> {
            var outcome = PtxCompiler.compile(ptx.text().getBytes(StandardCharsets.US_ASCII), card);
            assertTrue(outcome.compiled(), outcome.log());
            assertFalse(outcome.log().toLowerCase(Locale.ROOT).contains("warning"), outcome.log());
            assertEquals(List.of(), spilling(outcome.log()), "kernels whose registers spill to memory");
            for (String kernel : ptx.kernels()) assertTrue(outcome.log().contains("'" + kernel + "'"), kernel + " was not compiled:\n" + outcome.log());
        })));
    }

    /// The log names a kernel on one line and its use of memory on a later one.
    private static List<String> spilling(String log) {
        var spilling = new ArrayList<String>();
        String kernel = "";
        for (String line : log.lines().toList()) {
            if (line.contains("Compiling entry function")) kernel = line.replaceFirst(".*Compiling entry function '(\\w+)'.*", "$1");
            for (MatchResult spill : SPILL.matcher(line).results().toList()) spilling.add(kernel + ": " + spill.group());
        }
        return spilling;
    }

    @Test void aCompilerThatRefusesIsSeen() {
        var tooNew = PtxCompiler.compile(".version 6.4\n.target sm_75\n.address_size 64\n.visible .entry k()\n{ .reg .f32 %f<2>; cvt.rna.tf32.f32 %f1, %f1; ret; }\n"
                .getBytes(StandardCharsets.US_ASCII), 75);
        assertTrue(!tooNew.compiled() && tooNew.log().contains("tf32"), tooNew.log());
    }

    @Test void spillingIsSeen() {
        assertEquals(List.of("a: 8 bytes spill stores", "a: 12 bytes spill loads"), spilling("""
                ptxas info    : Compiling entry function 'a' for 'sm_75'
                ptxas info    : Function properties for a
                    16 bytes stack frame, 8 bytes spill stores, 12 bytes spill loads
                ptxas info    : Compiling entry function 'b' for 'sm_75'
                    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads"""));
    }
}
