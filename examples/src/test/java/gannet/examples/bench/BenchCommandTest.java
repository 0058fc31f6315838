package gannet.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.examples.UsageException;
import gannet.io.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return BenchCommand.run(List.of(arguments), new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @Test void aCaseIsALineWithThePeersFields() throws Exception {
        assertEquals(0, run("--device", "scalar", "--threads", "1", "--seconds", "0", "--only", "sgemm_256x|sgemm_64x6272"));
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(2, lines.size(), lines.toString());
        var line = (Map<?, ?>) Json.parse("line", lines.getFirst());
        assertEquals("[peer, case, threads, median_ms, min_ms, reps, cpu_ms, others, gflops]", line.keySet().toString());
        assertEquals("gannet", line.get("peer"));
        assertEquals("sgemm_256x256x256", line.get("case"));
        assertEquals(1L, line.get("threads"));
        assertEquals(5L, line.get("reps"));
        double median = number(line, "median_ms");
        assertTrue(number(line, "min_ms") > 0 && number(line, "min_ms") <= median, lines.getFirst());
        assertEquals(2 * 256 * 256 * 256 / median / 1e6, number(line, "gflops"), 0.02 * number(line, "gflops"));
    }

    private static double number(Map<?, ?> line, String key) {
        return ((Number) line.get(key)).doubleValue();
    }

    @Test void theBackEndIsNamedOnStandardErrorInOneLine() {
        run("--device", "scalar", "--seconds", "0", "--only", "sgemm_256x");
        List<String> lines = err.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(1, lines.size(), lines.toString());
        assertTrue(lines.getFirst().startsWith("device: scalar"), lines.getFirst());
    }

    @Test void helpNamesEveryOption() {
        assertEquals(0, run("--help"));
        for (String option : List.of("--only REGEX", "--threads N", "--seconds S", "--device D", "--precision NAME"))
            assertTrue(out.toString(StandardCharsets.UTF_8).contains(option), option);
    }

    @Test void badInputSaysWhatWasExpected() {
        refused("--threads 0: expected 1 to 1024", "--threads", "0");
        refused("--seconds -1.0: expected 0 or more", "--seconds", "-1");
        refused("not a regular expression", "--only", "step_(");
        refused("the cases are sgemm_256x256x256, ", "--only", "step_vae");
        refused("to choose cases: --only REGEX", "step_mlp");
        refused("device 'scalar' has no tensor cores", "--device", "scalar", "--precision", "tf32", "--only", "step_mlp");
        refused("did you mean fp32?", "--precision", "fp23", "--only", "step_mlp");
        refused("--device sclar: there is no device 'sclar'; nearest: 'scalar'", "--device", "sclar", "--only", "step_mlp");
    }

    private void refused(String part, String... arguments) {
        String message = assertThrows(UsageException.class, () -> run(arguments)).getMessage();
        assertTrue(message.contains(part) && !message.contains("\n"), message);
        assertEquals("", out.toString(StandardCharsets.UTF_8));
    }
}
