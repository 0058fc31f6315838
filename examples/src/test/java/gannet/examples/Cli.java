package gannet.examples;

import gannet.kernel.BackEnd;
import gannet.kernel.BackEnds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Runs commands in this JVM, on small data of its own making.
public final class Cli {
    private Cli() {}

    /// What a command said and how it ended.
    public record Result(int code, String out, String err) {
        /// The output, if the command ended well.
        public String ok() {
            if (code != 0) throw new AssertionError("exit code " + code + "\n" + out + err);
            return out;
        }

        /// The one line of a refusal.
        public String line() {
            List<String> lines = err.lines().filter(line -> line.startsWith("gannet: ")).toList();
            if (lines.size() != 1 || err.contains("\tat ")) throw new AssertionError("expected one line and no stack trace:\n" + err);
            return lines.getFirst();
        }
    }

    public static Result run(Object... words) {
        var arguments = new ArrayList<String>();
        for (Object word : words) arguments.add(word.toString());
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int code = Main.run(arguments, new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// `train mlp`, small and on the plain back end, with more options.
    static Result trainMlp(Path data, Path run, Object... more) {
        var words = new ArrayList<Object>(List.of("train", "mlp", "--data", data, "--out", run, "--batch", 4, "--device", "scalar"));
        words.addAll(List.of(more));
        return run(words.toArray());
    }

    /// The back ends of the central processor that there are here, whose bits must not depend on threads.
    static List<String> devices() {
        return BackEnds.all().stream().filter(each -> List.of("scalar", "simd").contains(each.name())
                && each.missing().isEmpty()).map(BackEnd::name).toList();
    }

    /// A folder of `count` images of 28×28 with as many labels: a bright square on black, each at a place of its own.
    static Path data(Path folder, int count) throws IOException {
        Files.createDirectories(folder);
        var pixels = ByteBuffer.allocate(16 + count * 28 * 28).putInt(0x803).putInt(count).putInt(28).putInt(28);
        for (int i = 0; i < count; i++)
            for (int p = 0; p < 28 * 28; p++) pixels.put((byte) (p / 28 / 4 == i % 7 && p % 28 / 4 == i / 7 % 7 ? 255 : 0));
        Files.write(folder.resolve("train-images-idx3-ubyte"), pixels.array());
        labels(folder, count);
        return folder;
    }

    static void labels(Path folder, int count) throws IOException {
        labels(folder, count, 0);
    }

    /// As many labels, of which image i has i + `first` modulo 10.
    static void labels(Path folder, int count, int first) throws IOException {
        var labels = ByteBuffer.allocate(8 + count).putInt(0x801).putInt(count);
        for (int i = 0; i < count; i++) labels.put((byte) ((i + first) % 10));
        Files.write(folder.resolve("train-labels-idx1-ubyte"), labels.array());
    }

    public static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /// The checksums of what a run's bits show in: its checkpoint, its generator, and the last grid.
    static List<String> bits(Path run, int step) throws IOException {
        var folder = new RunFolder(run);
        return List.of(sha256(folder.checkpoint()), sha256(folder.generator()), sha256(folder.sample(step)));
    }
}
