package gannet.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs with classes, from the command line.
class CganTest {
    private static final int SIZE = 28 * 28;

    @TempDir Path folder;
    private Path data, run;

    @BeforeEach void writeData() throws IOException {
        data = Cli.data(folder.resolve("data"), 30);
        run = folder.resolve("run");
    }

    private Cli.Result train(String recipe, Path run, Object... more) {
        var words = new ArrayList<Object>(List.of("train", recipe, "--data", data, "--out", run, "--batch", 2, "--device", "scalar"));
        words.addAll(List.of(more));
        return Cli.run(words.toArray());
    }

    private float[] sample(Object... more) throws IOException {
        Path file = folder.resolve("x.npy");
        var words = new ArrayList<Object>(List.of("sample", run, "--device", "scalar", "--out", file));
        words.addAll(List.of(more));
        Cli.run(words.toArray()).ok();
        return Npy.read(file).values();
    }

    private static float[] image(float[] images, int i) {
        return Arrays.copyOfRange(images, i * SIZE, (i + 1) * SIZE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cgan --condition projection", "cgan --condition concat", "cgan --condition acgan", "cgan --norm-d spectral --ema 0.9", "cgan --minibatch-stddev --condition projection --norm-d spectral", "cgan --norm-d layer --penalty r1:0.1", "infogan", "infogan --minibatch-stddev --norm-d layer"})
    void stoppedAndResumedToTheSameBits(String recipe) throws IOException {
        String[] words = recipe.split(" ");
        Object[] options = Arrays.copyOfRange(words, 1, words.length, Object[].class);
        Path whole = folder.resolve("whole");
        train(words[0], whole, with(options, "--steps", 3)).ok();
        train(words[0], run, with(options, "--steps", 1)).ok();
        train(words[0], run, with(options, "--steps", 3)).ok();
        assertEquals(Cli.bits(whole, 3), Cli.bits(run, 3));
    }

    private static Object[] with(Object[] options, Object... more) {
        var all = new ArrayList<>(List.of(options));
        all.addAll(List.of(more));
        return all.toArray();
    }

    @Test void samplesAClassByNumberOrNameWithoutTheData() throws IOException {
        train("cgan", run, "--steps", 2).ok();
        for (Path file : List.of(data.resolve("train-images-idx3-ubyte"), data.resolve("train-labels-idx1-ubyte"))) Files.delete(file);
        float[] bags = sample("--count", 3, "--class", "bag"), all = sample("--count", 25);
        assertArrayEquals(bags, sample("--count", 3, "--class", 8));
        assertFalse(Arrays.equals(bags, sample("--count", 3, "--class", 9)), "another class, other images of the same z");
        assertArrayEquals(image(bags, 1), image(all, 18), "image i of all is of class i modulo 10");
        assertArrayEquals(image(sample("--count", 300, "--class", 8), 2), image(bags, 2), "whatever the count");
        var json = (Map<?, ?>) Json.parse("json", Cli.run("sample", run, "--device", "scalar", "--class", "bag", "--json").ok());
        assertEquals(8L, json.get("class"));
        assertEquals(64L, json.get("count"));
        assertEquals("Bag", ((List<?>) json.get("classes")).get(8));
        assertTrue(Cli.run("sample", run, "--device", "scalar", "--class", 8).ok().contains("64 images of class 8 (Bag) of step 2"));
    }

    @Test void aGridHasARowForEachClass() throws IOException {
        train("cgan", run, "--steps", 1).ok();
        var grid = ImageIO.read(new RunFolder(run).sample(1).toFile());
        assertEquals(List.of(8 * 56 + 7 * 2, 10 * 56 + 9 * 2), List.of(grid.getWidth(), grid.getHeight()));
        String out = Cli.run("sample", run, "--device", "scalar").ok();
        assertTrue(out.contains("a row each: T-shirt/top, Trouser"), out);
        assertEquals(Cli.sha256(new RunFolder(run).sample(1)), Cli.sha256(run.resolve("sample-80-seed-0.png")), "the run's own grid");
        Cli.run("sample", run, "--device", "scalar", "--count", 25).ok();
        assertEquals(3 * 56 + 2 * 2, ImageIO.read(run.resolve("sample-25-seed-0.png").toFile()).getWidth(), "as many rows, the last column half empty");
    }

    @Test void saysWhatCannotBeAsked() throws IOException {
        train("cgan", run, "--steps", 1).ok();
        var none = Cli.run("sample", run, "--device", "scalar", "--class", "boat");
        assertTrue(none.code() == 2 && none.line().contains("did you mean"), none.line());
        assertTrue(Cli.run("sample", run, "--device", "scalar", "--class", 10).line().contains("expected 0 to 9"));
        var way = Cli.run("train", "cgan", "--condition", "acgen", "--dry-run");
        assertTrue(way.code() == 2 && way.line().contains("acgan"), way.line());
        assertEquals(2, Cli.run("train", "dcgan", "--condition", "acgan", "--dry-run").code());
        var other = train("cgan", run, "--condition", "acgan", "--steps", 2);
        assertTrue(other.code() == 2 && other.line().contains("condition was concat, is acgan"), other.line());
        Files.delete(data.resolve("train-labels-idx1-ubyte"));
        var bare = train("cgan", folder.resolve("bare"), "--steps", 1);
        assertTrue(bare.code() == 3 && bare.line().contains("has no labels"), bare.line());
        train("infogan", folder.resolve("codes"), "--steps", 1).ok();
    }

    @Test void otherLabelsAreOtherData() throws IOException {
        train("cgan", run, "--steps", 1).ok();
        Cli.labels(data, 30, 3);
        var other = train("cgan", run, "--steps", 2);
        assertTrue(other.code() == 2 && other.line().contains("labels crc32c"), other.line());
    }

    private static double[] weights(Path run) throws IOException {
        try (var in = Safetensors.open(new RunFolder(run).generator())) {
            return in.doubles("generator.1.weight");
        }
    }

    @Test void startsFromAnotherRunOfTheSameCondition() throws IOException {
        train("cgan", run, "--steps", 2).ok();
        Path first = run;
        run = folder.resolve("second");
        train("cgan", run, "--steps", 1, "--from", first, "--lr-g", "1e-30", "--lr-d", "1e-30", "--seed", 9).ok();
        Map<String, String> metadata = Checkpoint.metadata(new RunFolder(run).generator());
        assertEquals("concat", metadata.get("condition"));
        assertFalse(metadata.toString().contains(folder.toString()), "no path");
        assertArrayEquals(weights(first), weights(run), "the weights are the other run's");
        var refused = train("cgan", folder.resolve("third"), "--steps", 1, "--from", first, "--condition", "projection");
        assertTrue(refused.code() == 2 && refused.line().contains("its condition is concat"), refused.line());
    }
}
