package gannet.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.io.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaseTest {
    /// As the peers' programs print them.
    private static final String NAMES = """
            sgemm_256x256x256 sgemm_512x512x512 sgemm_1024x1024x1024 sgemm_2048x2048x2048
            sgemm_64x6272x100 sgemm_16384x256x2048 sgemm_4096x512x4096 sgemm_65536x64x48
            conv_1x28x28-64_k4s2p1_fwd conv_1x28x28-64_k4s2p1_fwdbwd conv_64x14x14-128_k4s2p1_fwd conv_64x14x14-128_k4s2p1_fwdbwd
            conv_3x64x64-64_k4s2p1_fwd conv_3x64x64-64_k4s2p1_fwdbwd conv_128x16x16-256_k4s2p1_fwd conv_128x16x16-256_k4s2p1_fwdbwd
            conv_256x8x8-512_k4s2p1_fwd conv_256x8x8-512_k4s2p1_fwdbwd conv_64x32x32-64_k3s1p1_fwd conv_64x32x32-64_k3s1p1_fwdbwd
            convT_128x7x7-64_k4s2p1_fwd convT_128x7x7-64_k4s2p1_fwdbwd convT_512x4x4-256_k4s2p1_fwd convT_512x4x4-256_k4s2p1_fwdbwd
            convT_128x16x16-64_k4s2p1_fwd convT_128x16x16-64_k4s2p1_fwdbwd convT_64x32x32-3_k4s2p1_fwd convT_64x32x32-3_k4s2p1_fwdbwd
            step_mlp step_dcgan28 step_dcgan64 step_wgan-gp28""";

    @Test void theNamesAreThePeers() {
        assertEquals(List.of(NAMES.split("\\s+")), Case.all().stream().map(Case::name).filter(name -> !name.startsWith(CostCases.PREFIX)).toList());
    }

    @Test void theWorkIsCountedAsThePeersCountIt() {
        assertEquals(2.0 * 4096 * 512 * 4096, flop("sgemm_4096x512x4096"));
        assertEquals(2.0 * 64 * 64 * 128 * 16 * 7 * 7, flop("conv_64x14x14-128_k4s2p1_fwd"));
        assertEquals(2.0 * 64 * 128 * 64 * 16 * 7 * 7, flop("convT_128x7x7-64_k4s2p1_fwd"));
        assertEquals(3 * 2.0 * 64 * 64 * 64 * 9 * 32 * 32, flop("conv_64x32x32-64_k3s1p1_fwdbwd"));
        for (Case each : Case.all()) assertEquals(each.name().matches("(step|cost)_.*") ? 64 : 0, each.images(), each.name());
    }

    private static double flop(String name) {
        return Case.all().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow().flop();
    }

    @Test void aLineIsRoundedAndOrderedAsThePeersHaveIt() {
        var of = new Measurement(2.00004, 1.50005, 7, 3.99996, 0.126);
        assertEquals("""
                {"peer":"gannet","case":"c","threads":2,"median_ms":2.0,"min_ms":1.5001,"reps":7,"cpu_ms":4.0,"others":0.13,"gflops":1.5}""",
                Json.line(new Case("c", 3e6, 0, _ -> null).line(2, of, 0)));
        String step = Json.line(new Case("s", 0, 64, _ -> null).line(1, new Measurement(640, 600, 5, 640, Double.NaN), 0));
        assertTrue(step.endsWith("\"others\":null,\"images_per_s\":100.0}"), step);
        String cost = Json.line(new Case("cost_s", 0, 64, _ -> null).line(1, new Measurement(640, 600, 5, 640, Double.NaN), 12_345_678));
        assertTrue(cost.endsWith("\"images_per_s\":100.0,\"workspace_mb\":12.35}"), cost);
    }
}
