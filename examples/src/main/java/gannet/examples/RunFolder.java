package gannet.examples;

import gannet.io.AtomicFile;
import gannet.io.FormatException;
import gannet.io.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The files of one run.
public record RunFolder(Path path) {
    /// Where runs without a name of their own go.
    public static final Path RUNS = Path.of("runs");
    static final String LOCK = ".lock", SAMPLES = "samples";

    Path config() {
        return path.resolve("config.json");
    }

    Path log() {
        return path.resolve("log.jsonl");
    }

    Path checkpoint() {
        return path.resolve("checkpoint.safetensors");
    }

    Path generator() {
        return path.resolve("generator.safetensors");
    }

    /// The generator at averaged weights, of a run that keeps an average.
    Path averagedGenerator() {
        return path.resolve("generator-ema.safetensors");
    }

    /// The generator, of those saved, whose images were nearest to held-out ones.
    Path best() {
        return path.resolve("best.safetensors");
    }

    Path samples() {
        return path.resolve(SAMPLES);
    }

    /// The grid of one step.
    Path sample(long step) {
        return samples().resolve("step-" + Text.padded(step, 6) + ".png");
    }

    /// Whether a run was begun here.
    boolean begun() {
        return Files.exists(config());
    }

    /// Tells before any work that a file is where the folder shall be, or a folder that it lies in.
    public void requireFolder() throws IOException {
        Path at = path.toAbsolutePath();
        while (at != null && !Files.exists(at)) at = at.getParent();
        if (at != null && !Files.isDirectory(at))
            throw new IOException("cannot write the run folder " + path + ": " + at + " is a file, expected a folder");
    }

    /// Makes the bare folder.
    public void make() throws IOException {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw unwritable(reason(e), e);
        }
        if (!Files.isWritable(path)) throw unwritable("permission denied", null);
    }

    private IOException unwritable(String why, IOException cause) {
        return new IOException("cannot write the run folder " + path + ": " + why + "; choose another with --out", cause);
    }

    /// Makes the folder, which also shows that it can be written to before hours of training.
    void create() throws IOException {
        try {
            Files.createDirectories(samples());
        } catch (FileAlreadyExistsException e) {
            throw new IOException("cannot write the run folder " + path + ": " + e.getMessage() + " is a file", e);
        } catch (IOException e) {
            throw unwritable(reason(e), e);
        }
        if (!Files.isWritable(path) || !Files.isWritable(samples())) throw unwritable("permission denied", null);
    }

    /// Keeps other processes from training in the folder until the result is closed, or this process ends. The file stays: were it deleted,
    /// one process could lock it while another makes a new one of the same name.
    FileChannel claim() throws IOException {
        Path file = path.resolve(LOCK);
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) return channel;
        } catch (OverlappingFileLockException _) {
            // as below: it is this process itself that has it
        } catch (IOException e) {
            if (channel != null) channel.close();
            throw new IOException("cannot lock " + file + ": " + reason(e), e);
        }
        channel.close();
        throw new UsageException("--out " + path + " is being trained by another process: wait for it, or add --new to start beside it");
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException f -> f.getMessage() + " is not there";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            case IOException other -> String.valueOf(other.getMessage());
        };
    }

    /// A new folder `NNN-recipe-data` among `all`, not made yet.
    static RunFolder next(Path all, String recipe, String data) throws IOException {
        int last = 0;
        if (Files.isDirectory(all)) try (var runs = Files.newDirectoryStream(all)) {
            for (Path run : runs) last = Math.max(last, number(run.getFileName().toString()));
        }
        var name = new StringBuilder();
        for (char c : data.toCharArray()) name.append(Character.isLetterOrDigit(c) ? Character.toLowerCase(c) : '-');
        return new RunFolder(all.resolve(Text.padded(last + 1, 3) + "-" + recipe + "-" + name));
    }

    /// As [#next], and makes the folder: of several processes that ask at once, each gets its own.
    public static RunFolder take(Path all, String recipe, String data) throws IOException {
        try {
            Files.createDirectories(all);
            while (true) {
                Path path = next(all, recipe, data).path;
                try {
                    return new RunFolder(Files.createDirectory(path));
                } catch (FileAlreadyExistsException _) {
                    // another process was quicker: the number after it
                }
            }
        } catch (FileAlreadyExistsException e) {
            throw new IOException("cannot write a run folder in " + all + ": it is a file, expected a folder", e);
        } catch (IOException e) {
            throw new IOException("cannot write a run folder in " + all + ": " + reason(e) + "; choose another with --out", e);
        }
    }

    private static int number(String name) {
        int dash = name.indexOf('-');
        if (dash < 1 || dash > 9) return 0;
        for (int i = 0; i < dash; i++) if (name.charAt(i) < '0' || name.charAt(i) > '9') return 0;
        return Integer.parseInt(name.substring(0, dash));
    }

    /// The first of `path-2`, `path-3` … that is not there.
    RunFolder beside() {
        Path whole = path.toAbsolutePath().normalize(), name = whole.getFileName();
        if (name == null)
            throw new UsageException("--out " + path + " --new: a folder beside it can't be made; choose another with --out");
        for (int i = 2;; i++) {
            Path other = whole.resolveSibling(name + "-" + i);
            if (!Files.exists(other)) return new RunFolder(other);
        }
    }

    /// Adds a line to the log.
    void append(Map<String, Object> report) throws IOException {
        try {
            Files.writeString(log(), Json.line(report) + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new IOException("cannot write " + log() + ": " + reason(e), e);
        }
    }

    /// Drops the log's lines past `step`, and one that was cut off; gives the last line kept, or an empty map.
    Map<?, ?> rewindLog(long step) throws IOException {
        Map<?, ?> last = Map.of();
        if (!Files.exists(log())) return last;
        var kept = new ArrayList<String>();
        List<String> lines = List.of(Files.readString(log(), StandardCharsets.UTF_8).split("\n"));
        for (String line : lines) {
            Map<?, ?> report = parsed(line);
            if (!(report.get("step") instanceof Long at) || at > step) continue;
            kept.add(line);
            last = report;
        }
        if (kept.size() < lines.size())
            AtomicFile.write(log(), (kept.isEmpty() ? "" : String.join("\n", kept) + "\n").getBytes(StandardCharsets.UTF_8));
        return last;
    }

    private Map<?, ?> parsed(String line) {
        try {
            return Json.parse(log().toString(), line) instanceof Map<?, ?> report ? report : Map.of();
        } catch (FormatException _) {
            return Map.of(); // the last line of a process that was killed while writing it
        }
    }
}
