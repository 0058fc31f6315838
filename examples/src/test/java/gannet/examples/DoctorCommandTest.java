package gannet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gannet.io.Json;
import gannet.kernel.BackEnd;
import gannet.kernel.BackEnds;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return DoctorCommand.run(List.of(arguments), new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String told() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test void tellsAboutJavaTheMachineAndEveryBackEnd() {
        assertEquals(0, run("--device", "auto"));
        for (String part : List.of(Runtime.version().toString(), System.getProperty("java.home"), "jdk.incubator.vector",
                System.getProperty("os.name"), " GiB", "\nchosen     "))
            assertTrue(told().contains(part), part + " is missing in:\n" + told());
        for (BackEnd each : BackEnds.all())
            assertTrue(told().contains("\n" + each.name() + " "), each.name() + " is missing in:\n" + told());
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    @Test void everyLineIsAligned() {
        run();
        told().lines().filter(line -> !line.isEmpty()).forEach(line ->
                assertTrue(line.charAt(10) == ' ' && line.charAt(11) != ' ', "not aligned: " + line));
    }

    @Test void jsonHoldsTheSame() throws Exception {
        assertEquals(0, run("--json", "--device", "scalar"));
        assertEquals(1, told().lines().count());
        var found = (Map<?, ?>) Json.parse("doctor", told());
        assertEquals("scalar", found.get("asked"));
        assertTrue(found.get("chosen").toString().startsWith("device: scalar ("), told());
        assertNull(found.get("problem"));
        assertEquals(ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(), found.get("vectorModule"));
        assertEquals(found.get("vectorModule"), found.get("vectorBits") instanceof Long);
        assertEquals(BackEnds.all().stream().map(BackEnd::name).toList(),
                ((List<?>) found.get("devices")).stream().map(each -> ((Map<?, ?>) each).get("name")).toList());
    }

    @Test void onlyADeviceAskedForByNameCanBeAnError() {
        var missing = BackEnds.all().stream().filter(each -> !each.missing().isEmpty()).findFirst();
        assumeTrue(missing.isPresent(), "every back end on the class path is available here");
        String name = missing.get().name(), why = missing.get().missing();
        assertEquals(0, run("--device", "auto"));
        assertTrue(told().contains("no: " + why), told());
        assertEquals(69, run("--device", name));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains(why), err.toString(StandardCharsets.UTF_8));
        assertTrue(told().contains("chosen     none: device '" + name + "' can't be had"), told());
    }

    @Test void badInputSaysWhatWasExpected() {
        assertTrue(assertThrows(UsageException.class, () -> run("--device", "sclar")).getMessage().contains("nearest: 'scalar'"));
        assertTrue(assertThrows(UsageException.class, () -> run("now")).getMessage().contains("doctor takes no 'now'"));
    }
}
