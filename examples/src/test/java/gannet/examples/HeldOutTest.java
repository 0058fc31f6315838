package gannet.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.io.Checkpoint;
import gannet.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a run is measured by at its saves, and the best generator that it keeps by that.
class HeldOutTest {
    @TempDir Path folder;
    private Path data;

    @BeforeEach void writeData() throws IOException {
        data = Cli.data(folder.resolve("data"), 120);
    }

    private RunFolder train(String name, String recipe, Object... more) {
        Path run = folder.resolve(name);
        var words = new ArrayList<Object>(List.of("train", recipe, "--data", data, "--out", run, "--batch", 4, "--device", "scalar"));
        words.addAll(List.of(more));
        Cli.run(words.toArray()).ok();
        return new RunFolder(run);
    }

    /// The log's lines that hold figures of held-out images, by step.
    private static List<Map<?, ?>> measured(RunFolder run) throws IOException {
        var lines = new ArrayList<Map<?, ?>>();
        for (String line : Files.readAllLines(run.log())) {
            var report = (Map<?, ?>) Json.parse("log", line);
            if (report.containsKey("held_out")) lines.add(report);
        }
        return lines;
    }

    private static Map<?, ?> heldOut(Map<?, ?> line) {
        return (Map<?, ?>) line.get("held_out");
    }

    private static double number(Map<?, ?> json, String key) {
        return ((Number) json.get(key)).doubleValue();
    }

    /// Measured at every step, and at the last alone.
    @ParameterizedTest
    @ValueSource(strings = {"mlp --noise 0.1 --norm-d spectral --ema 0.9", "mlp --pack 2 --augment", "mlp --augment ada --unroll 1",
        "mlp --loss relativistic-average --replay 6", "dcgan", "cgan --condition acgan", "infogan"})
    void measuringLeavesTheBitsAlone(String words) throws IOException {
        String[] recipe = words.split(" ");
        Object[] more = Stream.concat(Stream.of(recipe).skip(1), Stream.of("--steps", 4)).toArray();
        RunFolder seldom = train("seldom", recipe[0], more), often = train("often", recipe[0], Stream.concat(Stream.of(more), Stream.of("--save-every", 1)).toArray());
        assertEquals(Cli.bits(seldom.path(), 4), Cli.bits(often.path(), 4));
        assertEquals(List.of(4L), measured(seldom).stream().map(line -> line.get("step")).toList());
        assertEquals(List.of(1L, 2L, 3L, 4L), measured(often).stream().map(line -> line.get("step")).toList());
        assertEquals(heldOut(measured(seldom).getLast()), heldOut(measured(often).getLast()));
    }

    @Test void theLogSaysWhatTheFiguresAreOf() throws IOException {
        Map<?, ?> figures = heldOut(measured(train("run", "mlp", "--steps", 1)).getLast());
        assertEquals(List.of("images", "d_accuracy", "d_accuracy_train", "samples", "distance", "distance_floor", "distance_ceiling"), List.copyOf(figures.keySet()));
        assertEquals(12L, figures.get("images"), "as many as are held out, in batches of 4");
        assertEquals(12L, figures.get("samples"));
        assertTrue(number(figures, "distance_floor") > 0 && number(figures, "distance_floor") < number(figures, "distance_ceiling"), figures.toString());
        Map<?, ?> critic = heldOut(measured(train("critic", "mlp", "--steps", 1, "--loss", "wasserstein", "--clip", 0.01)).getLast());
        assertTrue(critic.containsKey("critic_gap") && critic.containsKey("critic_gap_train") && !critic.containsKey("d_accuracy"), critic.toString());
    }

