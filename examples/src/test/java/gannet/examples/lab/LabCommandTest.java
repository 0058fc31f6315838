package gannet.examples.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.examples.Cli;
import gannet.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabCommandTest {
    @TempDir Path folder;

    /// A lab of two arms that takes well under a second.
    private Cli.Result quickest(Path out, Object... more) {
        var words = new ArrayList<Object>(List.of("lab", "gradient-flow", "--device", "scalar", "--out", out, "--json"));
        words.addAll(Arrays.asList(more));
        return Cli.run(words.toArray());
    }

    private static Map<?, ?> json(String line) throws IOException {
        assertEquals(1, line.lines().count(), line);
        return (Map<?, ?>) Json.parse("stdout", line);
    }

    @Test void tellsItsResultAsJson() throws IOException {
        Path run = folder.resolve("run");
        Map<?, ?> json = json(quickest(run, "--seeds", 2).ok());
        assertEquals(List.of("lab", "arms", "verdict", "why", "seeds", "folder"), List.copyOf(json.keySet()));
        assertEquals("gradient-flow", json.get("lab"));
        assertEquals("shown", json.get("verdict"));
        assertEquals(List.of(1L, 2L), json.get("seeds"));
        Map<?, ?> arm = (Map<?, ?>) ((List<?>) json.get("arms")).getFirst();
        assertEquals(List.of("name", "norm", "norm by differences", "error", "error in floats"), List.copyOf(arm.keySet()));
        assertTrue((Double) arm.get("error") < 1e-8, arm.toString());
        for (String file : List.of("lab.json", "result.json", "gradient-flow.png", "through-d/seed-2/autograd.npy")) assertTrue(Files.exists(run.resolve(file)), file);
    }

    @Test void tellsPeopleATable() {
        String said = Cli.run("lab", "gradient-flow", "--device", "scalar", "--seeds", 3, "--out", folder.resolve("run")).ok();
        for (String part : List.of("arm        norm", "\nthrough-d  ", "…", "\nshown: ", "\npicture: " + folder.resolve("run").resolve("gradient-flow.png")))
            assertTrue(said.contains(part), part + " in\n" + said);
    }

    /// The saved arrays are all that counts: the same verdict from them alone, and another if they are others.
    @Test void judgesFromTheSavedArraysAlone() throws IOException {
        Path run = folder.resolve("run");
        String before = quickest(run).ok();
        for (String file : List.of("result.json", "gradient-flow.png")) Files.delete(run.resolve(file));
        assertEquals(before, Cli.run("lab", "gradient-flow", "--judge", run, "--json").ok());
        assertEquals(before, Cli.run("lab", "--judge", run, "--json").ok(), "the folder says which lab it is");
        assertTrue(Files.exists(run.resolve("gradient-flow.png")));
        for (int seed = 1; seed <= 5; seed++)
            Files.copy(run.resolve("cut/seed-" + seed + "/autograd.npy"),
                    run.resolve("through-d/seed-" + seed + "/autograd.npy"), StandardCopyOption.REPLACE_EXISTING);
        var judged = Cli.run("lab", "--judge", run, "--json");
        assertEquals(5, judged.code());
        assertEquals("not shown", json(judged.out()).get("verdict"));
        Files.delete(run.resolve("cut/seed-3/floats.npy"));
        assertEquals(3, Cli.run("lab", "--judge", run).code(), "an array is gone");
    }

    @ParameterizedTest @ValueSource(strings = {"gradient-flow", "freeze", "dirac"}) void controlShowsNothing(String lab) throws IOException {
        var result = Cli.run("lab", lab, "--control", "--quick", "--seeds", 1, "--device", "scalar", "--out", folder.resolve(lab), "--json");
        assertEquals(5, result.code(), result.err());
        assertEquals("not shown", json(result.out()).get("verdict"));
    }

    /// Exact, so the lab itself is a test.
    @Test void dirac() throws IOException {
        Map<?, ?> json = json(Cli.run("lab", "dirac", "--quick", "--device", "scalar", "--out", folder.resolve("run"), "--json").ok());
        assertEquals("shown", json.get("verdict"), json.toString());
        assertEquals(14, ((List<?>) json.get("arms")).size());
        assertEquals(json, json(Cli.run("lab", "dirac", "--judge", folder.resolve("run"), "--json").ok()));
    }

    @Test void bitsDontDependOnThreads() throws IOException {
        Path one = folder.resolve("one"), three = folder.resolve("three");
        quickest(one, "--seeds", 3, "--threads", 1).ok();
        quickest(three, "--seeds", 3, "--threads", 3).ok();
        assertEquals(hashes(one), hashes(three));
        assertEquals(19, hashes(one).size(), "two arms, three seeds, three arrays, and the plan");
    }

    private static List<String> hashes(Path run) throws IOException {
        var hashes = new ArrayList<String>();
        try (var files = Files.walk(run)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".npy") || f.endsWith("lab.json")).sorted().toList())
                hashes.add(run.relativize(file) + " " + Cli.sha256(file));
        }
        return hashes;
    }

    @Test void goesOnWithWhatIsThere() throws IOException {
        Path run = folder.resolve("run"), trial = run.resolve("cut").resolve("seed-2");
        quickest(run, "--seeds", 2).ok();
        List<String> whole = hashes(run);
        for (String array : List.of("autograd", "differences", "floats")) Files.delete(trial.resolve(array + ".npy"));
        Files.delete(trial);
        var again = quickest(run, "--seeds", 2);
        assertTrue(again.err().contains("3 of 4 trials are there"), again.err());
        assertEquals(whole, hashes(run));
        fails(2, "holds another run of a lab", quickest(run, "--seeds", 3));
    }

    @Test void listsAllLabs() throws IOException {
        String said = Cli.run("lab", "--list").ok();
        for (String name : Labs.names()) assertTrue(said.contains(name + " "), name);
        assertEquals(Labs.ALL.size(), Cli.run("lab", "--list", "--json").ok().lines().count());
    }

    private static void fails(int code, String part, Cli.Result result) {
        assertEquals(code, result.code(), result.err());
        assertTrue(result.line().contains(part), result.line());
    }

    @Test void refuses() throws IOException {
        fails(2, "did you mean dirac?", Cli.run("lab", "dirak"));
        fails(2, "which lab? ", Cli.run("lab"));
        fails(2, "lab takes one name", Cli.run("lab", "dirac", "freeze"));
        fails(2, "exclude each other", Cli.run("lab", "dirac", "--quick", "--full"));
        fails(2, "--seeds 0: expected 1 to 1000", Cli.run("lab", "dirac", "--seeds", 0));
        fails(2, "makes its own data", Cli.run("lab", "dirac", "--data", folder));
        fails(2, "--judge trains nothing", Cli.run("lab", "dirac", "--judge", folder, "--seeds", 2));
        fails(2, "nearest: 'scalar'", Cli.run("lab", "dirac", "--quick", "--device", "scala"));
        fails(3, "holds no lab's run", Cli.run("lab", "dirac", "--judge", folder));
        Path none = folder.resolve("none");
        fails(2, "lab 'stacked' needs real digits", Cli.run("lab", "stacked", "--quick", "--out", none));
        assertFalse(Files.exists(none), "nothing was begun");
        Files.writeString(folder.resolve("notes.txt"), "mine");
        fails(2, "holds other files and no lab's run", Cli.run("lab", "dirac", "--out", folder));
        Path run = folder.resolve("run");
        quickest(run, "--seeds", 1).ok();
        fails(2, "is a run of lab 'gradient-flow', not of 'dirac'", Cli.run("lab", "dirac", "--judge", run));
        Files.writeString(run.resolve("lab.json"), "{\"lab\": \"dirac\"}");
        fails(3, "expected \"scale\"", Cli.run("lab", "--judge", run));
        assertFalse(Files.exists(Path.of("runs")), "nothing was begun beside");
    }
}
