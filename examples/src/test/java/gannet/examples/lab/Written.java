package gannet.examples.lab;

import gannet.examples.lab.Lab.Scale;
import gannet.io.Npy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.LongStream;

/// A lab's run as if trained: arrays made up and saved, to hold figures and verdicts to.
final class Written {
    private final Lab lab;
    private final Path folder;
    private final Scale scale;
    private final SequencedMap<String, List<SequencedMap<String, Double>>> figures = new LinkedHashMap<>();

    Written(Lab lab, Path folder) {
        this(lab, folder, Scale.NORMAL);
    }

    Written(Lab lab, Path folder, Scale scale) {
        this.lab = lab;
        this.folder = folder;
        this.scale = scale;
    }

    /// The same arrays for two seeds of an arm.
    Written arm(String name, Map<String, Npy> arrays) throws IOException {
        return arm(name, List.of(arrays, arrays));
    }

    /// The arrays of each seed of an arm, from seed 1 on. All arms must have as many.
    Written arm(String name, List<Map<String, Npy>> seeds) throws IOException {
        figures.put(name, new ArrayList<>());
        for (Map<String, Npy> arrays : seeds) {
            Saved saved = Saved.in(folder, name, figures.get(name).size() + 1);
            Files.createDirectories(saved.folder());
            for (var array : arrays.entrySet()) array.getValue().write(saved.folder().resolve(array.getKey() + ".npy"));
            figures.get(name).add(lab.figures(name, saved));
        }
        return this;
    }

    /// The verdict on what was written; the picture is drawn as well.
    Verdict verdict() throws IOException {
        List<Long> seeds = LongStream.rangeClosed(1, figures.firstEntry().getValue().size()).boxed().toList();
        var outcome = new Outcome(folder, scale, seeds, figures);
        lab.draw(outcome, folder);
        return lab.verdict(outcome);
    }
}
