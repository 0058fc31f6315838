package gannet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.kernel.BackEnd;
import gannet.kernel.BackEnds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
        fails(2, "one recipe", Cli.run("train", "mlp", "dcgan"));
        fails(2, "sample needs one run folder", Cli.run("sample"));
        fails(2, "ends in .png or .npy", saved("--out", folder.resolve("x.gif")));
        fails(2, "has none; it has: last", saved("--weights", "best"));
        fails(2, "trained without classes", saved("--class", 3));
        assertFalse(Files.exists(run.resolve("x.gif")));
    }

    private Cli.Result saved(Object... more) {
        Cli.trainMlp(data, run, "--steps", 1).ok();
        Object[] words = Arrays.copyOf(new Object[] {"sample", run, "--device", "scalar"}, 4 + more.length);
        System.arraycopy(more, 0, words, 4, more.length);
        return Cli.run(words);
    }

    @Test void badData() throws IOException {
        fails(3, "no such file", Cli.run("sample", folder.resolve("none"), "--device", "scalar"));
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
        Files.writeString(run.resolve("config.json"), "{");
        fails(3, "config.json", Cli.trainMlp(data, run, "--steps", 2));
    }

    @Test void diverged() throws IOException {
        Cli.trainMlp(data, run, "--steps", 2).ok();
        String before = Cli.sha256(run.resolve("checkpoint.safetensors"));
        Path other = folder.resolve("other");
        var result = Cli.trainMlp(data, other, "--lr-g", "1e30", "--save-every", 1);
        fails(4, "diverged", result);
        assertTrue(result.line().contains("step 2 ") && result.line().contains("in layer generator."), result.line());
        assertTrue(result.line().contains("the last good checkpoint is " + other.resolve("checkpoint.safetensors")), result.line());
        assertEquals(before, Cli.sha256(run.resolve("checkpoint.safetensors")));
    }

    @Test void missingDevice() {
        for (BackEnd each : BackEnds.all())
            if (!each.missing().isEmpty()) fails(69, "device '" + each.name() + "' can't be had", Cli.trainMlp(data, run, "--device",
                    each.name()));
    }

    @Test void unwritable() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        fails(74, "cannot write the run folder", Cli.trainMlp(data, file.resolve("run")));
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
