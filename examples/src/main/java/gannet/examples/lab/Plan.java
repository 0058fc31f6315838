package gannet.examples.lab;

import gannet.examples.UsageException;
import gannet.examples.lab.Lab.Scale;
import gannet.io.FormatException;
import gannet.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/// What a lab's run is: all that the arrays in its folder depend on, kept there as `lab.json`. `data` is null where the lab makes its own.
record Plan(Lab lab, Scale scale, boolean control, List<Long> seeds, String data, String backEnd) {
    private static final String FILE = "lab.json";

    /// The arms to train.
    List<Arm> arms() throws IOException {
        return lab.arms(scale, control);
    }

    /// As JSON has it.
    private SequencedMap<String, Object> json(List<Arm> trained) {
        var json = new LinkedHashMap<String, Object>();
        json.put("lab", lab.about().name());
        json.put("scale", scale.name().toLowerCase(Locale.ROOT));
        json.put("control", control);
        json.put("seeds", seeds);
        json.put("data", data);
        json.put("back-end", backEnd);
        var arms = new ArrayList<Object>();
        for (Arm arm : trained) {
            var each = new LinkedHashMap<String, Object>();
            each.put("name", arm.name());
            each.put("settings", arm.settings());
            arms.add(each);
        }
        json.put("arms", arms);
        return json;
    }

    /// Whether a lab was begun in the folder.
    static boolean begunIn(Path folder) {
        return Files.exists(folder.resolve(FILE));
    }

    /// Notes the plan and its arms in a folder; one that holds another plan's run is refused.
    void begin(Path folder, List<Arm> trained) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) Json.write(file, json(trained));
        else if (!Json.parse(FILE, Json.line(json(trained))).equals(Json.read(file)))
            throw new UsageException("--out " + folder + " holds another run of a lab (see its " + FILE + "): choose another folder, or type"
                    + " what that one was run with");
    }

    /// The plan in a folder, without its arms' settings, which the figures don't depend on.
    static Plan read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) throw new FormatException(folder.toString(), "holds no lab's run: there is no " + FILE);
        if (!(Json.read(file) instanceof Map<?, ?> json)) throw wrong(file, "an object");
        if (!(json.get("lab") instanceof String name)) throw wrong(file, "\"lab\": the lab's name");
        if (!(json.get("scale") instanceof String scaleName)) throw wrong(file, "\"scale\": quick, normal or full");
        if (!(json.get("control") instanceof Boolean control)) throw wrong(file, "\"control\": true or false");
        if (!(json.get("seeds") instanceof List<?> list) || list.isEmpty()) throw wrong(file, "\"seeds\": a list of whole numbers");
        var seeds = new ArrayList<Long>();
        for (Object each : list) if (each instanceof Long seed) seeds.add(seed);
        if (seeds.size() < list.size()) throw wrong(file, "\"seeds\": a list of whole numbers");
        Scale scale = null;
        for (Scale each : Scale.values()) if (each.name().equalsIgnoreCase(scaleName)) scale = each;
        if (scale == null) throw wrong(file, "\"scale\": quick, normal or full");
        String data = json.get("data") instanceof String folderOfData ? folderOfData : null;
        return new Plan(Labs.named(name), scale, control, List.copyOf(seeds), data, String.valueOf(json.get("back-end")));
    }

    /// The names of the arms that were trained in a folder.
    static List<String> armsIn(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        var names = new ArrayList<String>();
        if (Json.read(file) instanceof Map<?, ?> json && json.get("arms") instanceof List<?> arms)
            for (Object each : arms) if (each instanceof Map<?, ?> arm && arm.get("name") instanceof String name) names.add(name);
        if (names.isEmpty()) throw wrong(file, "\"arms\": a list of objects with a \"name\"");
        return names;
    }

    private static FormatException wrong(Path file, String expected) {
        return new FormatException(file.toString(), "is no lab's: expected " + expected);
    }

    /// What the arrays in the folder come to.
    Outcome judge(Path folder) throws IOException {
        List<String> arms = armsIn(folder);
        for (Arm arm : lab.arms(scale, control))
            if (!arms.contains(arm.name()))
                throw new FormatException(folder.toString(), "was made by another version: it has no arm '" + arm.name() + "', by which this version judges; train it again");
        var figures = new LinkedHashMap<String, List<SequencedMap<String, Double>>>();
        for (String arm : arms) {
            var each = new ArrayList<SequencedMap<String, Double>>();
            for (long seed : seeds) each.add(lab.figures(arm, Saved.in(folder, arm, seed)));
            figures.put(arm, each);
        }
        return new Outcome(folder, scale, seeds, figures);
    }
}
