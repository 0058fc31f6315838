package gannet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import gannet.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
        var words = new ArrayList<Object>(List.of("train", "dcgan", "--data", data, "--out", run, "--device", device, "--batch", 8));
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

    static List<List<Object>> remedies() {
        List<List<Object>> cases = new ArrayList<>();
        for (String device : devices()) {
            cases.add(List.of(device, "--noise", "0.2:exponential", "--augment", "ada", "--replay", 6, "--ema", 0.9, "--accumulate", 2, "--lr-schedule", "linear", "--unroll", 1,
                    "--norm-d", "spectral", "--penalty", "r1:0.1+spectral+roth:0.1:anneal", "--smooth", 0.9));
            cases.add(List.of(device, "--pack", 2, "--minibatch-stddev", "--optimizer", "extra-adam", "--beta1", 0.2, "--beta2", 0.95, "--noise", "0.1:linear", "--ema", 0.5, "--loss", "hinge", "--lr-schedule", "cosine"));
            cases.add(List.of(device, "--augment", "--optimizer", "optimistic-adam", "--prior", "uniform", "--replay", 3, "--alternate", "2:1", "--penalty", "dragan+l2+drift", "--noise", 0.1));
        }
        return cases;
    }

    /// Stopped at step 2 of 4, resumed, and afterwards given one more, for which its schedules stay those of 4 steps.
    @ParameterizedTest
    @MethodSource("remedies")
    void remediesLeaveTheBitsAlone(List<Object> remedies) throws IOException {
        String device = (String) remedies.getFirst();
        var words = new ArrayList<Object>(List.of("mlp", "--device", device, "--batch", 4));
        words.addAll(remedies.subList(1, remedies.size()));
        boolean scheduled = remedies.contains("--lr-schedule");
        List<String> unbroken = bits(remedied("unbroken", words, "--steps", 4, "--threads", 1), 4);
        Path stopped = stoppedAt(2, words);
        assertEquals(unbroken, bits(remedied("stopped", words, "--steps", 4, "--threads", 2), 4), () -> words + ": resumed against unbroken");
        List<String> longer = bits(scheduled ? remedied("longer", words, "--steps", 5, "--schedule-steps", 4) : remedied("longer", words, "--steps", 5), 5);
        Cli.run("train", "--out", stopped, "--steps", 5).ok();
        assertEquals(longer, bits(stopped, 5), () -> words + ": given more steps");
    }

    private Path remedied(String name, List<Object> words, Object... more) throws IOException {
        Path run = folder.resolve(name), data = Cli.data(folder.resolve("data"), 30);
        var all = new ArrayList<Object>(List.of("train", "--data", data, "--out", run));
        all.addAll(words);
        all.addAll(List.of(more));
        Cli.run(all.toArray()).ok();
        return run;
    }

    private static List<String> bits(Path run, int step) throws IOException {
        var bits = new ArrayList<>(Cli.bits(run, step));
        Path averaged = new RunFolder(run).averagedGenerator();
        if (Files.exists(averaged)) bits.add(Cli.sha256(averaged));
        return bits;
    }

    /// A run of 4 steps that was killed right after the checkpoint of step `step`.
    private Path stoppedAt(int step, List<Object> words) throws IOException {
        Path run = Files.createDirectories(folder.resolve("stopped"));
        var all = new ArrayList<Object>(List.of("train", "--data", folder.resolve("data"), "--steps", 4, "--dry-run", "--json"));
        all.addAll(words);
        String config = Cli.run(all.toArray()).ok();
        Files.writeString(run.resolve("config.json"), config);
        var values = Settings.fromJson("config.json", Json.parse("config.json", config));
        values.values().removeIf(Objects::isNull);
        Settings settings = Settings.of(values);
        var experiment = new Experiment(settings, Data.load(settings.text("data")), TrainCommand.device(settings).kernels());
        for (int i = 0; i < step; i++) experiment.trainer().step();
        experiment.save(new RunFolder(run));
        return run;
    }

    @Test void refusesACheckpointOfAnotherBackEnd() throws IOException {
        Assumptions.assumeTrue(devices().size() >= 2, "one back end can't tell: the suite that has both runs it");
        Path run = train("scalar", "scalar", "--steps", 1);
        var result = Cli.run("train", "--out", run, "--device", "simd", "--steps", 2);
        assertEquals(2, result.code());
        assertEquals(true, result.line().contains("was written by back end scalar") && result.line().contains("--device"), result.line());
    }
}
