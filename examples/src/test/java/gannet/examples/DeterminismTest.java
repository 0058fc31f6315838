package gannet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The same seed gives the same bits, on any number of threads, stopped and resumed or not.
class DeterminismTest {
    @TempDir Path folder;

    static List<String> devices() {
        return Cli.devices();
    }

    @Test void aBackEndIsThere() {
        assertFalse(devices().isEmpty());
    }

    private Path train(String name, String device, Object... more) throws IOException {
        Path run = folder.resolve(name), data = Cli.data(folder.resolve("data"), 30);
        var words = new java.util.ArrayList<Object>(List.of("train", "dcgan", "--data", data, "--out", run, "--device", device, "--batch", 8));
        words.addAll(List.of(more));
        Cli.run(words.toArray()).ok();
        return run;
    }

    @ParameterizedTest
    @MethodSource("devices")
    void threadsAndInterruptionsLeaveTheBitsAlone(String device) throws IOException {
        List<String> one = Cli.bits(train("one", device, "--threads", 1, "--steps", 5), 5);
        assertEquals(one, Cli.bits(train("two", device, "--threads", 2, "--steps", 5), 5), device + ": 2 threads against 1");
        train("stopped", device, "--threads", 3, "--steps", 1);
        train("stopped", device, "--threads", 1, "--steps", 4, "--save-every", 2); // an epoch has 3 batches
        assertEquals(one, Cli.bits(train("stopped", device, "--threads", 3, "--steps", 5), 5), device
                + ": stopped twice, 3 threads, against unbroken, 1 thread");
        assertNotEquals(one.getFirst(), Cli.bits(train("other", device, "--steps", 5, "--seed", 1), 5).getFirst(), "another seed");
    }

    @Test void refusesACheckpointOfAnotherBackEnd() throws IOException {
        Assumptions.assumeTrue(devices().size() >= 2, "one back end can't tell: the suite that has both runs it");
        Path run = train("scalar", "scalar", "--steps", 1);
        var result = Cli.run("train", "--out", run, "--device", "simd", "--steps", 2);
        assertEquals(2, result.code());
        assertEquals(true, result.line().contains("was written by back end scalar") && result.line().contains("--device"), result.line());
    }
}
