package gannet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.io.Checkpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real process and a real signal: training saves, says how to go on, and the run ends with the bits of an unbroken one.
class SignalTest {
    @TempDir Path folder;

    /// A process that is in the middle of training.
    private Process started(Path data, Path run, Path err) throws IOException, InterruptedException {
        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Main.class.getName(), "train", "mlp", "--data", data.toString(), "--out", run.toString(),
                "--device", "scalar", "--batch", "4", "--steps", "1000000", "--save-every", "1000000")
                .redirectError(err.toFile()).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        for (int i = 0; i < 600 && process.isAlive() && !Files.exists(run.resolve("log.jsonl")); i++) Thread.sleep(50);
        return process;
    }

    @Test void saysThatNothingWasSavedAndExitsWith74() throws IOException, InterruptedException {
        Path data = Cli.data(folder.resolve("data"), 40), run = folder.resolve("run"), err = folder.resolve("err");
        var process = started(data, run, err);
        Files.createDirectory(run.resolve("checkpoint.safetensors")); // no file can take its place
        process.destroy();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ends");
        String said = Files.readString(err, StandardCharsets.UTF_8);
        assertEquals(74, process.exitValue(), said);
        assertTrue(said.contains("gannet: interrupted, and NOT saved: cannot write " + run.resolve("checkpoint.safetensors")), said);
    }

    @Test void savesAndExitsWith143() throws IOException, InterruptedException {
        Path data = Cli.data(folder.resolve("data"), 40), run = folder.resolve("run"), err = folder.resolve("err");
        var process = started(data, run, err);
        process.destroy();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ends");
        String said = Files.readString(err, StandardCharsets.UTF_8);
        assertEquals(143, process.exitValue(), said);
        assertTrue(said.contains("to go on: ./gannet train --out " + run), said);

        int step = Integer.parseInt(Checkpoint.metadata(run.resolve("checkpoint.safetensors")).get("step"));
        assertTrue(step >= 1, "step " + step);
        assertTrue(Files.exists(new RunFolder(run).sample(step)), "the grid of the last step");
        Path unbroken = folder.resolve("unbroken");
        Cli.trainMlp(data, unbroken, "--steps", step).ok();
        assertEquals(Cli.bits(unbroken, step), Cli.bits(run, step));
    }
}
