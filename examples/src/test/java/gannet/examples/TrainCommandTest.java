package gannet.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.io.Checkpoint;
import gannet.io.Json;
import gannet.io.Npy;
import gannet.io.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
    @TempDir Path folder;
    private Path data, run;

    @BeforeEach void writeData() throws IOException {
        data = Cli.data(folder.resolve("data"), 40);
        run = folder.resolve("run");
    }

    private List<Map<?, ?>> log() throws IOException {
        var lines = new ArrayList<Map<?, ?>>();
        for (String line : Files.readAllLines(run.resolve("log.jsonl"))) lines.add((Map<?, ?>) Json.parse("log", line));
        return lines;
    }

    @Test void fillsTheRunFolder() throws IOException {
        var result = Cli.trainMlp(data, run, "--steps", 12, "--sample-every", 5, "--seed", 3);
        String out = result.ok();
        assertTrue(out.contains("12 steps") && out.contains(run.resolve("samples").resolve("step-000012.png").toString()), out);
        assertTrue(result.err().contains("step 12/12"), result.err());
        for (int step : new int[] {5, 10, 12}) assertTrue(Files.exists(new RunFolder(run).sample(step)), "grid of step " + step);
        assertEquals(8 * 28 * 2 + 7 * 2, ImageIO.read(new RunFolder(run).sample(12).toFile()).getWidth());
        assertEquals(List.of(1L, 10L, 12L), log().stream().map(line -> line.get("step")).toList());
        for (String key : List.of("d_loss", "g_loss", "d_accuracy_real", "d_accuracy_fake", "d_gradient_norm", "g_gradient_norm",
                "images_per_second"))
            assertTrue(log().getLast().get(key) instanceof Number, key);
        var config = (Map<?, ?>) Json.read(run.resolve("config.json"));
        assertEquals("mlp", config.get("recipe"));
        assertEquals(3L, config.get("seed"));
        var metadata = Checkpoint.metadata(run.resolve("checkpoint.safetensors"));
        assertEquals("12", metadata.get("step"));
        assertTrue(metadata.get("backend").startsWith("scalar"), metadata.toString());
        assertFalse(metadata.toString().contains(folder.toString()), "a checkpoint holds no path");
        assertFalse(metadata.containsKey("threads") || metadata.containsKey("time"), metadata.toString());
    }

    @Test void answersInJson() throws IOException {
        var json = (Map<?, ?>) Json.parse("result", Cli.trainMlp(data, run, "--steps", 2, "--json").ok());
        assertEquals(2L, json.get("steps"));
        assertEquals(true, json.get("complete"));
        assertTrue(Files.exists(Path.of((String) json.get("grid"))));
        assertTrue(Files.exists(Path.of((String) json.get("checkpoint"))));
    }

    @Test void aDryRunDoesNothing() {
        assertTrue(Cli.trainMlp(data, run, "--dry-run").ok().contains("36 images to train on, 4 held out"));
        assertFalse(Files.exists(run));
    }

    @Test void readsAConfigurationUnderWhatIsTyped() throws IOException {
        Path config = folder.resolve("my.json");
        Files.writeString(config, "{\"recipe\": \"mlp\", \"batch\": 6, \"lr-g\": 0.001, \"seed\": 5}");
        Cli.run("train", "--config", config, "--set", "seed=6", "--set", "batch=5", "--batch", 4, "--data", data, "--out", run, "--steps", 1,
                "--device", "scalar").ok();
        var written = (Map<?, ?>) Json.read(run.resolve("config.json"));
        assertEquals(List.of("mlp", 4L, 6L, 0.001), List.of(written.get("recipe"), written.get("batch"), written.get("seed"),
                written.get("lr-g")));
    }

    @Test void anotherLossOrRecipeTakesNoRatesFromTheConfiguration() throws IOException {
        Path config = folder.resolve("dcgan.json");
        Files.writeString(config, Json.lines(Settings.of(Map.of("batch", 4L, "device", "scalar", "steps", 1L, "data", data.toString())).values()));
        var critic = dryRun("--config", config, "--loss", "wasserstein", "--clip", 0.01);
        assertEquals(List.of(5e-5, 5e-5, "5:1"), List.of(critic.get("lr-g"), critic.get("lr-d"), critic.get("alternate")));
        assertEquals("none", dryRun("--config", config, "mlp").get("norm-d"));
        assertEquals("none", dryRun("--config", config, "--set", "penalty=gradient").get("norm-d"));
        assertEquals(1e-3, dryRun("--config", config, "mlp", "--lr-g", 1e-3).get("lr-g"), "what is typed stays");
        Files.writeString(config, "{\"lr-g\": 0.001, \"beta1\": 0.9}");
        assertNull(dryRun("--config", config, "--optimizer", "rmsprop").get("beta1"), "another optimiser takes no β");
        assertEquals(0.9, dryRun("--config", config, "--steps", 9).get("beta1"));
        assertEquals(1e-3, dryRun("--config", config, "dcgan", "--loss", "modified-minimax").get("lr-g"), "the same loss, said again");
    }

    private Map<?, ?> dryRun(Object... words) throws IOException {
        var all = new ArrayList<Object>(List.of("train", "--dry-run", "--json"));
        all.addAll(List.of(words));
        return (Map<?, ?>) Json.parse("settings", Cli.run(all.toArray()).ok());
    }

    @Test void namesWhatDiffersFromTheRun() throws IOException {
        Files.createDirectories(run);
        Json.write(run.resolve("config.json"), Settings.of(Map.of("penalty", "gradient")).values());
        var recipe = Cli.trainMlp(data, run);
        assertTrue(recipe.code() == 2 && recipe.line().contains("recipe was dcgan, is mlp"), recipe.line());
        var loss = Cli.run("train", "--out", run, "--loss", "wasserstein", "--penalty", "gradient");
        assertTrue(loss.code() == 2 && loss.line().contains("other settings: loss was modified-minimax, is wasserstein;"), loss.line());
    }

    @Test void goesOnOnlyWithTheSameSettings() throws IOException {
        Cli.trainMlp(data, run, "--steps", 2).ok();
        var complete = Cli.trainMlp(data, run, "--steps", 2);
        assertTrue(complete.ok().contains("is complete: 2 steps"), complete.out());
        var other = Cli.trainMlp(data, run, "--steps", 3, "--seed", 1, "--lr-g", 0.1);
        assertEquals(2, other.code());
        assertTrue(other.line().contains("seed was 0, is 1; lr-g was 2.0E-4, is 0.1"), other.line());
        assertEquals(2, Cli.trainMlp(data, run, "--steps", 1).code(), "a smaller total");
        Path moved = Cli.data(folder.resolve("moved"), 40), others = Cli.data(folder.resolve("others"), 41);
        Cli.trainMlp(moved, run, "--steps", 3).ok();
        var otherData = Cli.trainMlp(others, run, "--steps", 4);
        assertTrue(otherData.code() == 2 && otherData.line().contains("data was 36x28x28x1"), otherData.line());
        Cli.trainMlp(data, run, "--steps", 1, "--seed", 1, "--new").ok();
        assertEquals("1", Checkpoint.metadata(folder.resolve("run-2").resolve("checkpoint.safetensors")).get("step"));
        assertEquals("3", Checkpoint.metadata(run.resolve("checkpoint.safetensors")).get("step"));
    }

    @Test void dropsLogLinesPastTheCheckpoint() throws IOException {
        Cli.trainMlp(data, run, "--steps", 2).ok();
        Files.writeString(run.resolve("log.jsonl"), Files.readString(run.resolve("log.jsonl")) + "{\"step\":3}\n{\"step\":");
        Cli.trainMlp(data, run, "--steps", 4).ok();
        assertEquals(List.of(1L, 2L, 3L, 4L), log().stream().map(line -> line.get("step")).toList());
        assertTrue(log().get(2).containsKey("g_loss"));
    }

    @Test void endsByTime() throws IOException {
        Cli.trainMlp(data, run, "--time", "0.3s").ok();
        long steps = (Long) log().getLast().get("step");
        assertTrue(steps > 0 && (Double) log().getLast().get("seconds") >= 0.3, log().toString());
        assertTrue(Cli.trainMlp(data, run, "--time", "0.3s").ok().contains("is complete"));
    }

    @Test void startsFromAnotherRunsWeights() throws IOException {
        Cli.trainMlp(data, run, "--steps", 3).ok();
        Path other = folder.resolve("other"), third = folder.resolve("third");
        Cli.trainMlp(data, other, "--steps", 1, "--from", run, "--lr-g", "1e-30", "--lr-d", "1e-30", "--seed", 9).ok();
        assertArrayEquals(sample(run), sample(other), "the weights are the other run's");
        var refused = Cli.run("train", "dcgan", "--from", run, "--data", data, "--out", third, "--batch", 4, "--device", "scalar");
        assertTrue(refused.code() == 2 && refused.line().contains("its recipe is mlp"), refused.line());
    }

    /// Settings that a run's files don't name, since they are younger than it is, had their defaults then: it is gone on with, started from and sampled.
    @Test void knowsRunsFromBeforeASetting() throws IOException {
        Cli.trainMlp(data, run, "--steps", 1).ok();
        var folder = new RunFolder(run);
        for (Path file : List.of(folder.checkpoint(), folder.generator())) withoutMetadata(file, "prior", "minibatch-stddev");
        Json.write(folder.config(), Map.of("recipe", "mlp", "data", data.toString(), "batch", 4L, "steps", 1L, "device", "scalar"));
        Cli.run("sample", run, "--device", "scalar").ok();
        assertEquals(Cli.sha256(folder.sample(1)), Cli.sha256(run.resolve("sample-64-seed-0.png")));
        Cli.trainMlp(data, this.folder.resolve("from"), "--steps", 1, "--from", run).ok();
        Cli.run("train", "--out", run, "--steps", 2).ok();
        assertEquals("normal", Checkpoint.metadata(folder.checkpoint()).get("prior"));
    }

    private static void withoutMetadata(Path file, String... keys) throws IOException {
        var items = new ArrayList<Safetensors.Item>();
        Map<String, String> metadata;
        try (var in = Safetensors.open(file)) {
            metadata = new TreeMap<>(in.metadata());
            for (var entry : in.entries().values()) {
                double[] values = in.doubles(entry.name());
                items.add(new Safetensors.Item(entry.name(), entry.type(), entry.shape(), new Safetensors.Values.Deferred(to -> System.arraycopy(values, 0, to, 0, to.length))));
            }
        }
        for (String key : keys) metadata.remove(key);
        Safetensors.write(file, items, metadata);
    }

    private float[] sample(Path run) throws IOException {
        Path file = run.resolve("x.npy");
        Cli.run("sample", run, "--count", 2, "--seed", 1, "--out", file, "--device", "scalar").ok();
        return Npy.read(file).values();
    }

    @Test void trainsACriticBothWays() throws IOException {
        Cli.trainMlp(data, run, "--steps", 2, "--loss", "wasserstein", "--clip", 0.01).ok();
        assertNull(log().getLast().get("d_accuracy_real"), "a critic has no accuracy");
        assertEquals(-(Double) log().getLast().get("d_loss"), (Double) log().getLast().get("critic_gap"), 1e-6);
        try (var in = Safetensors.open(run.resolve("checkpoint.safetensors"))) {
            for (double w : in.doubles("discriminator.1.weight")) assertTrue(Math.abs(w) <= (float) 0.01, "clipped: " + w);
        }
        Path penalised = folder.resolve("penalised");
        Cli.run("train", "dcgan", "--data", data, "--out", penalised, "--batch", 2, "--device", "scalar", "--steps", 1, "--loss",
                "wasserstein", "--penalty", "gradient",
                "--alternate", "2:1").ok();
        assertEquals("gradient:10.0", ((Map<?, ?>) Json.read(penalised.resolve("config.json"))).get("penalty"));
    }

    @Test void namesNewFoldersByNumber() throws IOException {
        assertEquals("001-mlp-my-data", RunFolder.next(folder.resolve("runs"), "mlp", "My data").path().getFileName().toString());
        Files.createDirectories(folder.resolve("runs").resolve("041-dcgan-x"));
        Files.createDirectories(folder.resolve("runs").resolve("x-99"));
        assertEquals("042-mlp-d", RunFolder.next(folder.resolve("runs"), "mlp", "d").path().getFileName().toString());
    }

    @Test void takesANumberOfItsOwn() throws Exception {
        Path runs = folder.resolve("runs");
        var taken = ConcurrentHashMap.<Path>newKeySet();
        try (var threads = Executors.newFixedThreadPool(8)) {
            var all = new ArrayList<Future<RunFolder>>();
            for (int i = 0; i < 40; i++) all.add(threads.submit(() -> RunFolder.take(runs, "mlp", "d")));
            for (var each : all) assertTrue(taken.add(each.get().path()), "taken twice: " + each.get());
        }
        assertEquals(40, taken.size());
        for (Path each : taken) assertTrue(Files.isDirectory(each), each.toString());
        assertFalse(Files.exists(RunFolder.next(runs, "mlp", "d").path()), "a name alone makes nothing");
    }

    @Test void oneProcessTrainsInAFolder() throws IOException {
        Cli.trainMlp(data, run, "--steps", 1).ok();
        assertTrue(Files.exists(run.resolve(".lock")), "it stays, so that all lock the same file");
        String before = Cli.sha256(run.resolve("checkpoint.safetensors"));
        try (var _ = new RunFolder(run).claim()) {
            var second = Cli.trainMlp(data, run, "--steps", 2);
            assertTrue(second.code() == 2 && second.line().contains("is being trained by another process"), second.line());
        }
        assertEquals(before, Cli.sha256(run.resolve("checkpoint.safetensors")));
        Cli.trainMlp(data, run, "--steps", 2).ok();
        Path empty = Files.createDirectories(folder.resolve("empty"));
        try (var _ = new RunFolder(empty).claim()) {
            assertEquals(2, Cli.trainMlp(data, empty, "--steps", 1).code());
        }
        Cli.trainMlp(data, empty, "--steps", 1).ok();
    }

    @Test void aFolderBesideHasAName() throws IOException {
        Path x = folder.resolve("x");
        assertEquals(folder.resolve("x-2"), new RunFolder(x.resolve(".")).beside().path());
        assertEquals(folder.resolve("x-2"), new RunFolder(x.resolve("y").resolve("..")).beside().path());
        Path here = Path.of("").toAbsolutePath();
        assertEquals(here.resolveSibling(here.getFileName() + "-2"), new RunFolder(Path.of(".")).beside().path());
        var refused = Cli.run("train", "--out", "/", "--new", "--dry-run");
        assertTrue(refused.code() == 2 && refused.line().contains("--out / --new"), refused.line());
    }

    @Test void samplesImagesAndNumbers() throws IOException {
        Cli.trainMlp(data, run, "--steps", 2).ok();
        String out = Cli.run("sample", run, "--device", "scalar").ok();
        Path grid = run.resolve("sample-64-seed-0.png");
        assertTrue(out.contains("64 images of step 2: " + grid), out);
        assertEquals(Cli.sha256(new RunFolder(run).sample(2)), Cli.sha256(grid), "the run's own grid");
        Path few = folder.resolve("few.npy"), many = folder.resolve("many.npy");
        Cli.run("sample", run, "--device", "scalar", "--count", 3, "--seed", 8, "--out", few).ok();
        Cli.run("sample", run, "--device", "scalar", "--count", 300, "--seed", 8, "--out", many).ok();
        Npy all = Npy.read(many);
        assertArrayEquals(new int[] {300, 28, 28, 1}, all.shape());
        assertArrayEquals(Npy.read(few).values(), Arrays.copyOf(all.values(), 3 * 784));
        assertFalse(Arrays.equals(Arrays.copyOf(all.values(), 784), Arrays.copyOfRange(all.values(), 256 * 784, 257 * 784)),
                "the second chunk has z of its own");
        for (float x : all.values()) assertTrue(x >= -1 && x <= 1, "value " + x);
        assertNotEquals(0, Cli.run("sample", run, "--weights", "ema").code());
    }
}
