package gannet.examples.lab;

import gannet.examples.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a run of a lab came to, as people and programs read it.
record Result(Plan plan, Outcome outcome, Verdict verdict) {
    /// One line of JSON: medians over the seeds.
    Map<String, Object> medians() {
        var arms = new ArrayList<Object>();
        for (String arm : outcome.figures().keySet()) {
            var each = new LinkedHashMap<String, Object>();
            each.put("name", arm);
            for (String figure : outcome.figures().get(arm).getFirst().keySet()) each.put(figure, outcome.median(arm, figure));
            arms.add(each);
        }
        return json(arms);
    }

    /// `result.json`: every seed's figures.
    Map<String, Object> whole() {
        var arms = new ArrayList<Object>();
        for (String arm : outcome.figures().keySet()) {
            var each = new LinkedHashMap<String, Object>();
            each.put("name", arm);
            each.put("figures", outcome.figures().get(arm));
            arms.add(each);
        }
        return json(arms);
    }

    private Map<String, Object> json(List<Object> arms) {
        var json = new LinkedHashMap<String, Object>();
        json.put("lab", plan.lab().about().name());
        json.put("arms", arms);
        json.put("verdict", word());
        json.put("why", verdict.why());
        json.put("seeds", plan.seeds());
        json.put("folder", outcome.folder().toString());
        return json;
    }

    private String word() {
        return verdict.shown() ? "shown" : "not shown";
    }

    /// For people.
    String text() throws IOException {
        Lab.About about = plan.lab().about();
        var out = new StringBuilder();
        out.append("lab ").append(about.name()).append(": ").append(about.claim()).append('\n').append(about.source()).append('\n');
        out.append("median [least…greatest] of ").append(Text.counted(plan.seeds().size(), "seed"))
                .append(plan.control() ? ", control: without the remedy" : "");
        out.append(":\n\n").append(Table.of(outcome)).append('\n');
        if (!about.published().isEmpty()) out.append("published: ").append(about.published()).append('\n');
        out.append(word()).append(": ").append(verdict.why()).append('\n');
        for (Path picture : pictures()) out.append("picture: ").append(picture).append('\n');
        return out.append("run: ").append(outcome.folder()).append('\n').toString();
    }

    /// The PNGs that the lab drew.
    private List<Path> pictures() throws IOException {
        var pictures = new ArrayList<Path>();
        try (var files = Files.newDirectoryStream(outcome.folder(), "*.png")) {
            for (Path file : files) pictures.add(file);
        }
        pictures.sort(null);
        return pictures;
    }
}
