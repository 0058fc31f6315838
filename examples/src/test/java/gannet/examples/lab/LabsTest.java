package gannet.examples.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.examples.lab.Lab.Scale;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every lab owes.
class LabsTest {
    private static final Set<String> MODES = Set.of("remedy", "strength", "loss", "penalty", "beta1", "steps of D to one of G", "group of the minibatch stddev");

    /// The settings that are the remedy's: arms of a lab may differ in these and in no others.
    static final Map<String, Set<String>> REMEDIES = Map.ofEntries(
            Map.entry("alternating", Set.of("turns")),
            Map.entry("preflight", Set.of("D sees x times")),
            Map.entry("convergence", Set.of("width of D")),
            Map.entry("overrun", Set.of("stops and keeps the best")),
            Map.entry("generative", Set.of("model", "steps")),
            Map.entry("prior", Set.of("prior")),
            Map.entry("noise", Set.of("sigma, linear to 0")),
            Map.entry("roth", Set.of("regulariser", "strength")),
            Map.entry("weight-penalties", Set.of("regulariser", "strength")),
            Map.entry("ring8", MODES),
            Map.entry("grid25", MODES),
            Map.entry("unrolled", Set.of("unroll")),
            Map.entry("stacked", Set.of("unroll", "pack")),
            Map.entry("density-ratio", Set.of("steps of D")),
            Map.entry("freeze", Set.of("loop", "freeze")),
            Map.entry("gradient-flow", Set.of("gradient through D")),
            Map.entry("dirac", Set.of("loss", "remedy", "strength", "alternating")),
            Map.entry("wasserstein-w1", Set.of("loss", "penalty", "one-sided", "clip")),
            Map.entry("cgan", Set.of("labels times")),
            Map.entry("vanishing", Set.of("loss", "penalty", "weight of the penalty")));

    static List<String> names() {
        return Labs.names();
    }

    @ParameterizedTest @MethodSource("names") void tellsAllOfItself(String name) {
        Lab.About about = Labs.named(name).about();
        assertTrue(name.matches("[a-z][a-z0-9-]*"), name);
        assertEquals(1, Labs.names().stream().filter(name::equals).count(), name + " is there once");
        for (String text : List.of(about.claim(), about.source())) assertTrue(!text.isBlank() && !text.contains("\n"), name + ": '" + text + "'");
        assertTrue(!about.published().contains("\n"), about.published());
        assertTrue(about.minutes() > 0 && about.quickMinutes() > 0 && about.quickMinutes() <= about.minutes() && about.seeds() >= 1, about.toString());
    }

    @ParameterizedTest @MethodSource("names") void armsDifferInTheRemedysSettingsOnly(String name) throws IOException {
        Set<String> remedy = REMEDIES.get(name);
        assertTrue(remedy != null, "name in REMEDIES the settings that are the remedy of lab '" + name + "'");
        var everDiffering = new HashSet<String>(); // not every scale has every remedy
        for (Scale scale : Scale.values()) {
            List<Arm> arms = Labs.named(name).arms(scale, false), control = Labs.named(name).arms(scale, true);
            assertTrue(remedy.containsAll(differing(arms)), name + ", " + scale + ": " + differing(arms));
            everDiffering.addAll(differing(arms));
            assertTrue(remedy.containsAll(differing(control)), name + " with --control, " + scale + ": " + differing(control));
            assertEquals(arms.stream().map(Arm::name).toList(), control.stream().map(Arm::name).toList(), name);
            for (int i = 0; i < arms.size(); i++)
                assertTrue(remedy.containsAll(differing(List.of(arms.get(i), control.get(i)))),
                        name + ": --control changes more than the remedy of " + arms.get(i).name());
        }
        assertEquals(remedy, everDiffering, name);
    }

    /// Names of arms are names of folders.
    @ParameterizedTest @MethodSource("names") void armsHaveNamesOfTheirOwn(String name) throws IOException {
        List<Arm> arms = Labs.named(name).arms(Scale.NORMAL, false);
        assertTrue(arms.size() >= 2, name);
        assertEquals(arms.size(), arms.stream().map(Arm::name).distinct().count(), name);
        for (Arm arm : arms) assertTrue(arm.name().matches("[A-Za-z0-9][A-Za-z0-9 .=+-]*"), arm.name());
    }

    private static Set<String> differing(List<Arm> arms) {
        Set<String> keys = new TreeSet<>();
        for (Arm arm : arms) {
            assertEquals(new HashSet<>(arms.getFirst().settings().keySet()), new HashSet<>(arm.settings().keySet()), "settings of " + arm.name());
            for (var setting : arm.settings().entrySet())
                if (!setting.getValue().equals(arms.getFirst().settings().get(setting.getKey()))) keys.add(setting.getKey());
        }
        return keys;
    }
}
