package gannet.examples.lab;

import gannet.io.Npy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// A lab's run as if trained: arrays made up and saved, to hold figures and verdicts to.
final class Written {
    private static final List<Long> SEEDS = List.of(1L, 2L);

    private final Lab lab;
    private final Path folder;
    private final SequencedMap<String, List<SequencedMap<String, Double>>> figures = new LinkedHashMap<>();

    Written(Lab lab, Path folder) {
        this.lab = lab;
        this.folder = folder;
    }

    /// The same arrays for both seeds of an arm.
    Written arm(String name, Map<String, Npy> arrays) throws IOException {
        figures.put(name, new ArrayList<>());
        for (long seed : SEEDS) {
            Saved saved = Saved.in(folder, name, seed);
            Files.createDirectories(saved.folder());
            for (var array : arrays.entrySet()) array.getValue().write(saved.folder().resolve(array.getKey() + ".npy"));
            figures.get(name).add(lab.figures(name, saved));
        }
        return this;
    }

    /// The verdict on what was written; the picture is drawn as well.
    Verdict verdict() throws IOException {
        var outcome = new Outcome(folder, SEEDS, figures);
        lab.draw(outcome, folder);
        return lab.verdict(outcome);
    }
}
