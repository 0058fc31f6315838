package gannet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.loss.Losses;
import gannet.gan.penalty.Penalties;
import gannet.io.Checkpoint;
import gannet.io.FormatException;
import gannet.io.Json;
import gannet.optim.Adam;
import gannet.optim.Optimistic;
import gannet.optim.RmsProp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every loss, penalty and remedy as an option of `train`: typed, kept in `config.json`, trained with, or refused in one line.
class RemediesTest {
    @TempDir Path folder;

    /// What is typed, and the key and value that `config.json` holds then.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--loss hinge|loss|hinge", "--smooth 0.9|smooth|0.9", "--penalty r1|penalty|r1:10.0", "--penalty r1:2+l2,roth:0.5|penalty|r1:2.0+l2:1.0E-4+roth:0.5",
            "--penalty roth:anneal+r1 --steps 70|penalty|roth:0.1:anneal+r1:10.0", "--penalty roth:2:anneal --steps 70|schedule-steps|70", "--penalty gradient:1e+1+drift|penalty|gradient:10.0+drift:0.001", "--unroll 3|unroll|3", "--pack 2|pack|2", "--minibatch-stddev|minibatch-stddev|true", "--batch 8|minibatch-stddev|false", "--noise 0.10|noise|0.1",
            "--noise 0.1:linear|noise|0.1:linear", "--noise .5:exponential|noise|0.5:exponential", "--noise 0.1:linear --steps 70|schedule-steps|70", "--ema 0.999|ema|0.999",
            "--augment|augment|color,translation,cutout", "--augment cutout|augment|cutout", "--augment ada|augment|ada", "--norm-d spectral|norm-d|spectral", "--norm-d layer --penalty gradient|norm-d|layer", "--optimizer sgd --lr-g 0.1 --lr-d 0.1 --unroll 2|optimizer|sgd", "--lr-schedule exponential --steps 9|schedule-steps|9",
            "--replay 50|replay|50", "--accumulate 4|accumulate|4", "--lr-schedule cosine|lr-schedule|cosine", "--lr-schedule linear --time 1m --schedule-steps 9|schedule-steps|9",
            "--optimizer optimistic-adam|optimizer|optimistic-adam", "--beta1 0 --lr-d 4e-4|beta1|0.0", "--beta2 0.9|beta2|0.9", "--prior uniform|prior|uniform", "--batch 8|prior|normal", "--optimizer extra-adam --loss wasserstein --clip 0.01|alternate|1:1", "--preflight|preflight|true",
            "--penalty r1|norm-d|none", "--penalty l2|norm-d|batch", "--penalty r1 --norm-d batch|norm-d|batch"})
    void everyOptionIsAKeyAndBack(String words, String key, String value) throws FormatException {
        var all = Stream.concat(Stream.of("train", "--dry-run", "--json", "--device", "scalar"), Stream.of(words.split(" "))).toArray();
        var config = Settings.fromJson("config.json", Json.parse("config.json", Cli.run(all).ok()));
        assertEquals(value, String.valueOf(config.get(key)));
        config.values().removeIf(Objects::isNull);
        Settings again = Settings.of(config);
        assertEquals(Json.parse("config.json", Cli.run(all).ok()), Json.parse("config.json", Json.lines(again.values())));
        if (!key.equals("preflight")) assertEquals(value, again.bits().get(key), key + " is among the keys that a checkpoint records");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--smooth 0.9 --loss hinge|label smoothing of loss 'hinge'", "--smooth 0.3|must be above 0.5", "--smooth 0.9 --loss minimax-smoothed|is smoothed already",
            "--loss hinje|did you mean hinge?", "--penalty r1:x|expected a number after the colon", "--penalty r1+r1:2|'r1' is named twice", "--penalty r1+|there is no penalty ''",
            "--penalty roth --loss hinge|--penalty roth:0.1: penalty 'roth' is defined for", "--penalty l2+roth --loss wasserstein --clip 0.01|choose penalty r1", "--penalty roth --loss relativistic|choose penalty r1", "--unroll 0|--unroll 0: expected at least 1", "--unroll 1000|expected at most 100",
            "--unroll 2 --optimizer extra-adam|leave one of the two out", "--pack 0|--pack 0: expected at least 1",
            "--minibatch-stddev --batch 1|give a --batch of 2 or more", "--pack 2 --augment ada|leave one of the two out", "--pack 2 cgan|train dcgan", "--pack 2 infogan|train dcgan", "--replay 9 cgan|train dcgan", "--replay 0|expected at least 1",
            "--noise x|expected a number", "--noise 0.1:cosine|such as 0.1, 0.1:linear or 0.1:exponential", "--noise 0|expected a deviation above 0", "--noise 0.1:linear --time 1m|give --steps N",
            "--lr-schedule linear --time 1m|give --steps N", "--penalty roth:0.1:anneal --time 1m|--penalty roth:0.1:anneal: it needs to know how long the run is; give --steps N", "--penalty r1:1:anneal|only roth has; leave :anneal out",
            "--penalty roth:0.1:annual|as in roth:0.1 or roth:0.1:anneal, not '0.1:annual'", "--prior uniforn|did you mean uniform?", "--lr-schedule lineal|did you mean linear?", "--schedule-steps 5|nothing has a schedule", "--ema 1|expected a share above 0 and below 1",
            "--ema 0|expected a share above 0 and below 1", "--augment flip|color, translation and cutout are there", "--augment ada,cutout|or ada alone", "--augment ada --loss lsgan|goes by the sign",
            "--augment ada --loss relativistic|goes by the sign", "--accumulate 0|expected at least 1", "--beta1 1|--beta1 1.0: expected a share of at least 0 and below 1", "--beta2 -0.1|such as 0.999", "--beta2 0.99999999999|below 1",
            "--beta1 0.5 --optimizer rmsprop|optimizer rmsprop has no such thing", "--beta2 0.9 --loss wasserstein --clip 0.01|or give --optimizer adam", "--optimizer sdg|there are: adam, optimistic-adam, extra-adam, rmsprop, sgd", "--optimizer sgd --lr-g 0.01|give --lr-g and --lr-d",
            "--optimizer extra-adam --alternate 2:1|leave --alternate out", "--norm-d batch mlp|leave the option out", "--norm-d layer mlp|--norm-d layer: recipe 'mlp' has no place for it", "--loss wasserstein|add --clip 0.01, --penalty gradient or --norm-d spectral",
            "--loss wasserstein --penalty r1|needs a Lipschitz device", "--loss wasserstein --penalty spectral|needs a Lipschitz device", "--batch 9000 --pack 2|--batch 9000 --pack 2 is more than the 9,000 images"})
    void whatDoesNotGoTogetherIsRefused(String words, String part) {
        var result = Cli.run(Stream.concat(Stream.of("train", "--dry-run", "--device", "scalar"), Stream.of(words.split(" "))).toArray());
        assertEquals(2, result.code(), result.err());
        assertTrue(result.line().contains(part), result.line());
    }

    @Test void rulesAreThoseAskedFor() {
        assertEquals(new Optimistic(Adam.DCGAN), Settings.of(Map.of("optimizer", "optimistic-adam")).rule());
        assertEquals(RmsProp.WGAN, Settings.of(Map.of("optimizer", "rmsprop")).rule());
        assertEquals(new Adam(0.9, 0.999, 1e-8), Settings.of(Map.of("beta1", 0.9)).rule(), "the other is as it was");
        assertEquals(new Optimistic(Adam.SAGAN), Settings.of(Map.of("optimizer", "optimistic-adam", "beta1", 0.0, "beta2", 0.9)).rule());
        assertEquals(new Adam(0.5, 0.9, 1e-8), Settings.of(Map.of("loss", "wasserstein", "penalty", "gradient", "beta1", 0.5)).rule());
        assertEquals(new Adam(0, 0.9, 1e-8), Settings.of(Map.of("loss", "wasserstein", "clip", 0.01, "optimizer", "adam")).rule());
        assertTrue(Settings.of(Map.of("optimizer", "extra-adam")).extragradient());
    }

    static List<String> losses() {
        return Losses.names();
    }

    @ParameterizedTest @MethodSource("losses") void everyLossTrains(String loss) throws IOException {
        Path data = Cli.data(folder.resolve("data"), 20);
        Cli.trainMlp(data, folder.resolve(loss), "--steps", 2, "--loss", loss, "--norm-d", "spectral").ok();
    }

    static List<String> penalties() {
        return Penalties.names();
    }

    @ParameterizedTest @MethodSource("penalties") void everyPenaltyTrains(String penalty) throws IOException {
        Path data = Cli.data(folder.resolve("data"), 20);
        Cli.trainMlp(data, folder.resolve("a"), "--steps", 2, "--penalty", penalty).ok();
        Cli.run("train", "dcgan", "--data", data, "--device", "scalar", "--batch", 2, "--penalty", penalty, "--norm-d", "batch", "--dry-run").ok();
    }

    /// Each remedy changes what is trained; left out, nothing.
    @Test void everyRemedyHasAnEffect() throws IOException {
        Path data = Cli.data(folder.resolve("data"), 40);
        Map<String, String> bits = new LinkedHashMap<>();
        for (String words : List.of("--penalty roth", "--penalty roth:anneal", "--ema 0.9", "--noise 0.1", "--noise 0.1:linear", "--augment", "--augment cutout", "--smooth 0.9", "--unroll 1", "--pack 2", "--minibatch-stddev", "--accumulate 2", "--replay 4",
                "--norm-d spectral", "--lr-schedule linear", "--lr-schedule cosine", "--lr-schedule exponential", "--optimizer sgd --lr-g 0.01 --lr-d 0.01", "--optimizer optimistic-adam", "--optimizer extra-adam", "--optimizer rmsprop", "--beta1 0", "--beta2 0.9", "--prior uniform")) {
            Path run = folder.resolve(words.replace(' ', '-').replace(':', '-'));
            Cli.trainMlp(data, run, Stream.concat(Stream.of("--steps", "4"), Stream.of(words.split(" "))).toArray()).ok();
            bits.put(words, Cli.sha256(new RunFolder(run).generator()));
        }
        String plain = bits.remove("--ema 0.9"); // an average changes no training
        bits.forEach((words, sha) -> assertNotEquals(plain, sha, words));
        assertEquals(bits.size(), bits.values().stream().distinct().count(), bits.toString());
    }

    /// At a rate at which the weights stay as they are, so that the pictures differ by z alone.
    @Test void samplesAreOfTheRunsPrior() throws IOException {
        Path data = Cli.data(folder.resolve("data"), 40);
        for (String prior : List.of("normal", "uniform")) {
            Path run = folder.resolve(prior);
            Cli.trainMlp(data, run, "--steps", 1, "--lr-g", "1e-30", "--prior", prior).ok();
            Cli.run("sample", run, "--device", "scalar").ok();
            assertEquals(Cli.sha256(new RunFolder(run).sample(1)), Cli.sha256(run.resolve("sample-64-seed-0.png")), prior + ": the run's own grid");
        }
        assertNotEquals(Cli.sha256(folder.resolve("normal").resolve("sample-64-seed-0.png")), Cli.sha256(folder.resolve("uniform").resolve("sample-64-seed-0.png")));
        assertEquals("uniform", Checkpoint.metadata(new RunFolder(folder.resolve("uniform")).generator()).get("prior"));
    }

    @Test void anAverageIsSavedAndSampled() throws IOException {
        Path data = Cli.data(folder.resolve("data"), 40), run = folder.resolve("run"), plain = folder.resolve("plain");
        Cli.trainMlp(data, run, "--steps", 3, "--lr-g", 0.05, "--ema", 0.9).ok(); // far enough to see it in pixels
        Cli.trainMlp(data, plain, "--steps", 3, "--lr-g", 0.05).ok();
        assertEquals(Cli.sha256(new RunFolder(plain).generator()), Cli.sha256(new RunFolder(run).generator()), "training is the same");
        assertNotEquals(Cli.sha256(new RunFolder(run).generator()), Cli.sha256(new RunFolder(run).averagedGenerator()));
        String out = Cli.run("sample", run, "--weights", "ema", "--device", "scalar").ok();
        Path grid = run.resolve("sample-64-ema-seed-0.png");
        assertTrue(out.contains(grid.toString()), out);
        assertEquals(Cli.sha256(new RunFolder(run).sample(3)), Cli.sha256(grid), "the run's own grids show the average");
        Cli.run("sample", run, "--device", "scalar").ok();
        assertEquals(Cli.sha256(grid), Cli.sha256(run.resolve("sample-64-seed-0.png")), "the average, if there is one");
        Cli.run("sample", run, "--weights", "last", "--device", "scalar").ok();
        assertNotEquals(Cli.sha256(grid), Cli.sha256(run.resolve("sample-64-last-seed-0.png")));
        assertFalse(Files.exists(new RunFolder(plain).averagedGenerator()));
        assertTrue(Cli.run("sample", plain, "--weights", "ema").line().contains("has none; it has: last, best"));
    }

    @Test void aRunGoesOnOnlyWithItsRemedies() throws IOException {
        Path data = Cli.data(folder.resolve("data"), 40), run = folder.resolve("run");
        Cli.trainMlp(data, run, "--steps", 1, "--noise", "0.10", "--penalty", "r1").ok();
        Cli.trainMlp(data, run, "--steps", 2, "--noise", "0.1", "--penalty", "r1:10").ok();
        for (String words : List.of("--noise 0.2", "--ema 0.9", "--penalty r1:1", "--augment", "--optimizer rmsprop", "--unroll 1", "--norm-d spectral", "--minibatch-stddev", "--beta1 0", "--prior uniform")) {
            var result = Cli.trainMlp(data, run, Stream.concat(Stream.of("--steps", "3"), Stream.of(words.split(" "))).toArray());
            assertTrue(result.code() == 2 && result.line().contains(words.substring(2).split(" ")[0] + " was "), result.line());
        }
    }
}
