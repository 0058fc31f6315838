package gannet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.io.Checkpoint;
import gannet.io.Safetensors;
import gannet.kernel.BackEnd;
import gannet.kernel.BackEnds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each way to fail: its exit code, and one line that says what to do.
class ExitCodeTest {
    @TempDir Path folder;
    private Path data, run;

    @BeforeEach void writeData() throws IOException {
        data = Cli.data(folder.resolve("data"), 20);
        run = folder.resolve("run");
    }

    private static void fails(int code, String part, Cli.Result result) {
        assertEquals(code, result.code(), result.err());
        assertTrue(result.line().contains(part), result.line());
    }

    @Test void usage() {
        fails(2, "did you mean --batch?", Cli.trainMlp(data, run, "--bath", 3));
        fails(2, "did you mean train?", Cli.run("trian"));
        fails(2, "did you mean --version?", Cli.run("--versoin"));
        fails(2, "which command?", Cli.run());
        fails(2, "'evaluate' is not in this version", Cli.run("evaluate", run));
        fails(2, "--batch 19 is more than the 18 images", Cli.trainMlp(data, run, "--batch", 19));
        fails(2, "nearest: 'scalar'", Cli.trainMlp(data, run, "--device", "scala"));
        fails(2, "--precision tf32 (or -Dgannet.precision): device 'scalar' has no tensor cores", Cli.trainMlp(data, run, "--precision", "tf32"));
        fails(2, "one recipe", Cli.run("train", "mlp", "dcgan"));
        fails(2, "sample needs one run folder", Cli.run("sample"));
        fails(2, "ends in .png or .npy", saved("--out", folder.resolve("x.gif")));
        fails(2, "has none; it has: last, best", saved("--weights", "ema"));
        fails(2, "did you mean best?", saved("--weights", "bes"));
        fails(2, "trained without classes", saved("--class", 3));
        fails(2, "--out FILE.npy", saved("--count", 700_000, "--out", folder.resolve("x.png")));
        fails(2, "choose --device reference", otherElements());
        assertFalse(Files.exists(run.resolve("x.gif")));
    }

    /// A generator that was trained in doubles, drawn from in floats.
    private Cli.Result otherElements() {
        Path doubles = folder.resolve("doubles");
        Cli.run("train", "mlp", "--data", data, "--out", doubles, "--batch", 2, "--device", "reference", "--steps", 1, "--threads", 1).ok();
        return Cli.run("sample", doubles, "--device", "scalar");
    }

    @Test void valuesThatAreEmpty() {
        fails(2, "--data needs a value: DIR", Cli.run("train", "--data", ""));
        fails(2, "--out needs a value: RUN", Cli.run("train", "--out="));
        fails(2, "--from needs a value: RUN", Cli.run("train", "--set", "from="));
        fails(2, "sample needs one run folder", Cli.run("sample", ""));
    }

    private Cli.Result saved(Object... more) {
        Cli.trainMlp(data, run, "--steps", 1).ok();
        Object[] words = Arrays.copyOf(new Object[] {"sample", run, "--device", "scalar"}, 4 + more.length);
        System.arraycopy(more, 0, words, 4, more.length);
        return Cli.run(words);
    }

    @Test void badData() throws IOException {
        fails(3, "not a run folder, or nothing was saved yet", Cli.run("sample", folder.resolve("none"), "--device", "scalar"));
        fails(3, "no such folder", Cli.trainMlp(folder.resolve("none"), run));
        Cli.labels(data, 19);
        fails(3, "has 19 labels, expected 20", Cli.trainMlp(data, run));
        Path images = data.resolve("train-images-idx3-ubyte");
        Files.write(images, Arrays.copyOf(Files.readAllBytes(images), 5000));
        fails(3, "the file is cut short", Cli.trainMlp(data, run));
        Files.write(images, new byte[] {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8});
        Files.delete(data.resolve("train-labels-idx1-ubyte"));
        fails(3, "recipe 'mlp' needs 28×28×1", Cli.trainMlp(data, run));
        assertFalse(Files.exists(run), "nothing was begun");
    }