    /// The held-out images are grey, as the untrained G's are, those trained on black and white: D knows only these.
    @Test void heldOutImagesThatLookFakeAreTakenForFakes() throws IOException {
        Path file = data.resolve("train-images-idx3-ubyte");
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, bytes.length - 12 * 28 * 28, bytes.length, (byte) 127);
        Files.write(file, bytes);
        Map<?, ?> figures = heldOut(measured(train("run", "mlp", "--steps", 60, "--lr-g", 1e-6, "--lr-d", 1e-3)).getLast());
        assertEquals(1, number(figures, "d_accuracy_train"), 0.1);
        assertEquals(0, number(figures, "d_accuracy"), 0.1);
    }

    @Test void theBestIsKept() throws IOException {
        RunFolder run = train("run", "mlp", "--steps", 8, "--save-every", 1, "--lr-g", 0.02); // it comes and goes
        Map<?, ?> best = measured(run).stream().min(Comparator.comparingDouble(line -> number(heldOut(line), "distance"))).orElseThrow();
        Map<String, String> metadata = Checkpoint.metadata(run.best());
        assertEquals(best.get("step").toString(), metadata.get("step"));
        assertEquals(number(heldOut(best), "distance"), Double.parseDouble(metadata.get("distance")), 1e-6);
        assertNotEquals("8", metadata.get("step"), "the last is not the best here");
        RunFolder until = train("until", "mlp", "--steps", metadata.get("step"), "--save-every", 1, "--lr-g", 0.02);
        assertEquals(Cli.sha256(until.best()), Cli.sha256(run.best()), "what comes after it changes nothing");
        String sampled = Cli.run("sample", run.path(), "--weights", "best", "--device", "scalar").ok();
        assertTrue(sampled.contains("of step " + metadata.get("step")) && sampled.contains("sample-64-best-seed-0.png"), sampled);
        assertEquals(Cli.sha256(until.sample(Long.parseLong(metadata.get("step")))), Cli.sha256(run.path().resolve("sample-64-best-seed-0.png")), "the grid of that step");
    }

    @ParameterizedTest @ValueSource(strings = {"", "--ema 0.5"}) void theBestOutlivesAnInterruption(String words) throws IOException {
        Object[] remedy = words.isEmpty() ? new Object[0] : words.split(" ");
        Object[] all = Stream.concat(Stream.of("--save-every", 1, "--lr-g", 0.02), Stream.of(remedy)).toArray();
        RunFolder whole = train("whole", "mlp", Stream.concat(Stream.of(all), Stream.of("--steps", 8)).toArray());
        RunFolder stopped = train("stopped", "mlp", Stream.concat(Stream.of(all), Stream.of("--steps", 5)).toArray());
        Cli.run("train", "--out", stopped.path(), "--steps", 8).ok();
        assertEquals(Cli.sha256(whole.best()), Cli.sha256(stopped.best()));
        assertFalse(Files.readString(stopped.log()).isEmpty());
    }

    /// At first G heeds no code; what Q can read of it afterwards is at most ln 10.
    @Test void infoganSaysHowMuchOfItsCodeShows() throws IOException {
        RunFolder run = train("run", "infogan", "--steps", 1, "--batch", 8);
        Map<?, ?> untrained = heldOut(measured(run).getLast());
        assertEquals(Math.log(10), number(untrained, "code_entropy"), 1e-6);
        assertTrue(number(untrained, "code_information") < 0.5, untrained.toString());
        String said = Cli.run("train", "--out", run.path(), "--steps", 25).ok();
        double trained = number(heldOut(measured(run).getLast()), "code_information");
        assertTrue(trained > number(untrained, "code_information") && trained <= Math.log(10), "after 25 steps: " + trained);
        assertTrue(said.contains("Q reads ") && said.contains(" of the code's 2.30 nats"), said);
    }

    @Test void codesAreReadInBatchesOfMoreThanAreDrawn() throws IOException {
        Map<?, ?> figures = heldOut(measured(train("run", "infogan", "--steps", 1, "--batch", 100)).getLast());
        assertTrue(number(figures, "samples") == 12 && figures.containsKey("code_information"), figures.toString());
    }

    /// A run that was killed between the best and the checkpoint, and ends earlier than it would have.
    @Test void theBestIsNoneOfALaterStep() throws IOException {
        RunFolder longer = train("longer", "mlp", "--steps", 8), run = train("run", "mlp", "--steps", 1);
        Files.copy(longer.best(), run.best(), StandardCopyOption.REPLACE_EXISTING);
        assertEquals("8", Checkpoint.metadata(run.best()).get("step"));
        Cli.run("train", "--out", run.path(), "--steps", 2).ok();
        assertEquals("2", Checkpoint.metadata(run.best()).get("step"));
    }

    @Test void aDamagedBestStopsNothingBeforeItIsSaid() throws IOException {
        RunFolder run = train("run", "mlp", "--steps", 1);
        byte[] best = Files.readAllBytes(run.best()), config = Files.readAllBytes(run.config());
        Files.write(run.best(), Arrays.copyOf(best, 100));
        Cli.Result refused = Cli.run("train", "--out", run.path(), "--steps", 2);
        assertEquals(3, refused.code());
        assertTrue(refused.line().contains("delete it, and the best is looked for from here on"), refused.line());
        assertArrayEquals(config, Files.readAllBytes(run.config()));
        Files.delete(run.best());
        Cli.run("train", "--out", run.path(), "--steps", 2).ok();
        assertEquals("2", Checkpoint.metadata(run.best()).get("step"));
    }

    @Test void weightsOfARunThatIsNotThere() {
        Cli.Result refused = Cli.run("sample", folder.resolve("nowhere"), "--weights", "best");
        assertEquals(3, refused.code());
        assertTrue(refused.line().contains("not a run folder"), refused.line());
    }

    @Test void fromTakesARunWithTheSamePrior() throws IOException {
        RunFolder uniform = train("uniform", "mlp", "--steps", 1, "--prior", "uniform");
        Cli.Result refused = Cli.trainMlp(data, folder.resolve("other"), "--steps", 1, "--from", uniform.path());
        assertTrue(refused.code() == 2 && refused.line().contains("prior is uniform, this run's normal"), refused.line());
        Cli.Result nowhere = Cli.trainMlp(data, folder.resolve("other"), "--steps", 1, "--from", folder.resolve("nowhere"));
        assertTrue(nowhere.code() == 2 && nowhere.line().contains("--from") && nowhere.line().contains("expected a run's folder"), nowhere.line());
        Cli.trainMlp(data, folder.resolve("other"), "--steps", 1, "--from", uniform.path(), "--prior", "uniform").ok();
    }
}
