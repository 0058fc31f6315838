package gannet.examples;

import gannet.io.AtomicFile;
import gannet.io.FormatException;
import gannet.io.Json;
import java.io.IOException;
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
record RunFolder(Path path) {
    /// Where runs without a name of their own go.
    static final Path RUNS = Path.of("runs");

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

    Path samples() {
        return path.resolve("samples");
    }

    /// The grid of one step.
    Path sample(long step) {
        return samples().resolve("step-" + Text.padded(step, 6) + ".png");
    }

    /// Whether a run was begun here.
    boolean begun() {
        return Files.exists(config());
    }

    /// Makes the folder, which also shows that it can be written to before hours of training.
    void create() throws IOException {
        try {
            Files.createDirectories(samples());
        } catch (FileAlreadyExistsException e) {
            throw new IOException("cannot write the run folder " + path + ": " + e.getMessage() + " is a file", e);
        } catch (IOException e) {
            throw new IOException("cannot write the run folder " + path + ": " + reason(e) + "; choose another with --out", e);
        }
        if (!Files.isWritable(path) || !Files.isWritable(samples()))
            throw new IOException("cannot write the run folder " + path + ": permission denied; choose another with --out");
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

    private static int number(String name) {
        int dash = name.indexOf('-');
        if (dash < 1 || dash > 9) return 0;
        for (int i = 0; i < dash; i++) if (name.charAt(i) < '0' || name.charAt(i) > '9') return 0;
        return Integer.parseInt(name.substring(0, dash));
    }

    /// The first of `path-2`, `path-3` … that is not there.
    RunFolder beside() {
        for (int i = 2;; i++) {
            Path other = path.resolveSibling(path.getFileName() + "-" + i);
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
