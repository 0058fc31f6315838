package gannet.kernel.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A file of PTX that is shipped: made from `source`.cu for cards of compute capability `capability` and newer, 75 for 7.5.
record Ptx(String source, int capability, String text) {
    /// By the capability it is made for, the `.version` that it begins with.
    static final Map<Integer, String> VERSIONS = Map.of(75, "6.4", 80, "7.0");

    private static final Path SHIPPED = Path.of("src", "main", "resources", "gannet", "kernel", "cuda"), SOURCES = Path.of("src", "main", "cuda");
    private static final Pattern ENTRY = Pattern.compile("^\\.visible \\.entry (\\w+)\\(", Pattern.MULTILINE);

    /// All that are checked in.
    static List<Ptx> shipped() {
        return files(SHIPPED, ".ptx").stream().map(Ptx::of).toList();
    }

    /// The names of the sources, without their ending.
    static Set<String> sources() {
        return files(SOURCES, ".cu").stream().map(file -> file.getFileName().toString().replaceFirst("\\.cu$", "")).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Path> files(Path folder, String ending) {
        if (!Files.isDirectory(folder)) return List.of();
        try (var files = Files.list(folder)) {
            return files.filter(each -> each.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Ptx of(Path file) {
        String name = file.getFileName().toString();
        int dash = name.lastIndexOf('-');
        try {
            return new Ptx(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1, name.length() - ".ptx".length())), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The kernels in it.
    Set<String> kernels() {
        return ENTRY.matcher(text).results().map(m -> m.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    @Override public String toString() {
        return source + "-" + capability + ".ptx";
    }
}
