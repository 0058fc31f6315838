package gannet.examples.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gannet.examples.Cli;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every lab that makes its own data, trained for real over all its seeds: shown, and without the remedy not. Most of an hour, so for `mvn -Pnightly verify`.
@EnabledIfSystemProperty(named = "gannet.labs", matches = "true", disabledReason = "trains every lab: mvn -Pnightly verify")
class LabRunsTest {
    private static final Set<String> NEED_REAL_DATA = Set.of("stacked", "cgan");

    @TempDir Path folder;

    static List<String> names() {
        return Labs.names().stream().filter(name -> !NEED_REAL_DATA.contains(name)).toList();
    }

    @ParameterizedTest @MethodSource("names") void isShown(String lab) {
        Cli.run("lab", lab, "--quick", "--out", folder).ok();
    }

    @ParameterizedTest @MethodSource("names") void controlIsNotShown(String lab) {
        var run = Cli.run("lab", lab, "--quick", "--control", "--out", folder);
        assertEquals(LabCommand.NOT_SHOWN, run.code(), run.out() + run.err());
    }
}
