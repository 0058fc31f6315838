package gannet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.gan.Alternation;
import gannet.gan.penalty.Penalties;
import gannet.io.FormatException;
import gannet.io.Json;
import gannet.optim.Adam;
import gannet.optim.RmsProp;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test void defaultsAreThePapers() {
        Settings dcgan = Settings.of(Map.of());
        assertEquals(Recipe.DCGAN, dcgan.recipe());
        assertEquals(2000, dcgan.steps());
        assertEquals(64, dcgan.batch());
        assertEquals(2e-4, dcgan.number("lr-g"));
        assertEquals(2e-4, dcgan.number("lr-d"));
        assertEquals(Adam.DCGAN, dcgan.rule());
        assertEquals("modified-minimax", dcgan.loss().name());
        assertEquals(Alternation.steps(1, 1), dcgan.alternation(1));
        assertEquals(Norm.BATCH, dcgan.norm());

        Settings clipped = Settings.of(Map.of("loss", "wasserstein", "clip", 0.01));
        assertEquals(RmsProp.WGAN, clipped.rule());
        assertEquals(5e-5, clipped.number("lr-d"));
        assertEquals(Alternation.steps(5, 1), clipped.alternation(1));

        Settings penalised = Settings.of(Map.of("loss", "wasserstein", "penalty", "gradient"));
        assertEquals(new Adam(0, 0.9, 1e-8), penalised.rule());
        assertEquals(1e-4, penalised.number("lr-g"));
        assertEquals(List.of(new Penalties.Setting("gradient", 10)), penalised.penalties());
        assertEquals("none", penalised.text("norm-d"), "batch norm has no gradient per sample");
    }

    @Test void goThroughJsonAndBack() throws FormatException {
        Settings before = Settings.of(Map.of("recipe", "mlp", "penalty", "gradient:0.5", "alternate", "2:1epochs", "time", "90s", "lr-g", 1e-3));
        var after = Settings.fromJson("config.json", Json.parse("config.json", Json.lines(before.values())));
        assertEquals(before.values(), after);
        assertEquals(90, before.seconds());
        assertEquals(Alternation.epochs(2, 1, 7), before.alternation(7));
    }

    @Test void refusesWrongValues() {
        refuses("wasserstein needs a Lipschitz device", Map.of("loss", "wasserstein"));
        refuses("did you mean minimax?", Map.of("loss", "minmax"));
        refuses("did you mean dcgan?", Map.of("recipe", "dcgam"));
        refuses("no penalty 'r3'", Map.of("penalty", "r3"));
        refuses("a weight above 0", Map.of("penalty", "gradient:-1"));
        refuses("such as 5:1", Map.of("alternate", "5"));
        refuses("such as 90s", Map.of("time", "ten"));
        refuses("--lr-g 0.0: expected a number above 0", Map.of("lr-g", 0.0));
        refuses("--lr-g 1.0E-50: expected a number above 0 that a 32-bit float holds", Map.of("lr-g", 1e-50));
        refuses("--lr-d 1.0E40: expected a number above 0 that a 32-bit float holds", Map.of("lr-d", 1e40));
        refuses("--clip 1.0E-60: expected", Map.of("clip", 1e-60));
        refuses("a weight above 0 that a 32-bit float holds", Map.of("penalty", "gradient:1e-60"));
        refuses("did you mean tf32? there are: fp32, tf32, tf32x3", Map.of("precision", "tf23"));
        refuses("--steps 0: expected at least 1", Map.of("steps", 0L));
        refuses("there are: batch, layer, spectral, none", Map.of("norm-d", "lair"));
        refuses("leave the option out", Map.of("recipe", "mlp", "norm-d", "batch"));
        Settings.of(Map.of("loss", "wasserstein-unconstrained"));
    }

    private static void refuses(String part, Map<String, Object> typed) {
        String message = assertThrows(UsageException.class, () -> Settings.of(typed)).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test void refusesAConfigurationOfWrongTypes() {
        var e = assertThrows(FormatException.class, () -> Settings.fromJson("c.json", Map.of("batch", "many")));
        assertEquals("c.json: 'batch' is many, expected a whole number", e.getMessage());
        var u = assertThrows(UsageException.class, () -> Settings.fromJson("c.json", Map.of("bacth", 1L)));
        assertEquals("there is no setting 'bacth'; did you mean 'batch'?", u.getMessage());
    }
}