    @Test void badCheckpoint() throws IOException {
        Cli.trainMlp(data, run, "--steps", 1).ok();
        Path checkpoint = run.resolve("checkpoint.safetensors");
        Files.write(checkpoint, Arrays.copyOf(Files.readAllBytes(checkpoint), 1000));
        fails(3, checkpoint.toString(), Cli.trainMlp(data, run, "--steps", 2));
        Files.delete(checkpoint);
        String log = Files.readString(run.resolve("log.jsonl"));
        fails(3, "is missing, though generator.safetensors is there", Cli.trainMlp(data, run, "--steps", 2));
        assertEquals(log, Files.readString(run.resolve("log.jsonl")), "the log stays");
        Files.writeString(run.resolve("config.json"), "{");
        fails(3, "config.json", Cli.trainMlp(data, run, "--steps", 2));
    }

    /// A file that is whole, and whose metadata is right, but that no training can have left so.
    @Test void damagedStates() throws IOException {
        Cli.trainMlp(data, run, "--steps", 1).ok();
        damage("data.position", -1, 4);
        fails(3, "tensor 'data.position' holds what can't be", Cli.trainMlp(data, run, "--steps", 2));
        damage("data.position", 0, 0.5);
        fails(3, "expected whole numbers", Cli.trainMlp(data, run, "--steps", 2));
        damage("data.position", 0, 4);
        damage("trainer.steps", 7);
        fails(3, "is of step 1, its step counter is 7", Cli.trainMlp(data, run, "--steps", 9));
    }

    private void damage(String name, double... values) throws IOException {
        Path file = run.resolve("checkpoint.safetensors");
        var items = new ArrayList<Safetensors.Item>();
        Map<String, String> metadata = Checkpoint.metadata(file);
        try (var in = Safetensors.open(file)) {
            for (var entry : in.entries().values()) {
                double[] held = entry.name().equals(name) ? values : in.doubles(entry.name());
                items.add(new Safetensors.Item(entry.name(), entry.type(), entry.shape(), new Safetensors.Values.Deferred(to ->
                        System.arraycopy(held, 0, to, 0, held.length))));
            }
        }
        Safetensors.write(file, items, metadata);
    }

    @Test void diverged() throws IOException {
        Cli.trainMlp(data, run, "--steps", 2).ok();
        String before = Cli.sha256(run.resolve("checkpoint.safetensors"));
        Path other = folder.resolve("other");
        var result = Cli.trainMlp(data, other, "--lr-g", "9e17", "--save-every", 1);
        fails(4, "diverged", result);
        assertTrue(result.line().contains("step 2 ") && result.line().contains("in layer generator."), result.line());
        assertTrue(result.line().contains("the last good checkpoint is " + other.resolve("checkpoint.safetensors")), result.line());
        assertEquals(before, Cli.sha256(run.resolve("checkpoint.safetensors")));
    }

    @Test void refusedByThePreflight() throws IOException {
        fails(6, "pre-flight: after 1000 steps", Cli.trainMlp(data, run, "--preflight", "--lr-d", "1e-30"));
        assertFalse(Files.exists(run), "nothing was begun");
        Cli.trainMlp(data, run, "--preflight", "--steps", 1).ok();
        Cli.trainMlp(data, folder.resolve("plain"), "--steps", 1).ok();
        assertEquals(Cli.bits(folder.resolve("plain"), 1), Cli.bits(run, 1), "a pre-flight leaves no trace");
    }

    @Test void missingDevice() {
        for (BackEnd each : BackEnds.all())
            if (!each.missing().isEmpty()) fails(69, "device '" + each.name() + "' can't be had", Cli.trainMlp(data, run, "--device",
                    each.name()));
    }

    @Test void unwritable() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        for (Path out : new Path[] {file, file.resolve("run")})
            fails(74, "cannot write the run folder " + out + ": " + file + " is a file, expected a folder", Cli.trainMlp(data, out));
        Cli.trainMlp(data, run, "--steps", 1).ok();
        fails(74, "there is no folder", Cli.run("sample", run, "--device", "scalar", "--out", folder.resolve("none").resolve("x.png")));
        Path full = folder.resolve("full");
        Files.createDirectories(full);
        Files.writeString(full.resolve("notes.txt"), "mine");
        fails(2, "holds other files and no run", Cli.trainMlp(data, full));
    }

    @Test void helpAndVersion() throws IOException {
        assertTrue(Cli.run("--help").ok().contains("train [RECIPE]"));
        for (String command : new String[] {"train", "sample"}) assertTrue(Cli.run(command, "--help").ok().contains("--seed N"));
        assertEquals("gannet " + Main.VERSION + "\n", Cli.run("--version").ok());
        assertTrue(Files.readString(Path.of("pom.xml")).contains("<version>" + Main.VERSION + "</version>"), "the version is the build's");
    }
}
